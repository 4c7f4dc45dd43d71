"""What travels between the channels and the desk."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from commands.model.request import Channel
from gateway.model.address import Address
from gateway.model.call_record import CallRecord
from gateway.model.doors import DoorInput
from gateway.model.operators.audit import AuditEntry
from gateway.model.queue_return import QueueReturn
from gateway.model.session_state import SessionState
from smpp.messages.alphabets import CodingMeaning, DefaultAlphabet
from smpp.messages.segmentation import Fragment


class ScreenAct(StrEnum):
    """What a message does in a USSD dialogue or a call."""

    BEGIN = "begin"  # from us: a first screen that nobody dialled for
    ON = "on"  # it goes on: from us, a screen that waits for an input
    END = "end"  # it is over: from us the last words, from the network an abort
    NOTE = "note"  # only from us: a screen that nobody dialled for, and nobody answers
    AGAIN = "again"  # of a call: it was there before us, and shall hear where it stands
    BACK = "back"  # of a call: it comes back from the queue for people


class OutgoingScreen(NamedTuple):
    """How a message leaves as a screen of a USSD dialogue. After `until_ms` nobody sees it any
    more: then it leaves by the link `otherwise`, from `source`, as a short message, or, if there is
    no such link, not at all."""

    act: ScreenAct
    session: str
    until_ms: int
    otherwise: str = ""
    source: Address | None = None


class ShortMessage(NamedTuple):
    """A short message, or one part of one, that stays unacknowledged until the desk has kept it."""

    id: int
    bind: int  # which bind it came by
    link: str
    fingerprint: bytes  # equal for the same message sent again
    phone: str  # eleven digits; empty if the sender is no mobile subscriber
    source: Address
    port: Address  # the service number it was sent to
    text: str
    fragment: Fragment | None = None
    default: CodingMeaning = DefaultAlphabet.GSM7  # what data_codings mean on its link
    asserted: bool = True  # the link vouches for the sender's number
    like_is_unanswered: bool = False  # its like came before by the same bind, and has no answer yet

    @property
    def channel(self) -> Channel:
        return Channel.SMS

    @property
    def dialogue(self) -> str:
        """What it goes on with: where the subscriber stands is kept under this name."""
        return f"sms:{self.phone}"


class UssdInput(NamedTuple):
    """What a phone says in a USSD dialogue; unacknowledged like a short message. `session` is what
    the network calls the dialogue."""

    id: int
    bind: int
    link: str
    fingerprint: bytes
    phone: str
    source: Address
    port: Address
    act: ScreenAct
    session: str
    text: str
    asserted: bool = True
    unseen: bool = False  # it was typed before the last screen had left: it answers none
    like_is_unanswered: bool = False  # its like came before by the same bind, and has no answer yet

    @property
    def channel(self) -> Channel:
        return Channel.USSD

    @property
    def dialogue(self) -> str:
        return f"ussd:{self.phone}"


class CallInput(NamedTuple):
    """What happens in a call: it begins, keys were pressed, the caller is back from the queue, it
    is over. `session` is what we call it; no bind brings it, and nothing of it is sent again."""

    id: int
    pbx: str
    session: str
    act: ScreenAct
    phone: str  # eleven digits; empty if the caller shows none
    port: Address  # the number that was called
    keys: str = ""
    back: QueueReturn | None = None  # how he came back, where he does
    over: CallRecord | None = None  # where it is
    stands: SessionState | None = None  # where the caller heard that he is; None: ask the store
    entry: str = ""  # of the menus, where it goes before the number's

    @property
    def channel(self) -> Channel:
        return Channel.VOICE

    @property
    def dialogue(self) -> str:
        return f"voice:{self.session}"

    @property
    def bind(self) -> int:
        return 0

    @property
    def link(self) -> str:
        return self.pbx

    @property
    def fingerprint(self) -> bytes:
        return self.id.to_bytes(8, "big")

    @property
    def asserted(self) -> bool:
        return bool(self.phone)


SmppInput = ShortMessage | UssdInput
"""What comes from a subscriber by a bind, and perhaps comes again."""
SubscriberInput = SmppInput | CallInput
"""What comes from a subscriber, by whatever channel."""


class InboxEntry(NamedTuple):
    """A message in the journal: what it asked, how that ended, its words without secrets."""

    message: SubscriberInput | DoorInput
    action: str
    result: str
    heard: str = ""
    same_as: int = 0  # the message that it repeats
    late_ms: int = 0  # when it was served, if that was late
    why: str = ""  # how it was understood and answered: an AnswerReason, packed


class OutgoingMessage(NamedTuple):
    """A message to a subscriber, kept in the outbox until the peer has taken it."""

    id: int
    link: str  # the way it should leave by
    source: Address
    destination: Address
    text: str
    secret: bool = False
    receipt: bool = False
    after_ms: int = 0  # not before this moment, in milliseconds since 1970
    screen: OutgoingScreen | None = None  # it answers on USSD
    instead: str = ""  # what a short message says if nobody sees the screen any more
    asks_for: int = 0  # the order whose confirm it asks for


class UssdNotice(NamedTuple):
    """Asks for a text to be shown on a phone that has not dialled; by SMS, if it cannot be."""

    id: int
    link: str
    phone: str
    text: str


class NoteAct(NamedTuple):
    """For the audit, in one batch with what an operator does, and last in it."""

    entry: AuditEntry


class SendOutcome(NamedTuple):
    """The peer has taken a message, or it is given up. `reason`: the peer's message id, or why
    not. `unknown`: it is given up though it may have arrived, for nobody is to have it twice."""

    id: int
    accepted: bool
    at_ms: int
    link: str
    message_ids: tuple[str, ...] = ()  # of its parts, where receipts are expected
    reason: str = ""
    asks_for: int = 0  # the order whose confirm it asked for
    lane: str = ""  # of whoever answers it: that is served behind this
    left: str = ""  # in how many parts and PDUs, and what the peer calls them: LeftAs, packed
    unknown: bool = False


class SendOutcomes(NamedTuple):
    """What became of messages since this was last said."""

    settled: tuple[SendOutcome, ...]


class ReceiptArrived(NamedTuple):
    """The peer says what became of a message."""

    id: int
    link: str
    message_ids: tuple[str, ...]  # every form in which the id may have been given
    state: str
    at_ms: int
    phone: str = ""  # the handset it speaks of, if that is a mobile number


class LateAnswer(NamedTuple):
    """To that message, written or read so late that the peer may deliver the message again."""

    id: int
    read_ms: int  # when it was seen that the peer had read it


class PeerHasRead(NamedTuple):
    """The peer has read our answers to a bind's messages up to an id."""

    bind: int
    upto: int
    late: tuple[LateAnswer, ...] = ()


class BindBegan(NamedTuple):
    bind: int
    link: str
    smsc: str = ""  # its group


class BindOverlaps(NamedTuple):
    """The peer does not wait for the answer to a subscriber's message before it delivers the next:
    so the next proves nothing about the last."""

    bind: int


class BindEnded(NamedTuple):
    """What the peer had not seen answered may come again, by any bind."""

    bind: int
    upto: int
    at_ms: int


BindNote = BindBegan | BindOverlaps | BindEnded
"""What became of a bind."""


class ReadCaller(NamedTuple):
    """Asks what is kept of a caller."""

    phone: str
    now: int


class SmscOf(NamedTuple):
    """Asks for the SMSC to which a link of another gateway leads; empty: nobody knows."""

    link: str


class LoadOutbox(NamedTuple):
    """Asks for messages that wait in the outbox and are due, oldest first. What was about to leave,
    and is not `in_hand`, ends: nobody knows whether it arrived."""

    limit: int
    now_ms: int
    in_hand: frozenset[int] = frozenset()  # of what nobody asked for


class MarkLeaving(NamedTuple):
    """Of what nobody asked for: these are about to leave. Once that is kept, whoever finds them so
    after a crash sends none of them. Which may leave: not those that are stopped by now."""

    ids: tuple[int, ...]


class UnmarkLeaving(NamedTuple):
    """These have not left after all, and wait as before."""

    ids: tuple[int, ...]


class LookForHanded(NamedTuple):
    """Asks whether other gateways have written messages for us to send."""


class LoadHanded(NamedTuple):
    """Asks for those, so many at most."""

    limit: int


class DeleteExpired(NamedTuple):
    """Asks for one small step of housekeeping."""

    now: int
