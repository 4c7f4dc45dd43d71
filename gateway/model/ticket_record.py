"""A ticket as those see it who see to it, with its steps; and which of them are wanted."""

from __future__ import annotations

from dataclasses import dataclass

from commands.model.tickets import OVER, Ticket


@dataclass(frozen=True, slots=True)
class TicketRecord:
    """Moments are seconds since 1970, 0: not yet. `phone` is empty for a withheld number."""

    id: int
    number: str
    kind: str
    phone: str
    state: str
    opened_at: int
    due_at: int
    done_at: int
    said: str
    result: str
    recording: str
    category: str
    region: str
    origin: str
    opened_by: str
    team: str
    holder: str
    held_since: int
    accept_by: int
    appointed_at: int
    appointed_until: int
    place: str
    joined_to: str
    reopened: int
    level: int
    late_at: int
    score: int
    boss_state: str
    boss_reference: str
    version: int

    @property
    def over(self) -> bool:
        return self.state in OVER

    def late(self, now: int) -> bool:
        """It should be done, and is not."""
        return not self.over and self.due_at < now

    def told(self) -> Ticket:
        """As its subscriber may know it."""
        return Ticket(
            self.number, self.kind, self.state, self.opened_at, self.due_at, self.result,
            self.category, self.appointed_at, self.joined_to,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TicketStep:
    """`who`: 工号, cli:USER, subscriber, hall or boss. `words`: why, or what was said."""

    at: int
    step: str
    who: str
    detail: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """Which tickets; empty and 0: no matter. `before`: older than this id."""

    state: str = ""  # one; live: not over; all: any
    kind: str = ""
    category: str = ""
    region: str = ""  # assigned to it, or at home there
    holder: str = ""  # 工号; "-": nobody has it
    phone: str = ""
    since: int = 0
    until: int = 0
    late_at: int = 0  # late at this moment
    level: int = 0  # escalated so far, at least
    after: tuple[int, int] = (0, 0)  # the last (due_at, id) of the page before


@dataclass(frozen=True, slots=True)
class TicketAnswer:
    """What the operator's own system says of a ticket. `seq` rises with each answer; `state` is
    accepted, appointed, done or returned."""

    seq: int
    ticket: str
    state: str
    result: str = ""
    at: int = 0
    until: int = 0


MOST_AHEAD = 366 * 24 * 3600
"""Seconds: an appointment lies within a year, whoever makes it."""
LIVE_ONES = "live"
ALL = "all"
NOBODY = "-"
SUBSCRIBER, HALL, BOSS = "subscriber", "hall", "boss"
