"""What conf/commands.yaml may say, and the register made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import tzinfo
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from commands.config.interface_file import HoursOfDay
from commands.config.rule_file import Duration, PortingRow, RatingRow, SprayRow
from commands.model.command_register import CommandCode, CommandRegister, SubPort
from commands.model.interfaces import InterfaceRegistry
from commands.model.parameters import Parameter, ParameterForm, ParameterKind
from commands.model.request import AuthLevel, Channel, CommandSpec, ConfirmRule
from commands.model.settings import ClosedPeriod, HallSettings
from commands.parser.lexicon import lexicon
from periods.period import seconds_at
from tariffs.bilingual_name import BilingualName
from tariffs.catalogue import SHANGHAI, Catalogue
from tariffs.rows import NameRow, PeriodRow, StrictRow


def level(name: object) -> object:
    if isinstance(name, str) and name in AuthLevel.__members__:
        return AuthLevel[name]
    raise ValueError(f"there is no such proof; write one of {', '.join(AuthLevel.__members__)}")


LevelName = Annotated[AuthLevel, BeforeValidator(level)]
ChannelName = Annotated[Channel, Field(strict=False)]
RightsColumn = Literal[
    "sms", "voice", "ussd",
    "hall", "agent", "bank", "web", "app", "group", "call_centre", "partner",
]  # fmt: skip
NOBODY: Final[InterfaceRegistry] = {}
# Written as subscribers send it once it is normalised: no blanks, no separators, upper case.
CodeWord = Annotated[str, Field(pattern=r"^[^\sa-z#*+,]+$", max_length=16)]


# Any text that holds it means the command, so one character would be too little.
Keyword = Annotated[str, Field(pattern=r"^\S.*\S$", max_length=40)]


class LimitsRow(StrictRow):
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


class ParameterRow(StrictRow):
    kind: Annotated[ParameterKind, Field(strict=False)]
    name: NameRow


class SubPortRow(StrictRow):
    reads: str = ""
    words: dict[CodeWord, CodeWord] = Field(default_factory=dict)
    help: str = "help.format"


class CommandRow(StrictRow):
    name: NameRow
    operation: str
    confirm: Annotated[ConfirmRule, Field(strict=False)] = ConfirmRule.NONE
    channels: list[ChannelName]
    codes: list[CodeWord] = Field(default_factory=list)
    variants: dict[CodeWord, dict[str, str]] = Field(default_factory=dict)
    price_variants: dict[CodeWord, dict[str, str]] = Field(default_factory=dict)
    keywords: list[Keyword] = Field(default_factory=list)
    forms: list[str] = Field(default_factory=lambda: [""])
    example: str = ""
    steps: dict[str, str] = Field(default_factory=dict)
    asks: dict[str, str] = Field(default_factory=dict)
    unavailable: str = ""
    alone: str = ""
    kept: str = ""

    @property
    def at_doors_only(self) -> bool:
        """Subscribers cannot send it, so it needs no code."""
        return self.channels == [Channel.DOOR] and not (self.codes or self.variants)


class ClosedRow(PeriodRow):
    """When something is not done, though it is at this hour on other days."""

    operations: list[str] = Field(default_factory=list)
    says: NameRow

    def read(self, zone: tzinfo) -> ClosedPeriod:
        period = self.period
        begins, ends = (seconds_at(minute, zone) for minute in (period.begins, period.ends))
        return ClosedPeriod(begins, ends, frozenset(self.operations), self.says.label())


class CommandsFile(StrictRow):
    """conf/commands.yaml."""

    edu_code_reading: Literal["hours", "price"] = "hours"
    interfaces: dict[ChannelName, str]
    limits: LimitsRow = LimitsRow()
    spray: SprayRow = SprayRow()
    rating: RatingRow = RatingRow()
    porting: PortingRow = PortingRow()
    windows: dict[str, HoursOfDay] = Field(default_factory=dict)
    closed: list[ClosedRow] = Field(default_factory=list, max_length=100)
    ports: dict[Annotated[str, Field(pattern="^[0-9]{1,10}$")], SubPortRow] = Field(
        default_factory=dict
    )
    rights: dict[str, dict[RightsColumn, LevelName]]
    parameters: dict[str, ParameterRow]
    commands: dict[str, CommandRow]

    def settings(self, zone: tzinfo = SHANGHAI) -> HallSettings:
        plain = self.limits.model_dump(exclude={"weak_blocks"})
        return HallSettings(
            **plain,
            weak_blocks=frozenset(self.limits.weak_blocks),
            windows=self.windows,
            closed=tuple(row.read(zone) for row in self.closed),
            spray=self.spray.limits(),
            rating=self.rating.rules(),
            porting=self.porting.rules(),
        )


def register(
    file: CommandsFile,
    catalogue: Catalogue,
    reading: frozenset[str],
    registry: InterfaceRegistry = NOBODY,
    delivered: frozenset[str] = frozenset(),
) -> CommandRegister:
    """The file as a register; `reading` names the actions that change nothing, `delivered` those
    that can be had though their row says that they cannot.

    For a file in which `command_checks.problems` has found nothing.
    """
    specs = {action: _spec(file, action, action in reading) for action in file.commands}
    specs |= {action: replace(specs[action], unavailable="") for action in delivered & specs.keys()}
    codes: dict[str, CommandCode] = {}
    firsts: dict[str, tuple[CommandCode, ...]] = {}
    alone: dict[str, tuple[CommandCode, ...]] = {}  # what nobody can send
    for action, row in file.commands.items():
        words = list(_codes(file, row, specs[action], catalogue))
        if row.at_doors_only:
            forms = tuple(form(file, line) for line in row.forms)
            alone[action] = (CommandCode(action, specs[action], forms),)
            continue
        codes |= {code.word: _beside(codes.get(code.word), code) for code in words}
        firsts[action] = tuple(words)
    return CommandRegister(
        specs=specs,
        codes=codes,
        firsts={**firsts, **alone},
        parameters={name: row.kind for name, row in file.parameters.items()},
        rights={(op, ch): lv for op, row in file.rights.items() for ch, lv in row.items()},
        interfaces=file.interfaces,
        settings=file.settings(catalogue.zone),
        lexicon=lexicon({a: tuple(r.keywords) for a, r in file.commands.items()}, firsts),
        ports={digits: _sub_port(row, firsts) for digits, row in file.ports.items()},
        registry=registry,
        alone=tuple(
            (file.parameters[row.alone].kind, row.alone, firsts[action][0])
            for action, row in file.commands.items()
            if row.alone
        ),
    )


def _beside(first: CommandCode | None, code: CommandCode) -> CommandCode:
    """A word may stand for several commands, told apart by what follows it."""
    return code if first is None else replace(first, others=(*first.others, code))


def _sub_port(row: SubPortRow, firsts: Mapping[str, tuple[CommandCode, ...]]) -> SubPort:
    return SubPort(firsts[row.reads][0] if row.reads else None, row.words, row.help)


def words(file: CommandsFile, row: CommandRow) -> dict[str, dict[str, str]]:
    """Every word of a command with the parameters it fixes, by the reading that is set (C1.8)."""
    by_price = row.price_variants if file.edu_code_reading == "price" else {}
    return {word: {} for word in row.codes} | row.variants | by_price


def _codes(
    file: CommandsFile, row: CommandRow, spec: CommandSpec, catalogue: Catalogue
) -> Iterator[CommandCode]:
    for word, fixed in words(file, row).items():
        forms = tuple(form(file, line) for line in open_places(row.forms, fixed))
        service = catalogue.services.get(fixed.get("service", ""))
        named = service or catalogue.plans.get(fixed.get("plan", ""))
        own = replace(spec, name=named.name, format=word, example=word) if named else spec
        yield CommandCode(word, own, forms, fixed)


def open_places(forms: Iterable[str], fixed: Mapping[str, str]) -> Iterator[str]:
    """The forms of a word without what it fixes itself: after KTQQT58 no plan is named."""
    for line in forms:
        yield "#".join(p for p in line.split("#") if fixed.keys().isdisjoint(p.split("/")))


def form(file: CommandsFile, line: str) -> ParameterForm:
    """`subject#password` as places; `new/again` is one place that fills two parameters."""
    places = [tuple(place.split("/")) for place in line.split("#")] if line else []
    return tuple(Parameter(names, file.parameters[names[0]].kind) for names in places)


def _spec(file: CommandsFile, action: str, reads_only: bool) -> CommandSpec:
    row = file.commands[action]
    return CommandSpec(
        action=action,
        name=row.name.label(),
        operation=row.operation,
        confirm=row.confirm,
        channels=frozenset(row.channels),
        reads_only=reads_only,
        format=_format(file, row),
        example=row.example,
        steps=tuple(row.steps),
        asks={**row.steps, **row.asks},
        unavailable=row.unavailable,
        kept=row.kept,
    )


def _format(file: CommandsFile, row: CommandRow) -> BilingualName:
    """How the first form is written, or the longest if it may be nothing: CXYE#号码#服务密码."""
    told = row.forms[0] or max(row.forms, key=lambda line: line.count("#") + bool(line))
    names = [file.parameters[place.split("/")[0]].name for place in told.split("#") if place]
    first = next(iter([*row.codes, *row.variants]), "")
    return BilingualName(
        "#".join([first, *(n.zh for n in names)]), "#".join([first, *(n.en for n in names)])
    )
