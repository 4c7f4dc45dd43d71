"""What travels between the doors and the desk. Addresses are `TON.NPI.digits`, as SMPP names
them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from smpp.alphabets import Default
from smpp.text import Fragment


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message, or one part of one, that stays unacknowledged until the desk has kept it."""

    id: int
    bind: int  # which bind it came by
    link: str
    fingerprint: bytes  # equal for the same message sent again
    phone: str  # eleven digits; empty if the sender is no mobile subscriber
    source: str
    port: str  # the service number it was sent to
    text: str
    fragment: Fragment | None = None
    default: Default = Default.GSM7  # what data_coding 0 means on its link
    asserted: bool = True  # the link vouches for the sender's number


class Entry(NamedTuple):
    """A message in the journal: what it asked, how that ended, its words without secrets."""

    message: Arrived
    action: str
    result: str
    heard: str = ""
    same_as: int = 0  # the message that it repeats


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to a subscriber, kept in the outbox until the peer has taken it."""

    id: int
    link: str  # the way it should leave by
    source: str
    destination: str
    text: str
    secret: bool = False
    receipt: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """The peer has taken a message, or it is given up. `reason`: the peer's message id, or why
    not."""

    id: int
    accepted: bool
    at_ms: int
    link: str
    message_ids: tuple[str, ...] = ()  # of its parts, where receipts are expected
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Receipted:
    """The peer says what became of a message."""

    id: int
    link: str
    message_ids: tuple[str, ...]  # every form in which the id may have been given
    state: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Proven:
    """The peer has read our answers to a bind's messages up to an id."""

    bind: int
    upto: int


@dataclass(frozen=True, slots=True)
class BindBegan:
    bind: int
    link: str


@dataclass(frozen=True, slots=True)
class BindEnded:
    """What the peer had not seen answered may come again, by any bind."""

    bind: int
    upto: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Asks for messages that wait in the outbox, oldest first, beyond those already in hand."""

    limit: int


@dataclass(frozen=True, slots=True)
class Tidy:
    """Asks for one small step of housekeeping."""

    now: int


Work = Arrived | Settled | Receipted | Proven | BindBegan | BindEnded | Waiting | Tidy
