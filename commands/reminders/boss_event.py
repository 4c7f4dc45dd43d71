"""What the operator's own system tells: something has happened to a subscriber.

Money is int fen, moments are int seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass

from commands.reminders.model import ReminderKind


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What is told of an event; each kind has its own of these."""

    fen: int = 0  # charged, paid, owed, or this month's so far
    balance_fen: int | None = None
    usual_fen: int = 0  # high_bill: of other months
    what: str = ""  # charge: of what, as a code of conf/tariffs or in words; recharge: the way
    order: str = ""  # charge, recharge: the Idempotency-Key of the hall's own order, if it is one
    item: str = ""  # allowance
    used: int = 0
    total: int = 0
    points: int = 0
    until: int = 0  # when it ends, or is stopped; 0: not told


@dataclass(frozen=True, slots=True)
class BossEvent:
    id: str
    msisdn: str
    kind: ReminderKind
    at: int
    facts: EventFacts
