"""conf/tickets.yaml: kinds of tickets, and what is promised with each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from commands.config.interface_file import HoursOfDay, disturbing
from commands.config.rule_file import Duration, PositiveCount, seconds
from commands.model.care.ticket_rules import (
    BLANK,
    KINDS_OF_CODES,
    Promise,
    TicketCategory,
    TicketKind,
    TicketRules,
    TicketTemplate,
    blanks_in,
)
from tariffs.file_problem import FilePlace, FileProblem, namesakes, one_of
from tariffs.rows import NameRow, StrictRow

_WORKING: Final = re.compile(r"([0-9]{1,3}) working (hours|days)")
_FORMS: Final = "a time is written like 30 min, 48 h, 2 d, 2 working hours or 2 working days"
_LONGEST_WORKING: Final = 366
_LONGEST_TEXT: Final = 300  # characters of an answer
_NAME: Final = r"^[a-z][a-z_]{0,30}$"


def promise(written: object) -> Promise:
    """Raises ValueError."""
    found = _WORKING.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        try:
            return Promise(seconds(written))
        except ValueError:
            raise ValueError(_FORMS) from None
    count = int(found[1])
    if not 0 < count <= _LONGEST_WORKING:
        raise ValueError(f"working hours or days are 1 to {_LONGEST_WORKING}")
    return (
        Promise(working_seconds=count * 3600)
        if found[2] == "hours"
        else Promise(working_days=count)
    )


def _after(written: object) -> object:
    """Like a duration, but nothing is a time too."""
    return 0 if written in ("0 h", "0 min") else seconds(written)


PromisedTime = Annotated[Promise, BeforeValidator(promise)]
AfterDue = Annotated[int, BeforeValidator(_after)]
TicketName = Annotated[str, Field(pattern=_NAME)]
Word = Annotated[str, Field(min_length=1, max_length=40)]


class CategoryRow(StrictRow):
    name: NameRow
    words: list[Word] = Field(default_factory=list)


class TicketKindRow(StrictRow):
    name: NameRow
    due: PromisedTime
    categories: dict[TicketName, CategoryRow] = Field(default_factory=dict)
    joins: bool = False
    urgent: bool = False
    password: bool = False
    hand_over: bool = False

    def read(self) -> TicketKind:
        return TicketKind(
            self.name.label(),
            self.due,
            {
                code: TicketCategory(row.name.label(), tuple(row.words))
                for code, row in self.categories.items()
            },
            urgent=self.urgent,
            joins=self.joins,
            password=self.password,
            hand_over=self.hand_over,
        )


class TemplateRow(StrictRow):
    """An answer that colleagues pick."""

    name: NameRow
    text: NameRow
    kinds: list[str] = Field(default_factory=list)
    categories: list[str] = Field(default_factory=list)
    blanks: dict[TicketName, NameRow] = Field(default_factory=dict)

    def read(self) -> TicketTemplate:
        return TicketTemplate(
            self.name.label(), self.text.label(), frozenset(self.kinds), frozenset(self.categories),
            {blank: row.label() for blank, row in self.blanks.items()},
        )  # fmt: skip


class CountryRow(StrictRow):
    due: Duration
    words: list[Word]


class TicketsFile(StrictRow):
    """conf/tickets.yaml."""

    hours: HoursOfDay
    tell: HoursOfDay
    a_day: PositiveCount
    again: Duration
    accept: PromisedTime
    escalate: Annotated[list[AfterDue], Field(min_length=1, max_length=5)]
    give_back: AfterDue = 0  # 0 h: never
    country: CountryRow
    kinds: dict[TicketName, TicketKindRow]
    templates: dict[TicketName, TemplateRow] = Field(default_factory=dict)

    def rules(self) -> TicketRules:
        return TicketRules(
            {code: row.read() for code, row in self.kinds.items()},
            self.hours,
            self.tell,
            self.accept,
            tuple(self.escalate),
            self.again,
            self.country.due,
            tuple(self.country.words),
            self.a_day,
            {code: row.read() for code, row in self.templates.items()},
            self.give_back,
        )


def problems(file: TicketsFile) -> Iterator[FileProblem]:
    """What subscribers' codes need, and what cannot be meant."""
    for code in KINDS_OF_CODES:
        if code not in file.kinds:
            what = f"there is no kind '{code}', which subscribers can open"
            yield FileProblem(("kinds",), what, f"Add {code}: with its name and due")
    if list(file.escalate) != sorted(set(file.escalate)):
        what = "the times of escalate do not rise"
        yield FileProblem(("escalate",), what, "Put the shortest first, each once")
    if file.hours.opens > file.hours.closes:
        what = "working hours that begin in the evening and end in the morning"
        yield FileProblem(("hours",), what, "Write them like 8:30-18:00")
    yield from disturbing(("tell",), file.tell)
    yield from namesakes("kinds", "zh", {code: row.name.zh for code, row in file.kinds.items()})
    for code, row in file.kinds.items():
        if _is_longer(file.accept, row.due):
            what = f"a {code} is due before it is late that nobody has taken it"
            yield FileProblem(("kinds", code, "due"), what, "Make it longer than accept:")
        yield from _words_twice(("kinds", code, "categories"), row.categories)
    yield from _of_codes(file)
    yield from _of_templates(file)


def _is_longer(one: Promise, other: Promise) -> bool:
    """Of two that are counted alike."""
    pairs = (
        (one.seconds, other.seconds),
        (one.working_seconds, other.working_seconds),
        (one.working_days, other.working_days),
    )
    return any(mine > theirs > 0 for mine, theirs in pairs)


def _words_twice(here: FilePlace, categories: Mapping[str, CategoryRow]) -> Iterator[FileProblem]:
    """The first category that has a word is the ticket's."""
    seen: dict[str, str] = {}
    for name, row in categories.items():
        for position, word in enumerate(row.words):
            if (other := seen.setdefault(word, name)) != name:
                what = f"'{word}' stands under {other} as well"
                yield FileProblem((*here, name, "words", position), what, "Keep one of the two")


def _of_templates(file: TicketsFile) -> Iterator[FileProblem]:
    """For what they are, and what colleagues fill in."""
    for code, row in file.templates.items():
        here: FilePlace = ("templates", code)
        for position, kind in enumerate(row.kinds):
            if kind not in file.kinds:
                what = f"there is no kind '{kind}'"
                yield FileProblem((*here, "kinds", position), what, one_of(file.kinds, kind))
        kinds = [file.kinds[kind] for kind in row.kinds if kind in file.kinds]
        known = {name for kind in kinds or file.kinds.values() for name in kind.categories}
        for position, category in enumerate(row.categories):
            if category not in known:
                what = f"its kinds have no category '{category}'"
                yield FileProblem((*here, "categories", position), what, one_of(known, category))
        yield from _of_text(here, row.text)
        text = row.text.label()
        written = blanks_in(f"{text} {text.en}")
        for blank in row.blanks:
            if blank not in written:
                what = f"its text has no blank {{{blank}}}"
                yield FileProblem((*here, "blanks", blank), what, one_of(written, blank))


def _of_text(here: FilePlace, text: NameRow) -> Iterator[FileProblem]:
    label = text.label()
    for language, words in (("zh", str(label)), ("en", label.en)):
        if len(words) > _LONGEST_TEXT:
            what = f"has more than {_LONGEST_TEXT} characters"
            yield FileProblem((*here, "text", language), what, "Shorten it")
        if {"{", "}"} & set(BLANK.sub("", words)):
            what = "a blank is written {amount}: small letters between brackets"
            yield FileProblem((*here, "text", language), what, "Correct the brackets")
    if set(blanks_in(label)) != set(blanks_in(label.en)):
        what = "zh and en have not the same blanks"
        yield FileProblem((*here, "text"), what, "Write each blank in both")


def _of_codes(file: TicketsFile) -> Iterator[FileProblem]:
    """The texts that subscribers read say minutes, and days that are worked."""
    due: tuple[tuple[str, str, str], ...] = (
        ("callback", "seconds", "Write it like 30 min"),
        ("sim", "working_days", "Write it like 2 working days"),
    )
    for code, unit, fix in due:
        row = file.kinds.get(code)
        if row is not None and not getattr(row.due, unit):
            place: FilePlace = ("kinds", code, "due")
            yield FileProblem(place, f"{code} is promised to subscribers otherwise", fix)
    for code, row in file.kinds.items():
        if row.password and code in KINDS_OF_CODES:
            what = f"subscribers open {code} themselves: no colleague asks for a password"
            yield FileProblem(("kinds", code, "password"), what, "Take it out")
