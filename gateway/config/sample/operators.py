"""conf/sample/operators.yaml: who can try the console out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from commands.model.request import Secret
from gateway.config.checked_yaml import BadFile, read
from gateway.model.operators.operators import NUMBER
from gateway.model.operators.rights import Roles
from tariffs.file_problem import FileProblem, one_of
from tariffs.rows import StrictRow


@dataclass(frozen=True, slots=True)
class SampleOperator:
    """With the secrets that everybody knows."""

    number: str
    name: str
    role: str
    organisation: str
    password: Secret
    totp: Secret


class OperatorRow(StrictRow):
    name: str
    role: str
    organisation: str
    password: Annotated[str, Field(min_length=10)]
    totp: Annotated[str, Field(pattern=r"^[A-Z2-7]{32}$")]


class OperatorsFile(StrictRow):
    operators: dict[Annotated[str, Field(pattern=NUMBER)], OperatorRow]


def load(path: Path, roles: Roles) -> tuple[SampleOperator, ...]:
    """Raises BadFile."""
    loaded = read(path, OperatorsFile)
    if findings := loaded.findings(_problems(loaded.value, roles)):
        raise BadFile(findings)
    return tuple(
        SampleOperator(
            number, row.name, row.role, row.organisation, Secret(row.password), Secret(row.totp)
        )
        for number, row in loaded.value.operators.items()
    )


def _problems(file: OperatorsFile, roles: Roles) -> Iterator[FileProblem]:
    for number, row in file.operators.items():
        if row.role not in roles:
            what = f"conf/roles.yaml has no role '{row.role}'"
            yield FileProblem(("operators", number, "role"), what, one_of(sorted(roles), row.role))
