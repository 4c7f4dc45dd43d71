"""Ways through a book: screens that nobody reaches, dead ends, circles without a way out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from menus.lint.reachability import KnownCommands, Reachability, resolved, screen_links
from menus.model.book import END, SPECIAL, Book, BookProblem, Screen
from menus.model.conditions import ALWAYS
from menus.model.fields import FieldKind
from menus.model.wording import MenuChannel


def dead_end_problems(
    book: Book, commands: KnownCommands, reach: Reachability
) -> Iterator[BookProblem]:
    for screen in book.screens.values():
        if not reach.channels(screen):
            what = f"nobody can reach the screen '{screen.name}'"
            fix = "Lead to it with to: or on:, or remove it"
            yield BookProblem(screen.file, screen.place, what, fix)
            continue
        ended = [_dead_end(screen, channel) for channel in sorted(reach.channels(screen))]
        for what in dict.fromkeys(filter(None, ended)):
            fix = "Add an option, or end: true, or keep the channel away"
            yield BookProblem(screen.file, screen.place, f"{screen.name}: {what}", fix)
    yield from _circles(book, commands)
    yield from _prisons(book, commands, reach)


def _dead_end(screen: Screen, channel: MenuChannel) -> str:
    """Nothing to type, and no way back; or a person where nobody can be spoken to."""
    if screen.transfer and channel is not MenuChannel.VOICE:
        return f"hands over to a person, which {channel.value} cannot"
    if channel is not MenuChannel.VOICE and _is_spoken(screen):
        return f"lets somebody speak, which {channel.value} cannot"
    if not screen.waits(channel) or screen.collect or screen.pick:
        return ""
    options = [option for option in screen.options if channel in option.channels]
    if not options and not (screen.say or screen.close):
        return "is empty"
    if screen.back:
        return ""
    if not options:
        return f"is a dead end on {channel.value}"
    if all(option.when is not ALWAYS for option in options):
        return f"is a dead end on {channel.value} for those whom no option is for"
    return ""


def _is_spoken(screen: Screen) -> bool:
    recorded = screen.collect is not None and screen.collect.field.kind is FieldKind.RECORDING
    return recorded or bool(screen.play)


def _circles(book: Book, commands: KnownCommands) -> Iterator[BookProblem]:
    """Screens that lead to each other without anybody typing."""
    passed = {name: _passed_to(book, commands, screen) for name, screen in book.screens.items()}
    told: set[frozenset[str]] = set()
    for start in book.screens.values():
        circle = _round(passed, start.name)
        if circle and frozenset(circle) not in told:
            told.add(frozenset(circle))
            what = f"goes round in a circle: {' → '.join([*circle, start.name])}"
            fix = "Let one of them lead to a screen that waits or ends"
            yield BookProblem(start.file, start.place, f"{start.name}: {what}", fix)


def _round(passed: Mapping[str, list[str]], start: str) -> list[str]:
    """The way from a screen back to itself through screens that do not wait, or nothing."""
    waiting = [start]
    came_from: dict[str, str] = {}
    while waiting:
        here = waiting.pop()
        for target in passed[here]:
            if target == start:
                way = [here]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if target in passed and target not in came_from:
                came_from[target] = here
                waiting.append(target)
    return []


def _passed_to(book: Book, commands: KnownCommands, screen: Screen) -> list[str]:
    passed = [screen.otherwise] if screen.otherwise else []
    if screen.run is not None and screen.collect is None:
        passed += [way.to for way in screen_links(book, screen, commands) if way.call is not None]
    return passed


def _prisons(book: Book, commands: KnownCommands, reach: Reachability) -> Iterator[BookProblem]:
    """Screens from which no way leads to an end, a person, or back."""
    for channel in MenuChannel:
        names = [name for name, channels in reach.screens.items() if channel in channels]
        free = _freed(book, commands, names, channel)
        for name in names:
            screen = book.screens[name]
            if name not in free and not _dead_end(screen, channel):
                what = f"{name}: no way leads out of here on {channel.value}"
                fix = "Add an option to: end, or take back: false away"
                yield BookProblem(screen.file, screen.place, what, fix)


def _free(screen: Screen, channel: MenuChannel) -> bool:
    if not screen.waits(channel):
        return screen.transfer or channel in screen.end
    return screen.back


def _freed(
    book: Book, commands: KnownCommands, names: Collection[str], channel: MenuChannel
) -> set[str]:
    """Those of the screens from which some way leads out."""
    free: list[str] = []
    leading: dict[str, list[str]] = {}  # a screen, and those that lead to it
    for name in names:
        screen = book.screens[name]
        # where a question is answered, the command's endings lead on
        if _free(screen, channel) or screen.asks:
            free.append(name)
            continue
        for way in screen_links(book, screen, commands):
            if channel not in way.channels:
                continue
            if way.to == END or (way.to in SPECIAL and way.to != "again"):
                free.append(name)
                break
            for target in resolved(book, way.to, channel):
                leading.setdefault(target, []).append(name)
    found: set[str] = set()
    while free:
        name = free.pop()
        if name not in found:
            found.add(name)
            free += leading.get(name, ())
    return found
