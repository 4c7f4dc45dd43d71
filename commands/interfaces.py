"""接口编号: where a request comes in, and what may be done from there, when, and by whom.

A request without an origin is refused. Subscribers who serve themselves share one interface number
per channel; halls, agents and partners have their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Annotated, Literal

from pydantic import BeforeValidator

from commands.ports import Settings
from commands.vocabulary import Refusal, Spec
from commands.windows import ALWAYS, Hours, hours, minute_of_day
from tariffs.label import Label
from tariffs.problem import Place, Problem, one_of
from tariffs.sheets import Name, Sheet

EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class Interface:
    """One row of the registry. `operations` None: all; `operators` None: nobody need name
    themselves."""

    number: str
    kind: str
    name: Label
    region: str = ""
    hours: Hours = ALWAYS
    operations: frozenset[str] | None = None
    operators: frozenset[str] | None = None


Registry = Mapping[str, Interface]


def known(number: str, operator: str, registry: Registry) -> Interface:
    """The interface a request came in by. Raises Refusal if it has no origin, or nobody who
    answers for it."""
    interface = registry.get(number)
    if interface is None:
        raise Refusal("sys.origin")
    if interface.operators is not None and operator not in interface.operators:
        raise Refusal("sys.operator")
    return interface


def admit(interface: Interface, spec: Spec, settings: Settings, now: int, zone: tzinfo) -> None:
    """Raises Refusal if the operation is not done from there, or not at this hour.

    An operation whose own window is the whole day is open whatever the interface's hours are: a
    stolen phone is reported at night."""
    if interface.operations is not None and spec.operation not in interface.operations:
        raise Refusal("sys.channel", {"name": spec.name})
    window = settings.windows.get(spec.operation)
    if window == ALWAYS:
        return
    for allowed in (window, interface.hours):
        if allowed is None or allowed == ALWAYS:
            continue
        if not allowed.at(minute_of_day(now, zone)):
            raise Refusal("sys.window", {"name": spec.name, "hours": str(allowed)})


# -- conf/interfaces.yaml ------------------------------------------------------------------------


def read_hours(value: object) -> object:
    return hours(value) if isinstance(value, str) else value


HoursOfDay = Annotated[Hours, BeforeValidator(read_hours)]
Kind = Literal["self_service", "hall", "agent", "web", "call_centre", "bank", "partner"]


class InterfaceRow(Sheet):
    kind: Kind
    name: Name
    region: str = ""
    hours: HoursOfDay = ALWAYS
    operations: Literal["all"] | list[str] = "all"
    operators: list[str] | None = None


class Interfaces(Sheet):
    """conf/interfaces.yaml."""

    interfaces: dict[str, InterfaceRow]

    def registry(self) -> Registry:
        return {number: _interface(number, row) for number, row in self.interfaces.items()}


@dataclass(frozen=True, slots=True)
class Known:
    """What the registry may name."""

    operations: frozenset[str]
    own: Mapping[str, str] = field(default_factory=dict)  # channel: its interface number


def problems(sheet: Interfaces, known: Known) -> Iterator[Problem]:
    """What does not fit conf/commands.yaml."""
    for channel, number in known.own.items():
        row = sheet.interfaces.get(number)
        if row is None:
            what = f"commands.yaml gives {channel} the interface number {number}"
            yield Problem(("interfaces",), f"{what}, which has no row here", "Add it")
        elif row.operators is not None:
            place: Place = ("interfaces", number, "operators")
            what = f"subscribers serve themselves at {number} and are no operators"
            yield Problem(place, what, "Remove operators:")
    for number, row in sheet.interfaces.items():
        yield from _row_problems(("interfaces", number), row, known.operations)


def _row_problems(here: Place, row: InterfaceRow, operations: frozenset[str]) -> Iterator[Problem]:
    for position, name in enumerate(row.operations if row.operations != EVERYTHING else ()):
        if name not in operations:
            what = f"commands.yaml has no operation '{name}'"
            fix = one_of(sorted(operations), name)
            yield Problem((*here, "operations", position), what, fix)
    for key, listed in (("operations", row.operations), ("operators", row.operators)):
        if listed is not None and not listed:
            what = f"{key}: lists none, so nothing can be done from there"
            yield Problem((*here, key), what, f"List some, or remove {key}:")
    if row.kind == "hall" and row.operators is None:
        what = "a hall's requests come from its staff"
        yield Problem(here, what, "List their operator ids under operators:")


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
