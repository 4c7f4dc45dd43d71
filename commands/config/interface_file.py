"""conf/interfaces.yaml: the register of interfaces, and whether it fits conf/commands.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator

from commands.model.daily_hours import ALWAYS, DailyHours, daily_hours
from commands.model.interfaces import EVERYTHING, Interface, InterfaceRegistry
from tariffs.file_problem import FilePlace, FileProblem, one_of
from tariffs.rows import NameRow, StrictRow


def read_hours(value: object) -> object:
    return daily_hours(value) if isinstance(value, str) else value


HoursOfDay = Annotated[DailyHours, BeforeValidator(read_hours)]


def disturbing(place: FilePlace, hours: DailyHours) -> Iterator[FileProblem]:
    """Of hours in which people are told what they did not ask for."""
    if hours.closes <= hours.opens:
        what = f"{hours} goes over midnight: nobody is disturbed at night"
        yield FileProblem(place, what, "Write hours of one day like 9:00-20:00")


InterfaceKind = Literal[
    "self_service", "hall", "agent", "web", "app", "group", "call_centre", "bank", "partner"
]

_SUBSCRIBERS: Final = ("self_service", "call_centre")  # kinds that may be the hall's own channels


class InterfaceRow(StrictRow):
    kind: InterfaceKind
    name: NameRow
    region: str = ""
    hours: HoursOfDay = ALWAYS
    operations: Literal["all"] | list[str] = "all"
    operators: list[str] | None = None


class InterfacesFile(StrictRow):
    """conf/interfaces.yaml."""

    interfaces: dict[str, InterfaceRow]

    def registry(self) -> InterfaceRegistry:
        return {number: _interface(number, row) for number, row in self.interfaces.items()}


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What the registry may name."""

    operations: frozenset[str]
    own: Mapping[str, str] = field(default_factory=dict)  # channel: its interface number
    regions: frozenset[str] = frozenset()  # of regions.yaml


def problems(file: InterfacesFile, known: KnownNames) -> Iterator[FileProblem]:
    """What does not fit conf/commands.yaml."""
    ways: dict[str, str] = {}
    for channel, number in known.own.items():
        row = file.interfaces.get(number)
        if (other := ways.setdefault(number, channel)) != channel:
            what = f"commands.yaml gives {other} and {channel} the same interface number {number}"
            fix = "Give each its own, under interfaces: there"
            yield FileProblem(("interfaces", number), what, fix)
        if row is None:
            what = f"commands.yaml gives {channel} the interface number {number}"
            yield FileProblem(("interfaces",), f"{what}, which has no row here", "Add it")
        elif row.kind not in _SUBSCRIBERS:
            what = f"subscribers serve themselves at {number}, and it is no {row.kind}"
            fix = f"Write one of: {', '.join(_SUBSCRIBERS)}"
            yield FileProblem(("interfaces", number, "kind"), what, fix)
        elif row.operators is not None:
            place: FilePlace = ("interfaces", number, "operators")
            what = f"subscribers serve themselves at {number} and are no operators"
            yield FileProblem(place, what, "Remove operators:")
    for number, row in file.interfaces.items():
        yield from _row_problems(("interfaces", number), row, known.operations)
        if row.region and not any(one.startswith(row.region) for one in known.regions):
            place = ("interfaces", number, "region")
            what = f"regions.yaml has no region '{row.region}'"
            yield FileProblem(place, what, one_of(sorted(known.regions), row.region))


def _row_problems(
    here: FilePlace, row: InterfaceRow, operations: frozenset[str]
) -> Iterator[FileProblem]:
    for position, name in enumerate(row.operations if row.operations != EVERYTHING else ()):
        if name not in operations:
            what = f"commands.yaml has no operation '{name}'"
            fix = one_of(sorted(operations), name)
            yield FileProblem((*here, "operations", position), what, fix)
    for key, listed in (("operations", row.operations), ("operators", row.operators)):
        if listed is not None and not listed:
            what = f"{key}: lists none, so nothing can be done from there"
            yield FileProblem((*here, key), what, f"List some, or remove {key}:")
    if row.kind == "hall" and row.operators is None:
        what = "a hall's requests come from its staff"
        yield FileProblem(here, what, "List their operator ids under operators:")


def _interface(number: str, row: InterfaceRow) -> Interface:
    everything = row.operations == EVERYTHING
    return Interface(
        number,
        row.kind,
        row.name.label(),
        row.region,
        row.hours,
        None if everything else frozenset(row.operations),
        None if row.operators is None else frozenset(row.operators),
    )
