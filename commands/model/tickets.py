"""Port to tickets (工单): what people of the operator must see to.

Moments are int seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Ticket:
    """工单."""

    number: str  # what the subscriber is told
    kind: str  # complaint, suggestion, fault, spam, sim, callback, card
    state: str  # open, working, done
    opened_at: int
    due_at: int
    result: str = ""


@dataclass(frozen=True, slots=True)
class ClosedTicket:
    """A ticket that has just been closed, and the phone that waits to hear of it."""

    phone: str
    ticket: Ticket


class Tickets(Protocol):
    def open(
        self, kind: str, phone: str, content: str, due_at: int, now: int, id: int,
        recording: str = "",
    ) -> Ticket:  # fmt: skip
        """`id` is the message's: the same message opens one ticket, however often it is served.
        `recording` names what was said on a call instead of written."""
        ...

    def find(self, phone: str, number: str) -> Ticket | None: ...

    def latest(self, phone: str) -> Ticket | None: ...

    def close(self, number: str, result: str, now: int) -> ClosedTicket | None:
        """Once; None if it is unknown, or closed already."""
        ...
