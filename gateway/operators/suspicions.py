"""What an auditor should look at: looks at subscribers without a ticket, at night, in bulk."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from commands.model.daily_hours import DailyHours, daily_hours, minute_of_day
from gateway.model.operators.audit import AuditRecord
from gateway.model.operators.rights import LOOKS

HOUR: Final = 3_600
NIGHT: Final = daily_hours("22:00-6:00")
NO_TICKET: Final = "without a ticket"
AT_NIGHT: Final = "at night"
IN_BULK: Final = "in bulk"

NamesTicket = Callable[[str, str], bool]
"""Whether a reason names a ticket of this subscriber."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    record: AuditRecord
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuspicionRules:
    """`bulk`: more different numbers than so many within an hour, by one operator."""

    zone: tzinfo
    night: DailyHours = NIGHT
    bulk: int = 20


def suspicions(
    records: Iterable[AuditRecord], names_ticket: NamesTicket, rules: SuspicionRules
) -> Iterator[Suspicion]:
    """Of records in their order. In bulk are those that went over the limit, not those before."""
    lately: dict[str, deque[tuple[int, str]]] = {}
    for record in records:
        entry = record.entry
        if not is_look(record):
            continue
        why = []
        if not names_ticket(entry.subscriber, entry.reason):
            why.append(NO_TICKET)
        if rules.night.at(minute_of_day(entry.at, rules.zone)):
            why.append(AT_NIGHT)
        looked = lately.setdefault(entry.operator, deque())
        looked.append((entry.at, entry.subscriber))
        while looked[0][0] <= entry.at - HOUR:
            looked.popleft()
        if len({number for _, number in looked}) > rules.bulk:
            why.append(IN_BULK)
        if why:
            yield Suspicion(record, tuple(why))


def is_look(record: AuditRecord) -> bool:
    """At a subscriber; what changes one shows in the subscriber's own records."""
    thing, _, verb = record.entry.action.rpartition(".")
    return bool(record.entry.subscriber) and verb in LOOKS and thing != "audit"
