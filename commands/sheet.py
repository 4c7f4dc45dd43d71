"""What conf/commands.yaml may say, and the register made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from commands.interfaces import HoursOfDay, Registry
from commands.lexicon import lexicon
from commands.parameters import Form, Kind, Parameter
from commands.ports import Settings
from commands.register import Code, Register, SubPort
from commands.rule_sheets import Duration, PortingRow, RatingRow, SprayRow, TicketRow
from commands.vocabulary import Channel, Confirm, Level, Spec
from tariffs.catalogue import Catalogue
from tariffs.label import Label
from tariffs.sheets import Name, Sheet


def level(name: object) -> object:
    return Level[name] if isinstance(name, str) and name in Level.__members__ else name


LevelName = Annotated[Level, BeforeValidator(level)]
ChannelName = Annotated[Channel, Field(strict=False)]
NOBODY: Final[Registry] = {}
# Written as subscribers send it once it is normalised: no blanks, no separators, upper case.
Word = Annotated[str, Field(pattern=r"^[^\sa-z#*+,]+$", max_length=16)]


# Any text that holds it means the command, so it must be something.
Keyword = Annotated[str, Field(pattern=r"^\S(.*\S)?$", max_length=40)]


class Limits(Sheet):
    wrong_passwords: Annotated[int, Field(ge=1)] = 3
    wrong_window: Duration = 24 * 3600
    lock: Duration = 24 * 3600
    step: Duration = 10 * 60
    list: Duration = 24 * 3600
    confirm_once: Duration = 10 * 60
    confirm_twice: Duration = 24 * 3600
    code_lasts: Duration = 5 * 60
    code_tries: Annotated[int, Field(ge=1)] = 3
    code_every: Duration = 60
    codes_a_day: Annotated[int, Field(ge=1)] = 10
    card_errors: Annotated[int, Field(ge=1)] = 3
    card_closed: Duration = 24 * 3600
    card_checks_a_day: Annotated[int, Field(ge=1)] = 5
    payment_checks_a_day: Annotated[int, Field(ge=1)] = 5
    link_lasts: Duration = 30 * 60
    certificate_errors: Annotated[int, Field(ge=1)] = 3
    weak_blocks: tuple[str, ...] = Field(default=(), strict=False)


class ParameterRow(Sheet):
    kind: Annotated[Kind, Field(strict=False)]
    name: Name


class PortRow(Sheet):
    reads: str = ""
    words: dict[Word, Word] = Field(default_factory=dict)
    help: str = "help.format"


class CommandRow(Sheet):
    name: Name
    operation: str
    confirm: Annotated[Confirm, Field(strict=False)] = Confirm.NONE
    channels: list[ChannelName]
    codes: list[Word] = Field(default_factory=list)
    variants: dict[Word, dict[str, str]] = Field(default_factory=dict)
    price_variants: dict[Word, dict[str, str]] = Field(default_factory=dict)
    keywords: list[Keyword] = Field(default_factory=list)
    forms: list[str] = Field(default_factory=lambda: [""])
    example: str
    steps: dict[str, str] = Field(default_factory=dict)
    asks: dict[str, str] = Field(default_factory=dict)
    unavailable: str = ""
    alone: str = ""
    kept: str = ""


class Commands(Sheet):
    """conf/commands.yaml."""

    edu_code_reading: Literal["hours", "price"] = "hours"
    interfaces: dict[ChannelName, str]
    limits: Limits = Limits()
    spray: SprayRow = SprayRow()
    rating: RatingRow = RatingRow()
    tickets: TicketRow = TicketRow()
    porting: PortingRow = PortingRow()
    windows: dict[str, HoursOfDay] = Field(default_factory=dict)
    ports: dict[Annotated[str, Field(pattern="^[0-9]{1,10}$")], PortRow] = Field(
        default_factory=dict
    )
    rights: dict[str, dict[ChannelName, LevelName]]
    parameters: dict[str, ParameterRow]
    commands: dict[str, CommandRow]

    def settings(self) -> Settings:
        plain = self.limits.model_dump(exclude={"weak_blocks"})
        return Settings(
            **plain,
            weak_blocks=frozenset(self.limits.weak_blocks),
            windows=self.windows,
            spray=self.spray.limits(),
            rating=self.rating.rules(),
            tickets=self.tickets.rules(),
            porting=self.porting.rules(),
        )


def register(
    sheet: Commands, catalogue: Catalogue, reading: frozenset[str], registry: Registry = NOBODY
) -> Register:
    """The sheet as a register; `reading` names the actions that change nothing.

    For a sheet in which `check.problems` has found nothing.
    """
    specs = {action: _spec(sheet, action, action in reading) for action in sheet.commands}
    codes: dict[str, Code] = {}
    firsts: dict[str, tuple[Code, ...]] = {}
    for action, row in sheet.commands.items():
        words = list(_codes(sheet, row, specs[action], catalogue))
        codes |= {code.word: _beside(codes.get(code.word), code) for code in words}
        firsts[action] = tuple(words)
    return Register(
        specs=specs,
        codes=codes,
        firsts=firsts,
        parameters={name: row.kind for name, row in sheet.parameters.items()},
        rights={(op, ch): lv for op, row in sheet.rights.items() for ch, lv in row.items()},
        interfaces=sheet.interfaces,
        settings=sheet.settings(),
        lexicon=lexicon({a: tuple(r.keywords) for a, r in sheet.commands.items()}, firsts),
        ports={digits: _sub_port(row, firsts) for digits, row in sheet.ports.items()},
        registry=registry,
        alone=tuple(
            (sheet.parameters[row.alone].kind, row.alone, firsts[action][0])
            for action, row in sheet.commands.items()
            if row.alone
        ),
    )


def _beside(first: Code | None, code: Code) -> Code:
    """A word may stand for several commands, told apart by what follows it."""
    return code if first is None else replace(first, others=(*first.others, code))


def _sub_port(row: PortRow, firsts: Mapping[str, tuple[Code, ...]]) -> SubPort:
    return SubPort(firsts[row.reads][0] if row.reads else None, row.words, row.help)


def words(sheet: Commands, row: CommandRow) -> dict[str, dict[str, str]]:
    """Every word of a command with the parameters it fixes, by the reading that is set (C1.8)."""
    by_price = row.price_variants if sheet.edu_code_reading == "price" else {}
    return {word: {} for word in row.codes} | row.variants | by_price


def _codes(sheet: Commands, row: CommandRow, spec: Spec, catalogue: Catalogue) -> Iterator[Code]:
    for word, fixed in words(sheet, row).items():
        forms = tuple(form(sheet, line) for line in open_places(row.forms, fixed))
        service = catalogue.services.get(fixed.get("service", ""))
        named = service or catalogue.plans.get(fixed.get("plan", ""))
        own = replace(spec, name=named.name, format=word, example=word) if named else spec
        yield Code(word, own, forms, fixed)


def open_places(forms: Iterable[str], fixed: Mapping[str, str]) -> Iterator[str]:
    """The forms of a word without what it fixes itself: after KTQQT58 no plan is named."""
    for line in forms:
        yield "#".join(p for p in line.split("#") if fixed.keys().isdisjoint(p.split("/")))


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
        unavailable=row.unavailable,
        kept=row.kept,
    )


def _format(sheet: Commands, row: CommandRow) -> Label:
    """How the first form is written, or the longest if it may be nothing: CXYE#号码#服务密码."""
    told = row.forms[0] or max(row.forms, key=lambda line: line.count("#") + bool(line))
    names = [sheet.parameters[place.split("/")[0]].name for place in told.split("#") if place]
    first = next(iter([*row.codes, *row.variants]))
    return Label(
        "#".join([first, *(n.zh for n in names)]), "#".join([first, *(n.en for n in names)])
    )
