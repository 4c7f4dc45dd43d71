"""What conf/commands.yaml may say, and the register made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from commands.lexicon import lexicon
from commands.parameters import Form, Kind, Parameter
from commands.ports import Settings
from commands.register import Code, Register
from commands.vocabulary import Channel, Confirm, Level, Spec
from tariffs.catalogue import Catalogue
from tariffs.label import Label
from tariffs.sheets import Name, Sheet

_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}


def seconds(duration: object) -> int:
    """A duration as a person writes it: 30 s, 10 min, 24 h, 2 d."""
    found = re.fullmatch(r"([0-9]+) ?(s|min|h|d)", duration) if isinstance(duration, str) else None
    if found is None:
        raise ValueError("a duration is written like 30 s, 10 min, 24 h or 2 d")
    return int(found[1]) * _UNITS[found[2]]


def level(name: object) -> object:
    return Level[name] if isinstance(name, str) and name in Level.__members__ else name


Duration = Annotated[int, BeforeValidator(seconds)]
LevelName = Annotated[Level, BeforeValidator(level)]
ChannelName = Annotated[Channel, Field(strict=False)]
# Written as subscribers send it once it is normalised: no blanks, no separators, upper case.
Word = Annotated[str, Field(pattern=r"^[^\sa-z#*+,]+$", max_length=16)]


class Limits(Sheet):
    wrong_passwords: Annotated[int, Field(ge=1)] = 3
    wrong_window: Duration = 24 * 3600
    lock: Duration = 24 * 3600
    step: Duration = 10 * 60
    list: Duration = 24 * 3600
    confirm_once: Duration = 10 * 60
    confirm_twice: Duration = 24 * 3600
    card_checks_a_day: Annotated[int, Field(ge=1)] = 5
    payment_checks_a_day: Annotated[int, Field(ge=1)] = 5
    link_lasts: Duration = 30 * 60
    weak_blocks: tuple[str, ...] = Field(default=(), strict=False)

    def settings(self) -> Settings:
        plain = self.model_dump(exclude={"weak_blocks"})
        return Settings(**plain, weak_blocks=frozenset(self.weak_blocks))


class ParameterRow(Sheet):
    kind: Annotated[Kind, Field(strict=False)]
    name: Name


class CommandRow(Sheet):
    name: Name
    operation: str
    confirm: Annotated[Confirm, Field(strict=False)] = Confirm.NONE
    channels: list[ChannelName]
    codes: list[Word] = Field(default_factory=list)
    variants: dict[Word, dict[str, str]] = Field(default_factory=dict)
    price_variants: dict[Word, dict[str, str]] = Field(default_factory=dict)
    keywords: list[str] = Field(default_factory=list)
    forms: list[str] = Field(default_factory=lambda: [""])
    example: str
    steps: dict[str, str] = Field(default_factory=dict)
    asks: dict[str, str] = Field(default_factory=dict)


class Commands(Sheet):
    """conf/commands.yaml."""

    edu_code_reading: Literal["hours", "price"] = "hours"
    interfaces: dict[ChannelName, str]
    limits: Limits = Limits()
    rights: dict[str, dict[ChannelName, LevelName]]
    parameters: dict[str, ParameterRow]
    commands: dict[str, CommandRow]


def register(sheet: Commands, catalogue: Catalogue, reading: frozenset[str]) -> Register:
    """The sheet as a register; `reading` names the actions that change nothing.

    For a sheet in which `check.problems` has found nothing.
    """
    specs = {action: _spec(sheet, action, action in reading) for action in sheet.commands}
    codes: dict[str, Code] = {}
    firsts: dict[str, tuple[Code, ...]] = {}
    for action, row in sheet.commands.items():
        words = list(_codes(sheet, row, specs[action], catalogue))
        codes |= {code.word: code for code in words}
        firsts[action] = tuple(words)
    return Register(
        specs=specs,
        codes=codes,
        firsts=firsts,
        parameters={name: row.kind for name, row in sheet.parameters.items()},
        rights={(op, ch): lv for op, row in sheet.rights.items() for ch, lv in row.items()},
        interfaces=sheet.interfaces,
        settings=sheet.limits.settings(),
        lexicon=lexicon({a: tuple(r.keywords) for a, r in sheet.commands.items()}, firsts),
    )


def words(sheet: Commands, row: CommandRow) -> dict[str, dict[str, str]]:
    """Every word of a command with the parameters it fixes, by the reading that is set (C1.8)."""
    by_price = row.price_variants if sheet.edu_code_reading == "price" else {}
    return {word: {} for word in row.codes} | row.variants | by_price


def _codes(sheet: Commands, row: CommandRow, spec: Spec, catalogue: Catalogue) -> Iterator[Code]:
    forms = tuple(form(sheet, line) for line in row.forms)
    for word, fixed in words(sheet, row).items():
        service = catalogue.service(fixed.get("service", ""))
        own = replace(spec, name=service.name, format=word, example=word) if service else spec
        yield Code(word, own, forms, fixed)


def form(sheet: Commands, line: str) -> Form:
    """`subject#password` as places; `new/again` is one place that fills two parameters."""
    places = [tuple(place.split("/")) for place in line.split("#")] if line else []
    return tuple(Parameter(names, sheet.parameters[names[0]].kind) for names in places)


def _spec(sheet: Commands, action: str, reads_only: bool) -> Spec:
    row = sheet.commands[action]
    return Spec(
        action=action,
        name=row.name.label(),
        operation=row.operation,
        confirm=row.confirm,
        channels=frozenset(row.channels),
        reads_only=reads_only,
        format=_format(sheet, row),
        example=row.example,
        steps=tuple(row.steps),
        asks={**row.steps, **row.asks},
    )


def _format(sheet: Commands, row: CommandRow) -> Label:
    """How the longest form is written: CXYE#号码#服务密码."""
    longest = max(row.forms, key=lambda line: line.count("#") + bool(line))
    names = [sheet.parameters[place.split("/")[0]].name for place in longest.split("#") if place]
    first = next(iter([*row.codes, *row.variants]))
    return Label(
        "#".join([first, *(n.zh for n in names)]), "#".join([first, *(n.en for n in names)])
    )
