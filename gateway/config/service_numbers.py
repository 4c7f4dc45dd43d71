"""conf/numbers.yaml: service numbers beside the one in gateway.yaml, each with its own words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from commands.config.command_file import CommandsFile
from gateway.model.service_number import ServiceNumber
from tariffs.bilingual_name import BilingualName
from tariffs.file_problem import FilePlace, FileProblem, one_of
from tariffs.rows import NameRow, StrictRow, Yuan

Digits = Annotated[str, Field(pattern=r"^[0-9]{3,20}$")]


class ServiceNumberRow(StrictRow):
    name: NameRow
    signature: NameRow | None = None
    operations: list[str] = Field(default_factory=list)
    offers: list[str] | None = None
    regions: list[str] = Field(default_factory=list)
    ussd_code: Annotated[str, Field(pattern=r"^\*[0-9]+(\*[0-9]+)*#$")] | None = None
    fees: dict[str, Yuan] = Field(default_factory=dict)


class NumbersFile(StrictRow):
    """conf/numbers.yaml."""

    numbers: dict[Digits, ServiceNumberRow] = Field(default_factory=dict, max_length=50)

    def fees(self) -> dict[str, dict[str, int]]:
        """What costs something else there, in fen a month: by number and code."""
        return {digits: row.fees for digits, row in self.numbers.items()}

    def read(self, signature: BilingualName) -> tuple[ServiceNumber, ...]:
        """`signature`: the hall's own, for a number that has none."""
        return tuple(
            ServiceNumber(
                digits,
                row.name.label(),
                row.signature.label() if row.signature else signature,
                frozenset(row.operations),
                None if row.offers is None else frozenset(row.offers),
                frozenset(row.regions),
                row.ussd_code or "",
            )
            for digits, row in self.numbers.items()
        )


@dataclass(frozen=True, slots=True)
class NumberSurroundings:
    """What numbers may name."""

    commands: CommandsFile
    offers: Collection[str]
    regions: Collection[str]
    priced: Collection[str]  # codes of services and plans


def problems(file: NumbersFile, known: NumberSurroundings) -> Iterator[FileProblem]:
    codes: dict[str, str] = {}
    for digits, row in file.numbers.items():
        here: FilePlace = ("numbers", digits)
        named: Mapping[str, tuple[Collection[str], Collection[str]]] = {
            "operations": (row.operations, known.commands.rights),
            "offers": (row.offers or (), known.offers),
        }
        for key, (names, there) in named.items():
            for position, name in enumerate(names):
                if name not in there:
                    fix = one_of(sorted(there), name)
                    yield FileProblem((*here, key, position), f"there is no '{name}'", fix)
        for position, name in enumerate(row.regions):
            if not any(region.startswith(name) for region in known.regions):
                what = f"conf/regions.yaml has no region '{name}'"
                yield FileProblem((*here, "regions", position), what, one_of(known.regions, name))
        for code in row.fees:
            if code not in known.priced:
                what = f"conf/tariffs has no service or plan '{code}'"
                yield FileProblem((*here, "fees", code), what, one_of(known.priced, code))
        if row.ussd_code and codes.setdefault(row.ussd_code, digits) != digits:
            what = f"{row.ussd_code} is dialled for {codes[row.ussd_code]} too"
            yield FileProblem((*here, "ussd_code"), what, "Keep one")


def own_number_problems(
    file: NumbersFile, number: str, ussd_code: str, ports: Collection[str]
) -> Iterator[FileProblem]:
    """What would be two things at once: the hall's own number and code, and its sub-ports."""
    for digits, row in file.numbers.items():
        here: FilePlace = ("numbers", digits)
        if digits == number:
            what = f"{digits} is the hall's own number, service.number of gateway.yaml"
            yield FileProblem(here, what, "Take it out here")
        elif digits.removeprefix(number) in ports:
            what = f"{digits} is a port of {number} as well: ports of commands.yaml"
            yield FileProblem(here, what, "Take it out in one of the two")
        if row.ussd_code == ussd_code:
            what = f"{ussd_code} is the hall's own code, service.ussd_code of gateway.yaml"
            yield FileProblem((*here, "ussd_code"), what, "Take another one")
