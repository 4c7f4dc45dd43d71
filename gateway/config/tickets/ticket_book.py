"""What those who see to tickets go by: kinds, regions, holidays. Read without the rest of conf/."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from commands.config import region_file, ticket_file
from commands.config.region_file import RegionsFile
from commands.config.ticket_file import TicketsFile
from commands.model.care.due_times import due_after
from commands.model.care.ticket_rules import Promise, TicketKind, TicketRules
from commands.model.regions import Regions
from gateway.config import holidays
from gateway.config.checked_yaml import BadFile, CheckedFile, Finding, read
from gateway.config.settings import Settings, own_or_ours
from tariffs.bilingual_name import BilingualName

FILE: Final = "tickets.yaml"


@dataclass(frozen=True, slots=True)
class TicketBook:
    rules: TicketRules
    regions: Regions
    holidays: holidays.Holidays
    zone: tzinfo

    def due(self, kind: TicketKind, now: int) -> int:
        return self.after(kind.due, now)

    def after(self, promise: Promise, now: int) -> int:
        return due_after(now, promise, self.zone, self.holidays, self.rules.hours)

    def home(self, phone: str) -> str:
        """Where a number belongs; empty: it stands in no list."""
        return str(self.regions.of(phone) or "")

    def region_named(self, name: str) -> str | None:
        """In Chinese, however it is written; None: there is none."""
        for region in self.regions.by_prefix.values():
            if name.strip().lower() in (str(region).lower(), region.en.lower()):
                return str(region)
        return None

    def region_names(self) -> Iterator[BilingualName]:
        """Each once, in the order of the file."""
        seen: set[str] = set()
        for region in self.regions.by_prefix.values():
            if str(region) not in seen:
                seen.add(str(region))
                yield region


def read_ticket_book(settings: Settings) -> TicketBook:
    """Raises BadFile."""
    folder = settings.conf
    tickets: CheckedFile[TicketsFile] = read(own_or_ours(folder, FILE), TicketsFile)
    where = read(folder / "regions.yaml", RegionsFile)
    off = read(folder / "holidays.yaml", holidays.HolidaySheet)
    findings: list[Finding] = [
        *tickets.findings(ticket_file.problems(tickets.value)),
        *where.findings(region_file.problems(where.value)),
        *off.findings(holidays.problems(off.value)),
    ]
    if findings:
        raise BadFile(findings)
    return TicketBook(
        tickets.value.rules(),
        region_file.regions(where.value),
        holidays.holidays(off.value),
        settings.service.zone,
    )
