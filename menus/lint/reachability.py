"""Who gets where: the screens that each channel can come to, and by which ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from menus.model.book import (
    END,
    HOME,
    HUMAN,
    SPECIAL,
    Book,
    CommandCall,
    CommandEnding,
    GoTo,
    MenuFilePlace,
    Option,
    OptionAction,
    Screen,
)
from menus.model.surroundings import MenuCommand
from menus.model.wording import EVERYWHERE, MenuChannel

KnownCommands = Mapping[str, MenuCommand]


@dataclass(frozen=True, slots=True)
class ScreenLink:
    """From somewhere to a screen (or a special target), and where in the file that is written.
    `call` and `ending`: it is taken when that command ends so."""

    to: str
    place: MenuFilePlace
    channels: frozenset[MenuChannel] = EVERYWHERE
    call: CommandCall | None = None
    ending: CommandEnding | None = None


def screen_links(book: Book, screen: Screen, commands: KnownCommands) -> Iterator[ScreenLink]:
    """Every way out of a screen but `back`."""
    if screen.otherwise:
        yield ScreenLink(screen.otherwise, (*screen.place, "otherwise"))
    if screen.silence:
        yield ScreenLink(screen.silence, (*screen.place, "silence"), frozenset({MenuChannel.VOICE}))
    for option in screen.options:
        yield from _ways(book, option.does, option.place, option.channels, commands)
    if screen.collect is not None and screen.collect.does is not None:
        yield from _ways(book, screen.collect.does, screen.place, EVERYWHERE, commands)
    elif screen.run is not None:
        yield from _ways(book, screen.run, screen.place, EVERYWHERE, commands)
    for ending, target in screen.on.items():
        yield ScreenLink(target, (*screen.place, "on", ending.value), ending=ending)


def _ways(
    book: Book,
    does: OptionAction,
    place: MenuFilePlace,
    channels: frozenset[MenuChannel],
    commands: KnownCommands,
) -> Iterator[ScreenLink]:
    if isinstance(does, GoTo):
        yield ScreenLink(does.to, (*place, "to"), channels)
    if isinstance(does, CommandCall):
        known = commands.get(does.run)
        for ending in known.endings if known else CommandEnding:
            target = book.after(does, ending)
            at: MenuFilePlace = (
                (*place, "on", ending.value) if ending in does.on else (*place, "run")
            )
            yield ScreenLink(target, at, channels, does, ending)


def resolved(book: Book, target: str, channel: MenuChannel) -> list[str]:
    """The screens that a target can mean."""
    if target == HUMAN:
        return [book.human]
    if target == HOME:
        return list(book.entries.get(channel, {}).values())
    return [] if target in SPECIAL else [target]


@dataclass(frozen=True, slots=True)
class Reachability:
    """`screens`: who gets there. `told`: the commands whose endings a screen may tell."""

    screens: Mapping[str, frozenset[MenuChannel]]
    told: Mapping[str, frozenset[tuple[str, CommandEnding]]]

    def channels(self, screen: Screen) -> frozenset[MenuChannel]:
        return self.screens.get(screen.name, frozenset())

    def of(self, screen: Screen, option: Option) -> frozenset[MenuChannel]:
        return self.channels(screen) & option.channels


def reachability(book: Book, commands: KnownCommands) -> Reachability:
    found: dict[str, set[MenuChannel]] = {}
    told: dict[str, set[tuple[str, CommandEnding]]] = {}
    for channel in MenuChannel:
        for name in _reached(book, channel, commands, told):
            found.setdefault(name, set()).add(channel)
    _tell_on(book, told)
    return Reachability(
        {name: frozenset(channels) for name, channels in found.items()},
        {name: frozenset(endings) for name, endings in told.items()},
    )


def _tell_on(book: Book, told: dict[str, set[tuple[str, CommandEnding]]]) -> None:
    """A screen that puts questions may lead their answers elsewhere, to another such screen too."""
    asking = [screen for screen in book.screens.values() if screen.asks and screen.on]
    for _ in asking:
        for screen in asking:
            runs = {run for run, _ in told.get(screen.name, ())}
            for ending, target in screen.on.items():
                told.setdefault(target, set()).update((run, ending) for run in runs)


def _reached(
    book: Book,
    channel: MenuChannel,
    commands: KnownCommands,
    told: dict[str, set[tuple[str, CommandEnding]]],
) -> set[str]:
    starts = [*book.entries.get(channel, {}).values()]
    if not starts:
        return set()
    starts += resolved(book, book.after_wrong.get(channel, END), channel)
    if channel is MenuChannel.USSD:
        starts += [path.to for path in book.paths.values() if path.to]
        starts += [book.redial] if book.redial else []
    if channel is MenuChannel.VOICE and book.human:
        starts.append(book.human)
        starts += [name for name in (book.unanswered, book.unattended, book.talked) if name]
    seen: set[str] = set()
    while starts:
        name = starts.pop()
        screen = book.screens.get(name)
        if name in seen or screen is None:
            continue
        seen.add(name)
        if channel in screen.end:
            continue
        for way in screen_links(book, screen, commands):
            if channel not in way.channels:
                continue
            if way.call is not None and way.ending is not None:
                told.setdefault(way.to, set()).add((way.call.run, way.ending))
            starts += resolved(book, way.to, channel)
    return seen
