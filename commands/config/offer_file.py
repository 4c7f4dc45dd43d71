"""What conf/offers.yaml may say, and the offers made of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Annotated, Final

from pydantic import Field

from commands.config.interface_file import HoursOfDay, disturbing
from commands.config.rule_file import Duration
from commands.dispatch.command_kinds import ChangeCommand
from commands.dispatch.command_table import ACTIONS
from commands.marketing.offers import Recommendation, Recommendations
from commands.model.command_register import CommandRegister
from commands.model.daily_hours import DailyHours
from periods.period import seconds_at
from tariffs.catalogue import Catalogue
from tariffs.file_problem import FilePlace, FileProblem, one_of
from tariffs.rows import NameRow, PeriodRow, StrictRow

_LONGEST: Final = {"zh": 40, "en": 80}  # characters of a pitch, with {price:…} as it is written


class RecommendationRow(PeriodRow):
    pitch: NameRow
    code: str
    after: list[str]
    brands: list[str] = Field(default_factory=list)
    plans: list[str] = Field(default_factory=list)
    classes: list[str] = Field(default_factory=list)  # of customers
    weight: Annotated[int, Field(ge=1, le=1000)] = 1


class OffersFile(StrictRow):
    """conf/offers.yaml."""

    every: Duration = 24 * 3600
    hours: HoursOfDay = DailyHours(8 * 60, 21 * 60)
    offers: dict[str, RecommendationRow] = Field(default_factory=dict, max_length=1_000)

    def read(self, register: CommandRegister, zone: tzinfo) -> Recommendations:
        offers = tuple(_offer(name, row, register, zone) for name, row in self.offers.items())
        return Recommendations(offers, self.every, self.hours)


def _offer(
    name: str, row: RecommendationRow, register: CommandRegister, zone: tzinfo
) -> Recommendation:
    return Recommendation(
        row.pitch.label(),
        row.code,
        register.codes[row.code].fixed.get("service", ""),
        frozenset(row.after),
        frozenset(row.brands),
        frozenset(row.plans),
        frozenset(row.classes),
        seconds_at(row.period.begins, zone),
        seconds_at(row.period.ends, zone) if row.until else 0,
        row.weight,
        name,
    )


def problems(
    file: OffersFile, register: CommandRegister, catalogue: Catalogue
) -> Iterator[FileProblem]:
    """What names something that is not there."""
    yield from disturbing(("hours",), file.hours)
    for name, row in file.offers.items():
        here: FilePlace = ("offers", name)
        if row.code not in register.codes:
            yield FileProblem(
                (*here, "code"), f"no command has the code '{row.code}'", "Correct it"
            )
        if not row.after:
            what = "it stands beside no answer, so nobody sees it"
            yield FileProblem((*here, "after"), what, "Name a query, or take the offer out")
        known: Mapping[str, tuple[Sequence[str], Collection[str]]] = {
            "after": (row.after, [a for a, spec in register.specs.items() if spec.reads_only]),
            "brands": (row.brands, catalogue.brands),
            "plans": (row.plans, catalogue.plans),
            "classes": (row.classes, [one.code for one in register.settings.classes.known]),
        }
        for key, (values, there) in known.items():
            for position, value in enumerate(values):
                if value not in there:
                    fix = one_of(sorted(there), value)
                    yield FileProblem((*here, key, position), f"there is no '{value}'", fix)
        yield from _unseen(here, row, register, catalogue)
        if row.period.is_empty:
            yield FileProblem((*here, "until"), "it ends before it begins", "Correct a date")


def _unseen(
    here: FilePlace, row: RecommendationRow, register: CommandRegister, catalogue: Catalogue
) -> Iterator[FileProblem]:
    """What names nothing that is not there, and would still be of no use to anybody."""
    code = register.codes.get(row.code)
    action = ACTIONS.get(code.spec.action) if code else None
    if isinstance(action, ChangeCommand) and action.gives_up:
        what = f"'{row.code}' ends something, and is recommended"
        yield FileProblem((*here, "code"), what, "Name the code that orders it")
    elif code and not isinstance(action, ChangeCommand):
        what = f"'{row.code}' orders nothing, and is recommended"
        yield FileProblem((*here, "code"), what, "Name the code that orders it")
    silent = {one.code for one in register.settings.classes.known if not one.advertising}
    for position, name in enumerate(row.classes):
        if name in silent:
            what = f"who is of class '{name}' gets no recommendations"
            yield FileProblem((*here, "classes", position), what, "Take it out")
    for position, name in enumerate(row.plans):
        plan = catalogue.plans.get(name)
        if plan is not None and row.brands and plan.brand not in row.brands:
            what = f"{name} is a plan of {plan.brand}, which is not among brands:"
            yield FileProblem((*here, "plans", position), what, "Take one of them out")
    for language, text in (("zh", row.pitch.zh), ("en", row.pitch.en)):
        if len(text) > _LONGEST[language]:
            what = f"has {len(text)} characters, and hardly ever finds room beside an answer"
            fix = f"Shorten it to {_LONGEST[language]}"
            yield FileProblem((*here, "pitch", language), what, fix)
