"""conf/sample/interfaces.yaml: other interfaces for trying the door out, with keys that everybody
knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from gateway.config.checked_yaml import BadFile, read
from gateway.model.doors import NUMBER, DoorInterface
from gateway.operators.hall_names import read_hall_names
from gateway.store.sample.interfaces import SampleInterface
from tariffs.file_problem import FileProblem
from tariffs.rows import StrictRow

Kind = Literal["hall", "agent", "bank", "web", "app", "group", "call_centre", "partner"]


class SampleInterfaceRow(StrictRow):
    kind: Kind
    name: str
    region: str = ""
    group: str = ""
    operators: list[str] = Field(default_factory=list)
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{12}\.[A-Za-z0-9_-]{20,}$")]


class SampleInterfacesFile(StrictRow):
    interfaces: dict[Annotated[str, Field(pattern=NUMBER)], SampleInterfaceRow]


def load(conf: Path) -> tuple[SampleInterface, ...]:
    """Raises BadFile; none, where a conf/ of one's own has none."""
    path = conf / "sample" / "interfaces.yaml"
    if not path.exists():
        return ()
    loaded = read(path, SampleInterfacesFile)
    if findings := loaded.findings(_problems(loaded.value, read_hall_names(conf).own)):
        raise BadFile(findings)
    return tuple(_sample(number, row) for number, row in loaded.value.interfaces.items())


def _problems(file: SampleInterfacesFile, own: frozenset[str]) -> Iterator[FileProblem]:
    for number in file.interfaces.keys() & own:
        what = f"{number} is one of the hall's own, in conf/interfaces.yaml"
        yield FileProblem(("interfaces", number), what, "Give it another number")


def _sample(number: str, row: SampleInterfaceRow) -> SampleInterface:
    id, _, secret = row.key.partition(".")
    made = DoorInterface(number, row.kind, row.name, region=row.region, group=row.group)
    return SampleInterface(replace(made, operators=frozenset(row.operators)), id, secret)
