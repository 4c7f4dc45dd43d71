"""Prices that change at a moment, and what is sold from one on: a catalogue for each stretch of
time in which nothing changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo
from typing import Final, TypeVar

from periods.period import NEVER, TimeSpan, seconds_at, written
from tariffs.catalogue import SHANGHAI, Catalogue
from tariffs.file_problem import FilePlace, FileProblem
from tariffs.rows import PeriodRow
from tariffs.tariff_files import (
    BrandsFile,
    PlanRow,
    PlansFile,
    ServiceRow,
    ServicesFile,
    catalogue,
)

_MOST: Final = 60  # moments at which anything changes

Row = TypeVar("Row", PlanRow, ServiceRow)


def catalogues(
    brands: BrandsFile, plans: PlansFile, services: ServicesFile, zone: tzinfo = SHANGHAI
) -> list[tuple[int, Catalogue]]:
    """From when each holds, in seconds since 1970; the first always has."""
    found = []
    for minute in [0, *sorted(_moments(plans, services))[:_MOST]]:
        then = PlansFile(plans=_at(plans.plans, minute))
        also = ServicesFile(services=_at(services.services, minute))
        found.append((seconds_at(minute, zone), catalogue(brands, then, also, zone, minute)))
    return found


def _moments(plans: PlansFile, services: ServicesFile) -> set[int]:
    """When anything begins or ends."""
    rows: list[PlanRow | ServiceRow] = [*plans.plans.values(), *services.services.values()]
    changes = [change for row in rows for change in row.changes]
    sales = [row.sold for row in rows if row.sold is not None]
    ends = (end for each in [*changes, *sales] for end in _ends(each.period))
    return {end for end in ends if 0 < end < NEVER}


def _ends(period: TimeSpan) -> tuple[int, int]:
    return period.begins, period.ends


def _at(rows: Mapping[str, Row], minute: int) -> dict[str, Row]:
    return {code: _changed(row, minute) for code, row in rows.items()}


def _changed(row: Row, minute: int) -> Row:
    """The row as it is then; of two changes that hold together the later one counts."""
    new: dict[str, object] = {}
    for change in row.changes:
        if change.period.holds(minute):
            new |= {name: getattr(change, name) for name in _changes(change)}
    return row.model_copy(update=new) if new else row


def _changes(change: PeriodRow) -> list[str]:
    own = change.model_fields_set - {"begins", "until"}
    return [name for name in own if getattr(change, name) is not None]


def plan_change_problems(file: PlansFile) -> Iterator[FileProblem]:
    yield from _problems("plans", file.plans)


def service_change_problems(file: ServicesFile) -> Iterator[FileProblem]:
    yield from _problems("services", file.services)


def _problems(section: str, rows: Mapping[str, PlanRow] | Mapping[str, ServiceRow]
              ) -> Iterator[FileProblem]:  # fmt: skip
    for code, row in rows.items():
        yield from _sale(section, code, row.sold)
        for n, change in enumerate(row.changes):
            here: FilePlace = (section, code, "changes", n)
            if change.begins is None and change.until is None:
                yield FileProblem(
                    here, f"{code}: changes at no time", "Add from:, and until: if it ends"
                )
            elif change.period.is_empty:
                what = f"{code}: ends before it begins: {change.period}"
                yield FileProblem((*here, "until"), what, "Correct from: or until:")
            if not _changes(change):
                yield FileProblem(
                    here, f"{code}: changes nothing", "Add what is another then, such as fee:"
                )
        yield from _overlaps(section, code, row.changes)


def plan_change_doubts(file: PlansFile) -> Iterator[FileProblem]:
    yield from _same_as_before("plans", file.plans)


def service_change_doubts(file: ServicesFile) -> Iterator[FileProblem]:
    yield from _same_as_before("services", file.services)


def _same_as_before(
    section: str, rows: Mapping[str, PlanRow] | Mapping[str, ServiceRow]
) -> Iterator[FileProblem]:
    """Changes to what is so already."""
    for code, row in rows.items():
        for n, change in enumerate(row.changes):
            if all(getattr(change, name) == getattr(row, name) for name in _changes(change)):
                what = f"{code}: what it changes is so without it"
                yield FileProblem((section, code, "changes", n), what, "Correct it, or take it out")


def _sale(section: str, code: str, sold: PeriodRow | None) -> Iterator[FileProblem]:
    if sold is None:
        return
    here: FilePlace = (section, code, "sold")
    if sold.begins is None and sold.until is None:
        what = f"{code}: sold: says neither from when nor until when"
        yield FileProblem(here, what, "Add from: or until:, or take sold: out")
    elif sold.period.is_empty:
        what = f"{code}: its sale ends before it begins: {sold.period}"
        yield FileProblem((*here, "until"), what, "Correct from: or until:")


def _overlaps(section: str, code: str, changes: Iterable[PeriodRow]) -> Iterator[FileProblem]:
    """Two prices for one moment."""
    seen: list[PeriodRow] = []
    for n, change in enumerate(changes):
        for other in seen:
            both = set(_changes(change)) & set(_changes(other))
            if both and change.period.meets(other.period):
                since = written(max(change.period.begins, other.period.begins))
                what = f"{code}: two changes of {min(both)} hold at once, from {since}"
                yield FileProblem(
                    (section, code, "changes", n), what, "Let one end where the other begins"
                )
        seen.append(change)
