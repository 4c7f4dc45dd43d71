"""Port to placed orders: changes that wait for their confirm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from commands.model.request import Arguments, Channel

ASKED_AT: Final = "service_number"
"""The argument of an order that was placed at a service number with prices of its own."""


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """A change somebody may still confirm. It is consumed once, in the transaction of its
    effect."""

    id: int
    action: str
    phone: str
    subject: str
    args: Arguments
    channel: Channel
    interface: str
    level: int
    proposed_at: int
    expires_at: int
    operator: str = ""  # 工号: who placed it, where the interface is staffed
    shown_at: int = (
        0  # since when the one who is to confirm it can have read what it is; 0: not yet
    )


class PlacedOrders(Protocol):
    def propose(self, order: PlacedOrder) -> None: ...

    def shown(self, order: int, text: str, now: int) -> None:
        """Keep the very words that the subscriber was asked to confirm, and when he had them."""
        ...

    def consume(self, order: int, answer: str, now: int) -> PlacedOrder | None:
        """Take it, once; None if it is unknown, expired, answered or replaced, or if what asks for
        it was shown to nobody yet. Keeps `answer` as consent."""
        ...

    def ended(self, order: int, result: str) -> None:
        """What came of it, for whoever placed it for the subscriber and asks later."""
        ...

    def decline(self, order: int, answer: str, now: int) -> PlacedOrder | None: ...

    def find(self, order: int) -> PlacedOrder | None:
        """Still waiting, expired or not."""
        ...

    def waiting(self, subject: str, action: str, now: int) -> PlacedOrder | None:
        """The newest one that somebody else has placed for this number, to be agreed to by it."""
        ...
