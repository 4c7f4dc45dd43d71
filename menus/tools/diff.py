"""What changes for a subscriber between two books: what keys do, what is said, how it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from menus.lint.published_numbers import describe, published_action
from menus.model.book import Book, CommandCall, CommandEnding, GoTo, Option, Screen
from menus.model.steps import (
    AnswerCommand,
    EndDialogue,
    RunCommand,
    ShowScreen,
    TransferCall,
    WalkResult,
)
from menus.model.wording import LANGUAGES, MenuChannel
from menus.tools.scripts import MenuScript, begin, outcome, plain
from menus.tools.told_conditions import told_condition
from menus.walk import walk

_DEEP: Final = 6  # keys in a row that are compared
_MASK: Final = "***"  # what recordings hold instead of a secret


@dataclass(frozen=True, slots=True)
class BookChange:
    """One difference. Empty `was` or `now`: there was, or is, nothing. `language`: it is a text in
    it."""

    where: str
    was: str
    now: str
    language: str = ""

    def __str__(self) -> str:
        if not self.was:
            return f"+ {self.where}: {self.now}"
        if not self.now:
            return f"- {self.where}: {self.was}"
        return f"~ {self.where}: {self.was} → {self.now}"


Filled = Callable[[str, str], str]
"""A text in a language, with what it takes from elsewhere."""


def _as_written(text: str, _language: str) -> str:
    return text


def changes(
    old: Book, new: Book, was: Filled = _as_written, now: Filled = _as_written
) -> list[BookChange]:
    """First what keys and numbers do, then what is said. `was` and `now` fill the texts of each."""
    return [
        *_compared(dict(_routes(old)), dict(_routes(new))),
        *_compared(dict(_paths(old)), dict(_paths(new))),
        *_said_otherwise(old, new, was, now),
    ]


def _said_otherwise(old: Book, new: Book, was: Filled, now: Filled) -> Iterator[BookChange]:
    languages = {where: language for book in (old, new) for where, language, _ in _texts(book)}
    for change in _compared(dict(_words(old, was)), dict(_words(new, now))):
        yield replace(change, language=languages[change.where])


def _compared(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[BookChange]:
    for where in dict.fromkeys([*old, *new]):
        was, now = old.get(where, ""), new.get(where, "")
        if was != now:
            yield BookChange(where, was, now)


def _routes(book: Book) -> Iterator[tuple[str, str]]:
    """Each row of keys from an entry, and what the last of them does."""
    for channel, starts in book.entries.items():
        for start, name in starts.items():
            yield from _from(book, channel, f"{channel.value} {start}", name, ())


def _from(
    book: Book, channel: MenuChannel, route: str, name: str, passed: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    screen = book.screens.get(name)
    if screen is None or name in passed or len(passed) == _DEEP:
        return
    for option in screen.options:
        if channel not in option.channels:
            continue
        here = f"{route} {option.key}{_for(option)}"
        does = option.does
        yield here, f"go {does.to}" if isinstance(does, GoTo) else describe(book, does)
        for target in _targets(book, option):
            yield from _from(book, channel, here, target, (*passed, name))
    if screen.collect is not None and screen.collect.does is not None:
        here = f"{route} <{screen.collect.field.name}>"
        does = screen.collect.does
        yield here, f"go {does.to}" if isinstance(does, GoTo) else describe(book, does)
        if isinstance(does, GoTo):
            yield from _from(book, channel, here, does.to, (*passed, name))


def _for(option: Option) -> str:
    """Whom a key is for, if not for all."""
    told = told_condition(option.when)
    return f"({told})" if told else ""


def _targets(book: Book, option: Option) -> list[str]:
    match option.does:
        case GoTo(to):
            return [to]
        case CommandCall() as call:
            return [call.on[CommandEnding.OK]] if CommandEnding.OK in call.on else []
        case _:
            return []


def _paths(book: Book) -> Iterator[tuple[str, str]]:
    for path in book.paths.values():
        yield f"dialling {path.dialled}", published_action(book, path) or "leads nowhere"


def _words(book: Book, filled: Filled) -> Iterator[tuple[str, str]]:
    for where, language, text in _texts(book):
        yield where, filled(text, language)


def _texts(book: Book) -> Iterator[tuple[str, str, str]]:
    """Each with where it is said, and its language."""
    for screen in book.screens.values():
        for channel in MenuChannel:
            for language in LANGUAGES:
                where = f"on {channel} in {language}"
                said = _said(screen, screen.options, channel, language)
                yield f"{screen.name} {where}", language, said
                for when, options in screen.versions:
                    whom = f"{screen.name} ({told_condition(when)}) {where}"
                    yield whom, language, _said(screen, options, channel, language)
    for besides in book.said_besides():
        told = told_condition(besides.when)
        name = f"{besides.place[0]} {besides.name}{f' ({told})' if told else ''}"
        for (channel, language), text in besides.say.forms.items():
            yield f"{name} on {channel} in {language}", language, text


def _said(screen: Screen, options: Iterable[Option], channel: MenuChannel, language: str) -> str:
    labels = [
        f"{option.key} {option.label.get(channel, language) or ''}"
        for option in options
        if channel in option.channels
    ]
    said = [screen.say.get(channel, language), *labels, screen.close.get(channel, language)]
    return " / ".join(part for part in said if part)


# -- recorded dialogues, walked again ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReplayedDialogue:
    """A dialogue that ends differently."""

    name: str
    was: str
    now: str


def replayed(old: Book, new: Book, recordings: Iterable[MenuScript]) -> Iterator[ReplayedDialogue]:
    """Recordings are scripts of what was typed and how commands ended, secrets masked."""
    for recording in recordings:
        was, now = walked_through(old, recording), walked_through(new, recording)
        if was != now:
            yield ReplayedDialogue(recording.name, " ▸ ".join(was), " ▸ ".join(now))


def walked_through(book: Book, recording: MenuScript) -> list[str]:
    """What ran, and where it ended."""
    caller = recording.caller.caller()
    walked = begin(book, recording.channel, recording.dial, recording.language, caller)
    done = _done(walked)
    for beat in recording.steps:
        if isinstance(walked.step, EndDialogue | TransferCall):
            break
        if beat.type is not None and isinstance(walked.step, ShowScreen):
            typed = _unmasked(book, walked, beat.type)
            walked = walk.step(book, walked.position, typed, caller, walked.ahead)
            done += _done(walked)
        elif beat.ends is not None and isinstance(walked.step, RunCommand | AnswerCommand):
            walked = walk.resume(book, walked.position, outcome(beat), caller, walked.ahead)
    return [*done, _end(walked)]


def _done(walked: WalkResult) -> list[str]:
    return [plain(walked.step)] if isinstance(walked.step, RunCommand | AnswerCommand) else []


def _end(walked: WalkResult) -> str:
    match walked.step:
        case ShowScreen(screen) | TransferCall(_, screen):
            return f"at {screen}"
        case EndDialogue(text):
            return f"end: {text}"
        case _:
            return "waiting for the command"


def _unmasked(book: Book, walked: WalkResult, typed: str) -> str:
    """Something of the right shape, where the recording has stars."""
    screen = book.screens.get(walked.position.screen)
    field = screen.collect.field if screen and screen.collect else None
    return field.longest if typed == _MASK and field else typed
