"""What became of messages: masked, or in full while a look-up with a reason is open."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from gateway.api.act import REVEAL, Act
from gateway.api.guard import Routes, Runs
from gateway.api.models import AskedMoment, Told
from gateway.api.problems import Problem
from gateway.api.routes.subscribers import READ, is_open, own_lookup
from gateway.channels.smpp.written_pdus import pdus_of
from gateway.model.message_id import floor_at
from gateway.model.tracing.message_trace import TracedMessage
from gateway.operators.message_traces import numbers_in, shown
from gateway.store.operators.lookups import Lookup
from gateway.store.operators.message_trace import MessageTrace

routes = Routes("trace")
AskedLookup = Annotated[
    str,
    Query(
        pattern="^[A-Za-z0-9_-]{22}$",
        description="of one's own: POST /api/v1/subscribers/lookups; with a reason in full",
    ),
]
MessageId = Annotated[
    str,
    Path(pattern="^[0-9]{1,18}$", description="of a message or of an answer, as the log has it"),
]
Limit = Annotated[int, Query(ge=1, le=200)]


class ReceiptTold(Told):
    smsc: str
    smsc_id: str
    state: str
    at: str


class PduTold(Told):
    """A submit_sm as the link writes it today; `octets` in hexadecimal, with sequence number 0."""

    source: str = Field(description="TON.NPI.address")
    destination: str
    esm_class: int
    data_coding: int
    registered_delivery: int
    text_octets: int
    octets: str


class SendingTold(Told):
    """`state`: waiting, accepted by the peer, failed. `submits` counts every PDU of its parts,
    `answer_ms` is how long the peer took to accept the last; 0: less than one, or not known.
    `pdus` are told in full only, while the words are kept and its link is configured."""

    id: str
    sent_as: str = Field(alias="as")
    to: str = ""
    sender: str = Field(default="", alias="from")
    link: str = ""
    words: str = ""
    state: str
    at: str = ""
    not_before: str = ""
    why: str = ""
    written: str = ""
    pdus: list[PduTold] = Field(default_factory=list)
    parts: int = 0
    submits: int = 0
    answer_ms: int = 0
    smsc_ids: list[str] = Field(default_factory=list)
    receipts: list[ReceiptTold] = Field(default_factory=list)


class MessageTold(Told):
    """One message, and what it led to. `texts` are the names of those that answered it, `rules` say
    which rule that was. It came by connection `bind` to `smsc`; `pdu` is the same for the same PDU
    sent again."""

    id: str
    at: str
    number: str = ""
    channel: str = ""
    to: str = ""
    link: str = ""
    smsc: str = ""
    bind: str = ""
    pdu: str = ""
    said: str = ""
    understood: str = ""
    action: str = ""
    could_have_been: list[str] = Field(default_factory=list)
    menu: str = ""
    chosen: list[str] = Field(default_factory=list)
    result: str = ""
    texts: list[str] = Field(default_factory=list)
    rules: list[str] = Field(default_factory=list)
    offers: list[str] = Field(default_factory=list)
    repeats: str = ""
    late_since: str = ""
    order: dict[str, str] | None = None
    boss: dict[str, str | int] | None = None
    call: dict[str, str | int] | None = None
    sent: list[SendingTold]


class TraceTold(Told):
    """The oldest message first."""

    masked: bool
    messages: list[MessageTold]


@routes.get("/trace", READ, Runs.LOOKING, refusals=(404,))
def of_number(
    act: Act,
    lookup: AskedLookup,
    since: AskedMoment | None = None,
    until: AskedMoment | None = None,
    limit: Limit = 20,
) -> TraceTold:
    """What a number sent lately, how it was understood, why it was answered so, what left."""
    found = own_lookup(act, lookup)
    between = {
        name: floor_at(moment.timestamp())
        for name, moment in (("since", since), ("until", until))
        if moment is not None
    }
    messages = MessageTrace(act.connection, act.store.seal).of_number(
        found.msisdn, limit, **between
    )
    return _told(act, messages, found)


@routes.get("/trace/{message}", READ, Runs.LOOKING, refusals=(404,))
def of_message(act: Act, message: MessageId, lookup: AskedLookup | None = None) -> TraceTold:
    """One message with all that it led to; in full with a look-up of its number."""
    return _told(act, *found_message(act, message, lookup))


def found_message(
    act: Act, id: str, lookup: str | None
) -> tuple[list[TracedMessage], Lookup | None]:
    """Raises Problem."""
    messages = MessageTrace(act.connection, act.store.seal).of_id(int(id))
    if not messages:
        raise Problem(404, "the journal has no such message; it may be too old")
    found = own_lookup(act, lookup) if lookup else None
    if found is not None and any(one.phone != found.msisdn for one in messages):
        raise Problem(404, "that look-up is of another number", about=messages[0].phone)
    return messages, found


def _told(act: Act, messages: list[TracedMessage], lookup: Lookup | None) -> TraceTold:
    """With its audit rows."""
    full = lookup is not None and is_open(act, lookup)
    whose = numbers_in(messages) or ([lookup.msisdn] if lookup else [""])
    for number in whose:
        act.note(
            action=str(REVEAL if full else READ), subscriber=number,
            reason=lookup.reason if lookup else "", result=f"trace: {len(messages)} messages",
        )  # fmt: skip
    return TraceTold(masked=not full, messages=[_message(act, one, full=full) for one in messages])


def _message(act: Act, one: TracedMessage, *, full: bool) -> MessageTold:
    told = shown(one, act.context.zone, full=full)
    links = {link.name: link for link in act.context.settings.smpp.links}
    for sent, each in zip(one.sent, told["sent"], strict=True):
        if full and sent.link in links:
            each["pdus"] = [pdu._asdict() for pdu in pdus_of(sent, links[sent.link])]
    return MessageTold(**told)
