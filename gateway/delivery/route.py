"""Messages on their way out, and the routes they take."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, NamedTuple, Protocol

from twisted.internet.interfaces import IDelayedCall

from gateway.model.address import Address
from gateway.model.message_id import answers_something
from gateway.model.messages import OutgoingMessage, SendOutcome
from gateway.model.tracing.left_as import packed
from smpp.pdu import SubmitSm
from smpp.statuses import StatusVerdict, Treatment


class LeavingMark(Enum):
    """Whether the store knows that what nobody asked for is about to leave."""

    NONE = auto()
    ASKED = auto()
    MARKED = auto()


@dataclass(slots=True, eq=False)
class Delivery:
    """A message on its way. Parts that were taken are not sent again."""

    message: OutgoingMessage
    parts: list[SubmitSm] | None = None
    sent: int = 0  # parts handed to the link since the last try began
    unanswered: int = 0
    # parts to be sent again, and why
    failed: list[tuple[SubmitSm, StatusVerdict]] = field(default_factory=list)
    # parts that were taken, as a late answer said when they were on their way again
    taken: list[SubmitSm] = field(default_factory=list)
    message_ids: list[str] = field(default_factory=list)  # of parts whose receipts were asked for
    names: list[str] = field(default_factory=list)  # the peer's, of all parts that it took
    of: int = 0  # parts in all
    submits: int = 0  # PDUs handed to links, also those sent again
    left_at: float = 0.0  # when the last PDU was handed to a link; seconds since 1970
    answer_ms: int | None = None  # from then to the answer that took it
    tries: int = 0
    repeats: int = 0  # how often it left again though it may have been taken
    wait: IDelayedCall | None = None  # until it is tried again
    over: bool = False
    last: bool = False  # it is not tried again: whoever wanted it said wants it no more
    taken_by: str = ""  # the link that took its last part, and will send its receipts
    back: bool = False  # it was on its way before, and goes first
    note: str = ""  # how it went, if it is taken in the end
    mark: LeavingMark = LeavingMark.NONE
    doubtful: bool = False  # it may have arrived, and is not tried again

    @property
    def is_ours_to_end(self) -> bool:
        """The peer has some of its parts, or may have; or it is a screen, which only we can show:
        no other gateway is to have it."""
        return bool(self.sent or self.taken_by or self.message.screen)

    @property
    def may_be_there(self) -> bool:
        """The peer has some of it, or may have."""
        return bool(self.sent or self.unanswered or self.names or self.doubtful)

    def next_part(self, now: float) -> SubmitSm:
        """The next that leaves; `now` is in seconds since 1970."""
        assert self.parts is not None
        if not self.submits:
            self.of = len(self.parts)
        pdu = self.parts[self.sent]
        self.sent += 1
        self.unanswered += 1
        self.submits += 1
        self.left_at = now
        return pdu

    def answered(self, pdu: SubmitSm, verdict: StatusVerdict, message_id: str) -> bool:
        """A part has its answer, or will have none: whether all that were sent have, and the
        message is either taken or to be tried again."""
        self.unanswered -= 1
        if verdict.treatment is Treatment.ACCEPTED:
            self.names.append(message_id)
            if pdu.registered_delivery:
                self.message_ids.append(message_id)
        elif pdu not in self.taken:
            self.failed.append((pdu, verdict))
        assert self.parts is not None
        return self.unanswered == 0 and (self.sent == len(self.parts) or bool(self.failed))

    def taken_after_all(self, pdu: SubmitSm, message_id: str) -> bool:
        """A late answer says so: whether no part is left to be sent again."""
        self.names.append(message_id)
        if pdu.registered_delivery:
            self.message_ids.append(message_id)
        assert self.parts is not None
        if pdu in (failed := [one for one, _ in self.failed]):  # others are on their way yet
            del self.failed[failed.index(pdu)]
        elif pdu in self.parts[self.sent :]:
            self.parts.remove(pdu)
            return self.sent == len(self.parts)
        else:  # it is on its way again
            self.taken.append(pdu)
        return False

    def begin_again(self) -> list[StatusVerdict]:
        """The parts that were not taken go first, and then those that were not sent: why."""
        assert self.parts is not None
        self.parts = [pdu for pdu, _ in self.failed] + self.parts[self.sent :]
        verdicts = [verdict for _, verdict in self.failed]
        self.failed, self.sent = [], 0
        return verdicts


class MessagePart(NamedTuple):
    """The key under which a link has a part in flight."""

    delivery: Delivery
    pdu: SubmitSm


class Route(Protocol):
    """A bind that can send."""

    @property
    def link(self) -> str: ...

    @property
    def free(self) -> int:
        """Parts it takes at once."""
        ...

    @property
    def window(self) -> int:
        """Parts it has room for in all."""
        ...

    def parts_of(self, message: OutgoingMessage) -> list[SubmitSm]: ...

    def submit(self, part: MessagePart) -> None: ...

    @property
    def flush(self) -> Callable[[], None]:
        """What was submitted leaves now; else it would with the reactor's next turn."""
        ...


SCREEN: Final = 0
ANSWER: Final = 1
UNASKED: Final = 2
"""What nobody asked for leaves last."""
MARKED: Final = 3
"""That, once the store knows that it is about to leave."""


def class_of(message: OutgoingMessage) -> int:
    if message.screen is not None:
        return SCREEN
    return ANSWER if answers_something(message.id) else UNASKED


def line_of(message: OutgoingMessage) -> tuple[Address, int]:
    """A subscriber's answers keep their order, and so do the screens of a dialogue, and what was
    not asked for; none waits for another."""
    return message.destination, class_of(message)


def lane_of(message: OutgoingMessage) -> str:
    """Whose answers it may have: the key under which the desk serves what that phone sends, written
    or dialled."""
    return message.destination.national


def ready_as(delivery: Delivery) -> int:
    """Among which of those that wait for a link."""
    marked = delivery.mark is LeavingMark.MARKED
    return MARKED if marked else class_of(delivery.message)


def outcome_of(
    delivery: Delivery, at_ms: int, accepted: bool, reason: str, unknown: bool
) -> SendOutcome:
    message, link = delivery.message, delivery.taken_by or delivery.message.link
    ids, why = tuple(delivery.message_ids), reason or delivery.note
    lane = lane_of(message) if message.asks_for else ""
    left = packed(delivery.of, delivery.submits, delivery.names, delivery.answer_ms)
    return SendOutcome(
        message.id, accepted, at_ms, link, ids, why, message.asks_for, lane, left, unknown
    )


UNANSWERED = StatusVerdict(Treatment.LATER, "no answer in time")
LINK_LOST = StatusVerdict(Treatment.LATER, "link lost")
DOUBTS = UNANSWERED, LINK_LOST
"""What leaves open whether a part was taken."""

_SEVERITY = (Treatment.FAIL, Treatment.THROTTLE, Treatment.LATER, Treatment.ACCEPTED)


def worst(verdicts: Iterable[StatusVerdict]) -> StatusVerdict:
    """The one that decides what becomes of a message with all of these among its answers."""
    return min(verdicts, key=lambda verdict: _SEVERITY.index(verdict.treatment))
