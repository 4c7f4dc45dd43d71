"""`hallgate trace`: what was sent, how it was understood, why it was answered so, what became of
it. From the journal alone: no gateway need run."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from commands.model.parameters import ParameterKind
from gateway.cli.acting import acting, add_actor
from gateway.cli.verb import add_verb, settings_of
from gateway.model.message_id import floor_at
from gateway.model.operators.refusals import ActRefusal, NothingSuch
from gateway.model.tracing.message_trace import TracedMessage
from gateway.operators.message_traces import lines, numbers_in, shown
from gateway.store.opening import prepared_store
from gateway.store.operators.message_trace import MessageTrace

_MOST = 1_000


def add(verbs: Any, help: str) -> None:
    example = "hallgate trace 13800138001 --since 2026-12-01T09:00 --reason 'ticket 20261201001'"
    verb = add_verb(verbs, "trace", trace, help, example)
    verb.add_argument(
        "what", metavar="NUMBER|ID", help="eleven digits, or the id of a message or an answer"
    )
    verb.add_argument("--since", default="", metavar="TIME", help="of a number: not before")
    verb.add_argument("--until", default="", metavar="TIME", help="of a number: before")
    verb.add_argument(
        "--limit", type=_limit, default=20, metavar="N", help="of a number: the latest (20)"
    )
    verb.add_argument("--json", action="store_true", help="for programs")
    add_actor(verb, "subscribers.read")


def _limit(written: str) -> int:
    if written.isascii() and written.isdigit() and 1 <= int(written) <= _MOST:
        return int(written)
    raise argparse.ArgumentTypeError(f"'{written}' is no number from 1 to {_MOST}")


def trace(chosen: argparse.Namespace) -> int:
    """Masked without a reason. Each number that is shown is in the audit."""
    settings, full = settings_of(chosen), bool(chosen.reason)
    zone = settings.service.zone
    with prepared_store(settings) as store, acting(chosen, store) as act:
        if full:
            act.must("subscribers.reveal")
        found = _found(MessageTrace(act.connection, store.seal), chosen, zone)
        whose = numbers_in(found)
        asked = ParameterKind.MSISDN.clean(chosen.what)
        action = "subscribers.reveal" if full else "subscribers.read"
        result = f"trace: {len(found)} messages"
        act.note(action, *(whose or ([asked] if asked else [])), result=result)
    told = [shown(one, zone, full=full) for one in found]
    if chosen.json:
        print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        return 0
    for one in told:
        print("\n".join(lines(one)), end="\n\n")
    print(f"{len(told)} messages")
    if told and not full:
        print("Masked; with --reason WORDS numbers and words are shown in full.", file=sys.stderr)
    return 0


def _found(traced: MessageTrace, chosen: argparse.Namespace, zone: ZoneInfo) -> list[TracedMessage]:
    """Raises ActRefusal."""
    if number := ParameterKind.MSISDN.clean(chosen.what):
        since = _floor(chosen.since, zone) if chosen.since else 0
        until = {"until": _floor(chosen.until, zone)} if chosen.until else {}
        return traced.of_number(number, chosen.limit, since, **until)
    if not (chosen.what.isascii() and chosen.what.isdigit() and len(chosen.what) <= 18):
        raise ActRefusal(f"'{chosen.what}' is neither eleven digits nor the id of a message")
    if not (found := traced.of_id(int(chosen.what))):
        raise NothingSuch(f"the journal has no message {chosen.what}; it may be too old")
    return found


def _floor(written: str, zone: ZoneInfo) -> int:
    """Raises ActRefusal."""
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        raise ActRefusal(f"'{written}' is no moment: write 2026-12-01T09:00") from None
    return floor_at((read if read.tzinfo else read.replace(tzinfo=zone)).timestamp())
