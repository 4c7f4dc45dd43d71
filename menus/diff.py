"""What changes for a subscriber between two books: what keys do, what is said, how it ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from menus import walk
from menus.book import Book, Deed, Ending, Go, Option, Screen
from menus.pins import deed_of, describe
from menus.script import Script, begin, outcome, plain
from menus.steps import Answer, End, Run, Show, Transfer, Walked
from menus.wording import LANGUAGES, Channel

_DEEP: Final = 6  # keys in a row that are compared
_MASK: Final = "***"  # what recordings hold instead of a secret


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. Empty `was` or `now`: there was, or is, nothing."""

    where: str
    was: str
    now: str

    def __str__(self) -> str:
        if not self.was:
            return f"+ {self.where}: {self.now}"
        if not self.now:
            return f"- {self.where}: {self.was}"
        return f"~ {self.where}: {self.was} → {self.now}"


def changes(old: Book, new: Book) -> list[Change]:
    """First what keys and numbers do, then what is said."""
    return [
        *_compared(dict(_routes(old)), dict(_routes(new))),
        *_compared(dict(_paths(old)), dict(_paths(new))),
        *_compared(dict(_words(old)), dict(_words(new))),
    ]


def _compared(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for where in dict.fromkeys([*old, *new]):
        was, now = old.get(where, ""), new.get(where, "")
        if was != now:
            yield Change(where, was, now)


def _routes(book: Book) -> Iterator[tuple[str, str]]:
    """Each row of keys from an entry, and what the last of them does."""
    for channel, starts in book.entries.items():
        for start, name in starts.items():
            yield from _from(book, channel, f"{channel.value} {start}", name, ())


def _from(
    book: Book, channel: Channel, route: str, name: str, passed: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    screen = book.screens.get(name)
    if screen is None or name in passed or len(passed) == _DEEP:
        return
    for option in screen.options:
        if channel not in option.channels:
            continue
        here = f"{route} {option.key}{_for(option)}"
        does = option.does
        yield here, f"go {does.to}" if isinstance(does, Go) else describe(book, does)
        for target in _targets(book, option):
            yield from _from(book, channel, here, target, (*passed, name))
    if screen.collect is not None and screen.collect.does is not None:
        here = f"{route} <{screen.collect.field.name}>"
        does = screen.collect.does
        yield here, f"go {does.to}" if isinstance(does, Go) else describe(book, does)
        if isinstance(does, Go):
            yield from _from(book, channel, here, does.to, (*passed, name))


def _for(option: Option) -> str:
    """Whom a key is for, if not for all."""
    rule = option.when
    told = [*sorted(rule.brands), *sorted(rule.states), *sorted(rule.groups)]
    told += [f"star {rule.star}"] if rule.star else []
    told += [f"{rule.hours[0]}-{rule.hours[1]}"] if rule.hours else []
    return f"({', '.join(told)})" if told else ""


def _targets(book: Book, option: Option) -> list[str]:
    match option.does:
        case Go(to):
            return [to]
        case Deed() as deed:
            return [deed.on[Ending.OK]] if Ending.OK in deed.on else []
        case _:
            return []


def _paths(book: Book) -> Iterator[tuple[str, str]]:
    for path in book.paths.values():
        yield f"dialling {path.dialled}", deed_of(book, path) or "leads nowhere"


def _words(book: Book) -> Iterator[tuple[str, str]]:
    for screen in book.screens.values():
        for channel in Channel:
            for language in LANGUAGES:
                yield f"{screen.name} on {channel} in {language}", _said(screen, channel, language)


def _said(screen: Screen, channel: Channel, language: str) -> str:
    labels = [
        f"{option.key} {option.label.get(channel, language) or ''}"
        for option in screen.options
        if channel in option.channels
    ]
    said = [screen.say.get(channel, language), *labels, screen.close.get(channel, language)]
    return " / ".join(part for part in said if part)


# -- recorded dialogues, walked again ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Replayed:
    """A dialogue that ends differently."""

    name: str
    was: str
    now: str


def replayed(old: Book, new: Book, recordings: Iterable[Script]) -> Iterator[Replayed]:
    """Recordings are scripts of what was typed and how commands ended, secrets masked."""
    for recording in recordings:
        was, now = walked_through(old, recording), walked_through(new, recording)
        if was != now:
            yield Replayed(recording.name, " ▸ ".join(was), " ▸ ".join(now))


def walked_through(book: Book, recording: Script) -> list[str]:
    """What ran, and where it ended."""
    caller = recording.caller.caller()
    walked = begin(book, recording.channel, recording.dial, recording.language, caller)
    done = _done(walked)
    for beat in recording.steps:
        if isinstance(walked.step, End | Transfer):
            break
        if beat.type is not None and isinstance(walked.step, Show):
            typed = _unmasked(book, walked, beat.type)
            walked = walk.step(book, walked.position, typed, caller, walked.ahead)
            done += _done(walked)
        elif beat.ends is not None and isinstance(walked.step, Run | Answer):
            walked = walk.resume(book, walked.position, outcome(beat), caller, walked.ahead)
    return [*done, _end(walked)]


def _done(walked: Walked) -> list[str]:
    return [plain(walked.step)] if isinstance(walked.step, Run | Answer) else []


def _end(walked: Walked) -> str:
    match walked.step:
        case Show(screen) | Transfer(_, screen):
            return f"at {screen}"
        case End(text):
            return f"end: {text}"
        case _:
            return "waiting for the command"


def _unmasked(book: Book, walked: Walked, typed: str) -> str:
    """Something of the right shape, where the recording has stars."""
    screen = book.screens.get(walked.position.screen)
    field = screen.collect.field if screen and screen.collect else None
    return field.longest if typed == _MASK and field else typed
