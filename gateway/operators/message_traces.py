"""Messages with their answers as they are shown: in full to who may see that, else masked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Any, Final

from commands.parser.masking import HIDDEN, masked_number, without_digits
from gateway.model.message_id import moment_of
from gateway.model.tracing.message_trace import TracedMessage, TracedReceipt, TracedSending
from gateway.operators.answer_rules import HOW, rules_of
from smpp.messages.segmentation import text_length

Shown = dict[str, Any]
_PERSON: Final = 11  # digits of a mobile number
_FIGURES: Final = re.compile(r"\d[\d.,*]*")


def shown(one: TracedMessage, zone: tzinfo, *, full: bool) -> Shown:
    """What there is of it; what there is not is left out."""
    why, order, errand, call = one.why, one.order, one.errand, one.call
    told: Shown = {
        "id": str(one.id),  # more than a JavaScript number holds
        "at": at(round(moment_of(one.id) * 1000), zone),
        "number": _number(one.phone, full=full),
        "channel": one.channel,
        "to": one.port,
        "link": one.link,
        "smsc": one.smsc,
        "bind": str(one.bind or ""),
        "pdu": one.mark if one.bind else "",
        "said": one.words if full else masked_words(one.words),
        "understood": HOW.get(why.how, why.how),
        "action": one.action,
        "could_have_been": list(why.also),
        "menu": why.menu,
        "chosen": list(why.path),
        "result": one.result,
        "texts": list(why.says),
        "rules": rules_of(one),
        "offers": [f"{code} {result}" for code, result in one.offers],
        "repeats": str(one.same_as or ""),
        "late_since": at(one.late_ms, zone),
    }
    if order:
        told["order"] = {
            "action": order.action, "state": order.state, "proof": f"A{order.level}",
            "interface": order.interface, "operator": order.operator,
            "shown": at(order.shown_at * 1000, zone),
            "answered": at(order.answered_at * 1000, zone), "outcome": order.outcome,
        }  # fmt: skip
    if errand:
        told["boss"] = {
            "action": errand.action, "proof": f"A{errand.level}", "tries": errand.tries,
            "placed": at(errand.placed_at * 1000, zone),
            "settled": at(errand.settled_at * 1000, zone), "result": errand.result or "waiting",
        }  # fmt: skip
    if call:
        told["call"] = {
            "seconds": call.lasted_ms // 1000, "ended_by": call.ended, "answers": call.answers,
            "person": call.queue, "waited_seconds": call.waited_ms // 1000,
        }  # fmt: skip
    told["sent"] = [_sending(each, zone, full=full) for each in one.sent]
    return {name: value for name, value in told.items() if value not in ("", []) or name == "sent"}


def numbers_in(found: Iterable[TracedMessage]) -> list[str]:
    """Whose numbers are shown with these, for the audit."""
    named = {one.phone for one in found} | {sent.destination for one in found for sent in one.sent}
    return sorted(number for number in named if len(number) == _PERSON)


def _sending(one: TracedSending, zone: tzinfo, *, full: bool) -> Shown:
    told: Shown = {
        "id": str(one.id),
        "as": "ussd screen" if one.screen else "sms",
        "to": _number(one.destination, full=full),
        "from": one.source,
        "link": one.link,
        "words": "(secret)" if one.secret else _told_words(one.words, full=full),
        "state": one.state,
        "at": at(one.settled_ms, zone),
        "not_before": at(one.after_ms, zone),
        "why": one.reason,
        "written": _written(one),
        "parts": one.left.parts,
        "submits": one.left.submits,
        "answer_ms": one.left.answer_ms,
        "smsc_ids": list(one.left.names),
        "receipts": [_receipt(each, zone) for each in one.receipts],
    }
    return {name: value for name, value in told.items() if value not in ("", 0, [], None)}


def _written(one: TracedSending) -> str:
    """How long its words are, and for how many there is room: UCS2 46/70."""
    if one.screen or not one.words:
        return ""
    alphabet, units, parts = text_length(one.words)
    room = alphabet.alone if parts == 1 else parts * alphabet.chained
    return f"{alphabet.name} {units}/{room}"


def _receipt(one: TracedReceipt, zone: tzinfo) -> Shown:
    state = one.state or "expected"
    return {"smsc": one.smsc, "smsc_id": one.name, "state": state, "at": at(one.at_ms, zone)}


def lines(one: Shown) -> Iterator[str]:
    """For people: a block for each message, one thing a line."""
    yield f"{one['at']}  {one['channel']}  {one['number']}  id {one['id']}"
    for name, value in one.items():
        if name in ("at", "channel", "number", "id", "sent"):
            continue
        yield f"  {name.replace('_', ' '):<16}{_told(value)}"
    for sending in one["sent"]:
        yield f"  {'sent':<16}{sending['as']} to {sending.get('to', '?')}: {sending['state']}"
        for name, value in sending.items():
            if name in ("as", "to", "state"):
                continue
            if name == "receipts":
                for receipt in value:
                    yield f"    {'receipt':<14}{_told(receipt)}"
            else:
                yield f"    {name.replace('_', ' '):<14}{_told(value)}"
    if not one["sent"]:
        yield f"  {'sent':<16}nothing"


def _told(value: object) -> str:
    if isinstance(value, dict):
        return "  ".join(f"{name} {each}" for name, each in value.items() if each not in ("", 0))
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def at(milliseconds: int, zone: tzinfo) -> str:
    """With its zone; empty for what has not been."""
    if not milliseconds:
        return ""
    moment = datetime.fromtimestamp(milliseconds / 1000, zone)
    return moment.isoformat(sep=" ", timespec="milliseconds")


def _number(number: str, *, full: bool) -> str:
    """Short numbers, such as 10086, are no persons."""
    return number if full or len(number) < _PERSON else masked_number(number)


def masked_words(words: str) -> str:
    """What was written or pressed, without the numbers that could be a secret."""
    return without_digits(words)


def _told_words(words: str, *, full: bool) -> str:
    """What was said to somebody: without any figure, for it may be his balance."""
    return words if full else _FIGURES.sub(HIDDEN, words)
