"""One message from its arrival to its last receipt, as the journal tells it."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.model.tracing.answer_reason import AnswerReason
from gateway.model.tracing.left_as import LeftAs


@dataclass(frozen=True, slots=True)
class TracedReceipt:
    """`state` is empty until the SMSC has told one."""

    smsc: str
    name: str  # what the SMSC calls the message
    state: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class TracedSending:
    """Something that was sent to a subscriber. `state`: waiting, leaving, accepted by the peer,
    failed, perhaps sent: it may have arrived, and is not sent again."""

    id: int
    link: str
    screen: bool  # of USSD; else a short message
    source: str
    destination: str
    words: str  # empty where they are not kept any more, or carried a secret
    secret: bool
    state: str
    after_ms: int  # it was to wait until then
    settled_ms: int
    reason: str
    left: LeftAs
    receipts: tuple[TracedReceipt, ...]
    addresses: tuple[str, str] | None = None  # from and to, as TON.NPI.address
    receipt: bool = False  # the peer was asked for one, whatever the link asks for


@dataclass(frozen=True, slots=True)
class TracedOrder:
    """What was proposed to be confirmed. `level`: what had been proven by then, 2 for A2."""

    action: str
    state: str
    level: int
    interface: str
    operator: str
    shown_at: int
    answered_at: int
    answer: str
    outcome: str


@dataclass(frozen=True, slots=True)
class TracedErrand:
    """What the BOSS was asked to do. `result`: done, refused, dropped; empty: not yet."""

    action: str
    level: int
    tries: int
    placed_at: int
    settled_at: int
    result: str


@dataclass(frozen=True, slots=True)
class TracedCall:
    """A call that is over, at the message that says so."""

    lasted_ms: int
    ended: str
    answers: int
    queue: str
    waited_ms: int


@dataclass(frozen=True, slots=True)
class TracedMessage:
    """What came from a subscriber, or for one (`action` reminder or notice …): how it was
    understood and answered, and what was sent. `words`: with their secrets cut out; empty where
    they are not kept any more."""

    id: int
    phone: str
    channel: str
    port: str
    link: str  # it came by; empty: not by a bind
    words: str
    action: str
    result: str
    why: AnswerReason
    refused: tuple[str, ...] = ()  # the texts that refused it
    offers: tuple[tuple[str, str], ...] = ()  # by code: shown, taken, refused
    same_as: int = 0  # the message that it repeats
    late_ms: int = 0  # when it was served, if late
    turned_away: bool = False  # the peer was told to send it again
    order: TracedOrder | None = None
    errand: TracedErrand | None = None
    call: TracedCall | None = None
    bind: int = 0  # the connection that it came by
    smsc: str = ""  # the group of SMSCs that this led to
    mark: str = ""  # the same for the same PDU sent again; nothing can be read from it
    sent: tuple[TracedSending, ...] = ()
