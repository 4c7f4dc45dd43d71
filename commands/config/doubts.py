"""What conf/commands.yaml and conf/offers.yaml say that a hall can be run with, and hardly anybody
means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from commands.config.command_file import CommandsFile
from commands.config.offer_file import OffersFile, RecommendationRow
from commands.config.rule_checks import QUERIES
from commands.dispatch.command_kinds import ChangeCommand
from commands.dispatch.command_table import ACTIONS
from commands.model.command_register import CommandCode, CommandRegister
from commands.model.daily_hours import ALWAYS
from periods.period import written
from tariffs.catalogue import Catalogue
from tariffs.file_problem import FilePlace, FileProblem

_DAY: Final = 24 * 60  # minutes
_LONG: Final = 14 * _DAY  # for works; closures are of hours
_OFTEN: Final = 3_600  # seconds


def command_doubts(file: CommandsFile) -> Iterator[FileProblem]:
    """Of a file with which `rule_checks.problems` finds nothing wrong."""
    yield from _closed_twice(file)
    for n, row in enumerate(file.closed):
        if row.period.ends - row.period.begins > _LONG:
            days = (row.period.ends - row.period.begins) // _DAY
            what = f"nothing is done for {days} days"
            yield FileProblem(("closed", n, "until"), what, "Correct it, or take it out")
    if file.spray.rest > file.spray.rest_at_most:
        what = "the first rest is longer than the longest"
        yield FileProblem(("spray", "rest"), what, "Write no more than rest_at_most:")


def _closed_twice(file: CommandsFile) -> Iterator[FileProblem]:
    """Closures of one operation at one time: people are told of the first, and when it ends."""
    meant = [(row.period, _closes(file, row.operations)) for row in file.closed]
    for n, (later, names) in enumerate(meant):
        for first, above in meant[:n]:
            if not (names & above and later.meets(first)):
                continue
            here: FilePlace = ("closed", n)
            if first.begins <= later.begins and later.ends <= first.ends and names <= above:
                what = "a closure above it is told instead, all the time"
                yield FileProblem(here, what, "Take one of them out")
                break
            if first.ends < later.ends or (later.begins < first.begins and later.ends < first.ends):
                end = written(min(first.ends, later.ends))
                what = (
                    f"overlaps a closure above: people are told it ends at {end}, and it does not"
                )
                yield FileProblem(
                    here, what, "Let one end where the other begins, or make them one"
                )
                break


def _closes(file: CommandsFile, operations: Sequence[str]) -> frozenset[str]:
    """What such a closure is for: without names, all that changes something, but not what is open
    day and night."""
    changing = file.rights.keys() - QUERIES
    by_day = (name for name in changing if file.windows.get(name) != ALWAYS)
    return frozenset(operations or by_day)


def offer_doubts(
    file: OffersFile, register: CommandRegister, catalogue: Catalogue
) -> Iterator[FileProblem]:
    """What is not sold while it is recommended, or not to those it is recommended to."""
    if file.every < _OFTEN:
        what = "the same phone is offered something again and again"
        yield FileProblem(("every",), what, "Write 1 h or more; 24 h is usual")
    for name, row in file.offers.items():
        yield from _cannot_be_had(("offers", name), row, register.codes.get(row.code), catalogue)


def cancel_doubts(register: CommandRegister, catalogue: Catalogue) -> Iterator[FileProblem]:
    """Of conf/tariffs/services.yaml: codes to cancel by that order."""
    for service in catalogue.services.values():
        code = register.codes.get(service.cancel_code)
        action = ACTIONS.get(code.spec.action) if code else None
        if isinstance(action, ChangeCommand) and not action.gives_up:
            what = f"{service.cancel_code} cancels nothing: it orders"
            here: FilePlace = ("services", service.code, "cancel_code")
            yield FileProblem(here, what, "Write the code that cancels it")


def _cannot_be_had(
    here: FilePlace, row: RecommendationRow, code: CommandCode | None, catalogue: Catalogue
) -> Iterator[FileProblem]:
    fixed = code.fixed if code else {}
    service = catalogue.services.get(fixed.get("service", ""))
    sold = service or catalogue.plans.get(fixed.get("plan", ""))
    if sold and not sold.sold.meets(row.period):
        what = f"{sold.code} is not sold while it is recommended: {sold.sold}"
        key = "from" if sold.sold.ends <= row.period.begins else "until"
        yield FileProblem((*here, key), what, "Correct one of the two")
    if service and service.brands and row.brands and service.brands.isdisjoint(row.brands):
        what = f"{service.code} is not for these, only for {', '.join(sorted(service.brands))}"
        yield FileProblem((*here, "brands"), what, "Correct one of the two")
