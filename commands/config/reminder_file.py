"""What conf/reminders.yaml may say, and the rules made of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import Field, StrictInt

from commands.config.interface_file import HoursOfDay, disturbing
from commands.model.command_register import CommandRegister
from commands.model.daily_hours import DailyHours, Workdays
from commands.reminders.model import (
    ReminderHours,
    ReminderKind,
    ReminderRule,
    ReminderRules,
    SentTo,
)
from tariffs.catalogue import Catalogue, EffectiveFrom
from tariffs.file_problem import FilePlace, FileProblem, one_of
from tariffs.rows import StrictRow, Yuan

_WISHED: Final = {
    ReminderKind.BALANCE_LOW: "sv.reminder",
    ReminderKind.CHARGE: "charges.on",
}
"""What subscribers ask for, and by which command."""
_USES: Final[dict[str, tuple[ReminderKind, ...]]] = {
    "below": (ReminderKind.BALANCE_LOW,),
    "at": (ReminderKind.ALLOWANCE,),
    "packs": (ReminderKind.ALLOWANCE,),
    "times": (ReminderKind.HIGH_BILL,),
    "at_least": (ReminderKind.HIGH_BILL,),
    "days": (
        ReminderKind.CONTRACT_ENDING,
        ReminderKind.POINTS_ENDING,
        ReminderKind.PLAN_ENDING,
    ),
}
_NEEDS: Final = ("at", "times", "days")


class ReminderRow(StrictRow):
    to: Annotated[SentTo, Field(strict=False)]
    urgent: bool = False
    below: Yuan | None = None
    at: list[Annotated[StrictInt, Field(ge=1, le=100)]] | None = None
    packs: dict[str, list[str]] | None = None
    times: Annotated[float, Field(ge=1, le=100, strict=False, allow_inf_nan=False)] | None = None
    at_least: Yuan | None = None
    days: Annotated[int, Field(ge=1, le=366)] | None = None

    def read(self) -> ReminderRule:
        return ReminderRule(
            self.to,
            self.urgent,
            self.below or 0,
            tuple(sorted(self.at or ())),
            {item: tuple(codes) for item, codes in (self.packs or {}).items()},
            self.times or 0.0,
            self.at_least or 0,
            self.days or 0,
        )


class HoursRow(StrictRow):
    workdays: HoursOfDay = DailyHours(9 * 60, 20 * 60)
    other_days: HoursOfDay = DailyHours(10 * 60, 20 * 60)


class RemindersFile(StrictRow):
    """conf/reminders.yaml."""

    hours: HoursRow = HoursRow()
    reminders: dict[Annotated[ReminderKind, Field(strict=False)], ReminderRow] = Field(
        default_factory=lambda: {kind: ReminderRow(to=SentTo.WISH) for kind in _WISHED}
    )

    def read(self, days: Workdays) -> ReminderRules:
        hours = ReminderHours(self.hours.workdays, self.hours.other_days)
        kinds = {kind: row.read() for kind, row in self.reminders.items()}
        return ReminderRules(hours, kinds, days)

    def sent_to(self, to: SentTo) -> frozenset[str]:
        """Which kinds; what is not named goes to nobody."""
        named = {kind: row.to for kind, row in self.reminders.items()}
        return frozenset(
            kind.value for kind in ReminderKind if named.get(kind, SentTo.NOBODY) is to
        )


def problems(
    file: RemindersFile,
    catalogue: Catalogue,
    register: CommandRegister,
    unasked: DailyHours | None = None,
) -> Iterator[FileProblem]:
    """What could never be sent, or not be answered to. `unasked`: when the hall speaks first."""
    for name in ("workdays", "other_days"):
        hours: DailyHours = getattr(file.hours, name)
        yield from disturbing(("hours", name), hours)
        if unasked and max(hours.opens, unasked.opens) >= min(hours.closes, unasked.closes):
            what = f"{hours} and unasked.hours of gateway.yaml, {unasked}, share no hour"
            yield FileProblem(("hours", name), what, "Correct one of the two")
    for kind, command in _WISHED.items():
        rule, spec = file.reminders.get(kind), register.specs.get(command)
        if (rule is None or rule.to is SentTo.NOBODY) and spec and not spec.unavailable:
            here: FilePlace = ("reminders", kind.value) if rule else ("reminders",)
            what = f"{spec.example} promises {kind.value}, and nobody gets it"
            fix = f"Write {kind.value}: {{to: wish}}, or give {command} an unavailable: text"
            yield FileProblem(here, what, fix)
    for kind, row in file.reminders.items():
        yield from _misplaced(kind, row, register)
        yield from _packs(kind, row, catalogue, register)


def _misplaced(
    kind: ReminderKind, row: ReminderRow, register: CommandRegister
) -> Iterator[FileProblem]:
    here: FilePlace = ("reminders", kind.value)
    for key, kinds in _USES.items():
        given = getattr(row, key) is not None
        if given and kind not in kinds:
            yield FileProblem((*here, key), f"{kind.value} has no use for '{key}'", "Remove it")
        if not given and kind in kinds and key in _NEEDS and row.to is not SentTo.NOBODY:
            yield FileProblem(here, f"{kind.value} needs '{key}'", f"Add {key}:")
    if row.below == 0:
        what = "nobody's balance is below 0"
        yield FileProblem((*here, "below"), what, "Write an amount, or take it out")
    asked = {code.fixed.get("reminder", "") for code in register.codes.values()}
    if row.to is SentTo.WISH and kind not in _WISHED and kind.value not in asked:
        what = f"nobody can ask for {kind.value}"
        yield FileProblem((*here, "to"), what, "Write all, default or nobody")


def _packs(
    kind: ReminderKind, row: ReminderRow, catalogue: Catalogue, register: CommandRegister
) -> Iterator[FileProblem]:
    for item, codes in (row.packs or {}).items():
        here: FilePlace = ("reminders", kind.value, "packs", item)
        if item not in catalogue.items:
            yield FileProblem(here, f"nothing is named '{item}'", one_of(catalogue.items, item))
            continue
        for position, code in enumerate(codes):
            service, place = catalogue.service(code), (*here, position)
            if service is None:
                what = f"conf/tariffs has no service '{code}'"
                yield FileProblem(place, what, one_of(catalogue.services, code))
            elif f"KT{code}" not in register.codes:
                what = f"nobody could answer KT{code}: it is no code"
                yield FileProblem(place, what, "Add it to commands.yaml, or remove the pack")
            elif item not in service.includes and item not in service.unlimited:
                yield FileProblem(place, f"{code} includes no {item}", "Remove it")
            elif service.effect is not EffectiveFrom.AT_ONCE:
                yield FileProblem(place, f"{code} begins next month only", "Remove it")
