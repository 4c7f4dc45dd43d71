"""Who gets where: the screens that each channel can come to, and by which ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from menus.book import (
    END,
    HOME,
    HUMAN,
    SPECIAL,
    Book,
    Deed,
    Doing,
    Ending,
    Go,
    Option,
    Place,
    Screen,
)
from menus.wording import EVERYWHERE, Channel
from menus.world import Command

Commands = Mapping[str, Command]


@dataclass(frozen=True, slots=True)
class Way:
    """From somewhere to a screen (or a special target), and where in the file that is written.
    `deed` and `ending`: it is taken when that command ends so."""

    to: str
    place: Place
    channels: frozenset[Channel] = EVERYWHERE
    deed: Deed | None = None
    ending: Ending | None = None


def ways(book: Book, screen: Screen, commands: Commands) -> Iterator[Way]:
    """Every way out of a screen but `back`."""
    if screen.otherwise:
        yield Way(screen.otherwise, (*screen.place, "otherwise"))
    if screen.silence:
        yield Way(screen.silence, (*screen.place, "silence"), frozenset({Channel.VOICE}))
    for option in screen.options:
        yield from _ways(book, option.does, option.place, option.channels, commands)
    if screen.collect is not None and screen.collect.does is not None:
        yield from _ways(book, screen.collect.does, screen.place, EVERYWHERE, commands)
    elif screen.run is not None:
        yield from _ways(book, screen.run, screen.place, EVERYWHERE, commands)
    for ending, target in screen.on.items():
        yield Way(target, (*screen.place, "on", ending.value), ending=ending)


def _ways(
    book: Book, does: Doing, place: Place, channels: frozenset[Channel], commands: Commands
) -> Iterator[Way]:
    if isinstance(does, Go):
        yield Way(does.to, (*place, "to"), channels)
    if isinstance(does, Deed):
        known = commands.get(does.run)
        for ending in known.endings if known else Ending:
            target = book.after(does, ending)
            at: Place = (*place, "on", ending.value) if ending in does.on else (*place, "run")
            yield Way(target, at, channels, does, ending)


def resolved(book: Book, target: str, channel: Channel) -> list[str]:
    """The screens that a target can mean."""
    if target == HUMAN:
        return [book.human]
    if target == HOME:
        return list(book.entries.get(channel, {}).values())
    return [] if target in SPECIAL else [target]


@dataclass(frozen=True, slots=True)
class Reach:
    """`screens`: who gets there. `told`: the commands whose endings a screen may tell."""

    screens: Mapping[str, frozenset[Channel]]
    told: Mapping[str, frozenset[tuple[str, Ending]]]

    def channels(self, screen: Screen) -> frozenset[Channel]:
        return self.screens.get(screen.name, frozenset())

    def of(self, screen: Screen, option: Option) -> frozenset[Channel]:
        return self.channels(screen) & option.channels


def reach(book: Book, commands: Commands) -> Reach:
    found: dict[str, set[Channel]] = {}
    told: dict[str, set[tuple[str, Ending]]] = {}
    for channel in Channel:
        for name in _reached(book, channel, commands, told):
            found.setdefault(name, set()).add(channel)
    _tell_on(book, told)
    return Reach(
        {name: frozenset(channels) for name, channels in found.items()},
        {name: frozenset(endings) for name, endings in told.items()},
    )


def _tell_on(book: Book, told: dict[str, set[tuple[str, Ending]]]) -> None:
    """A screen that puts questions may lead their answers elsewhere, to another such screen too."""
    asking = [screen for screen in book.screens.values() if screen.asks and screen.on]
    for _ in asking:
        for screen in asking:
            runs = {run for run, _ in told.get(screen.name, ())}
            for ending, target in screen.on.items():
                told.setdefault(target, set()).update((run, ending) for run in runs)


def _reached(
    book: Book, channel: Channel, commands: Commands, told: dict[str, set[tuple[str, Ending]]]
) -> set[str]:
    starts = [*book.entries.get(channel, {}).values()]
    if not starts:
        return set()
    starts += resolved(book, book.after_wrong.get(channel, END), channel)
    if channel is Channel.USSD:
        starts += [path.to for path in book.paths.values() if path.to]
        starts += [book.redial] if book.redial else []
    if channel is Channel.VOICE and book.human:
        starts.append(book.human)
        starts += [name for name in (book.unanswered, book.unattended) if name]
    seen: set[str] = set()
    while starts:
        name = starts.pop()
        screen = book.screens.get(name)
        if name in seen or screen is None:
            continue
        seen.add(name)
        if channel in screen.end:
            continue
        for way in ways(book, screen, commands):
            if channel not in way.channels:
                continue
            if way.deed is not None and way.ending is not None:
                told.setdefault(way.to, set()).add((way.deed.run, way.ending))
            starts += resolved(book, way.to, channel)
    return seen
