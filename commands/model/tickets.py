"""Port to tickets (工单): what people of the operator must see to.

open ─▶ accepted ─▶ assigned ─▶ appointed ─▶ done ─▶ rated
  └─▶ joined to another        done, rated ─▶ reopened ─▶ as if it were open

Moments are int seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol


class TicketState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"  # somebody has taken it
    ASSIGNED = "assigned"  # a region, or somebody, has got it
    APPOINTED = "appointed"  # the subscriber knows when somebody comes, or is expected
    REOPENED = "reopened"
    DONE = "done"
    RATED = "rated"
    JOINED = "joined"  # another ticket is about the same: this one ends with it


OVER: Final = (TicketState.DONE, TicketState.RATED, TicketState.JOINED)
"""Nobody has to see to these."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """工单."""

    number: str  # what the subscriber is told
    kind: str  # of conf/tickets.yaml
    state: str
    opened_at: int
    due_at: int
    result: str = ""
    category: str = ""
    appointed_at: int = 0  # when somebody comes; 0: not agreed on
    joined_to: str = ""  # the number of the ticket that it ends with

    @property
    def over(self) -> bool:
        return self.state in OVER


@dataclass(frozen=True, slots=True)
class ClosedTicket:
    """A ticket that has just been closed, and the phone that waits to hear of it."""

    phone: str
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class RecentTicket:
    """What somebody has opened lately. `done_at` 0: it is not done."""

    ticket: Ticket
    said: str
    done_at: int


@dataclass(frozen=True, slots=True)
class TicketDetails:
    """What more is known when one is opened."""

    category: str = ""
    region: str = ""  # where the number is at home
    origin: str = ""  # the interface, by its number
    opened_by: str = ""  # 工号; empty: the subscriber
    hand_over: bool = False  # to the operator's own system
    joined_to: str = ""
    accept_by: int = 0  # by then somebody should have taken it; 0: no matter


NO_DETAILS: Final = TicketDetails()


class Tickets(Protocol):
    def open(
        self, kind: str, phone: str, content: str, due_at: int, now: int, id: int,
        recording: str = "", details: TicketDetails = NO_DETAILS,
    ) -> Ticket:  # fmt: skip
        """`id` is the message's: the same message opens one ticket, however often it is served.
        `recording` names what was said on a call instead of written."""
        ...

    def find(self, phone: str, number: str) -> Ticket | None: ...

    def latest(self, phone: str) -> Ticket | None: ...

    def waiting(self, phone: str) -> Sequence[Ticket]:
        """Those that are not over yet, the newest first. Joined ones are not among them."""
        ...

    def recent(self, phone: str, kind: str, since: int) -> Sequence[RecentTicket]:
        """Of one kind: opened since then, done since then, or not over yet; the newest first.
        Joined ones are not among them."""
        ...

    def reopen(self, phone: str, number: str, why: str, due_at: int, now: int) -> bool:
        """By its subscriber; false if it is not done."""
        ...

    def close(self, number: str, result: str, now: int) -> ClosedTicket | None:
        """Once; None if it is unknown, or closed already."""
        ...

    def asked(self, number: str, now: int) -> None:
        """Its subscriber is asked how it was."""
        ...

    def rate(self, phone: str, score: int, asked_at: int, now: int) -> bool:
        """The ticket that was asked about at that moment; false if there is none."""
        ...
