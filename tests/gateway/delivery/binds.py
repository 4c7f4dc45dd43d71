"""A bind that can send, in memory: it takes parts and answers when the test says so."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from gateway.delivery.outbox import Outbox
from gateway.delivery.route import MessagePart
from gateway.model.address import Address
from gateway.model.message_id import REPLY_BITS, floor_at, reply_id
from gateway.model.messages import OutgoingMessage
from smpp.pdu import SubmitSm
from smpp.statuses import StatusVerdict, Treatment

NOON = 1_795_233_600.0
_FIRST = floor_at(NOON)

TAKEN = StatusVerdict(Treatment.ACCEPTED, "accepted")
SLOWER = StatusVerdict(Treatment.THROTTLE, "too fast")
LATER = StatusVerdict(Treatment.LATER, "try later")
NEVER = StatusVerdict(Treatment.FAIL, "no such number")


@dataclass(eq=False)
class FakeRoute:
    """`text` of a message is what its parts carry, one for each word."""

    link: str = "smsc-a"
    window: int = 10
    in_flight: list[MessagePart] = field(default_factory=list)
    overdue: list[MessagePart] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    on_submit: Callable[[FakeRoute, MessagePart], None] = lambda route, part: None

    @property
    def free(self) -> int:
        return self.window - len(self.in_flight)

    @property
    def flush(self) -> Callable[[], None]:
        return lambda: None

    def parts_of(self, message: OutgoingMessage) -> list[SubmitSm]:
        return [
            SubmitSm(
                destination_addr=message.destination.digits,
                source_addr=message.source.digits,
                registered_delivery=int(message.receipt),
                short_message=f"{number_of(message.id)} {word}".encode(),
            )
            for word in message.text.split()
        ]

    def submit(self, part: MessagePart) -> None:
        assert self.free > 0
        self.in_flight.append(part)
        self.sent.append(words(part))
        self.on_submit(self, part)

    def answer(self, outbox: Outbox, verdict: StatusVerdict = TAKEN, place: int = 0) -> str:
        """The peer answers one of those in flight, by default the oldest; its words."""
        part = self.in_flight.pop(place)
        id = f"id of {words(part)}" if verdict is TAKEN else ""
        outbox.answered(self, part, verdict, id)
        outbox.pump()  # as the channel does after each turn
        return words(part)

    def silent(self, outbox: Outbox, place: int = 0) -> None:
        """The peer does not answer one of those in flight in time."""
        part = self.in_flight.pop(place)
        self.overdue.append(part)
        outbox.unanswered(part)
        outbox.pump()

    def answer_late(self, outbox: Outbox, verdict: StatusVerdict = TAKEN, place: int = 0) -> None:
        """It answers one of those after all."""
        part = self.overdue.pop(place)
        outbox.answered_late(self, part, verdict, f"late id of {words(part)}")
        outbox.pump()

    def lost(self, outbox: Outbox) -> None:
        """The link is gone with all that is in flight."""
        unanswered, self.in_flight = self.in_flight, []
        outbox.detach(self, unanswered)


class MarksAtOnce:
    """A store that is told at once what is about to leave."""

    def mark(self, ids: tuple[int, ...], told: Callable[[Collection[int] | None], None]) -> None:
        told(ids)

    def unmark(self, ids: tuple[int, ...]) -> None:
        """It is so at once."""


MARKS = MarksAtOnce()


def words(part: MessagePart) -> str:
    """The message's number and the word."""
    return part.pdu.short_message.decode()


OURS = Address.service("10086")


def message(
    number: int, text: str = "hello", to: str = "13800138001", *, link: str = "smsc-a"
) -> OutgoingMessage:
    """A message of noon, with a part for each word of its text. Numbers are easier to read than
    ids."""
    return OutgoingMessage(
        reply_id(_FIRST + (number << REPLY_BITS), 1), link, OURS, Address(1, 1, to), text
    )


def number_of(id: int) -> int:
    return (id - _FIRST) >> REPLY_BITS
