"""Whether everything that a book names is there: screens, commands, parameters, fields, brands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches

from menus.lint.reachability import Reachability, screen_links
from menus.model.book import SPECIAL, Book, BookProblem, CommandCall, MenuFilePlace, Screen
from menus.model.conditions import Condition
from menus.model.surroundings import BookSurroundings
from menus.model.wording import MenuChannel, named
from periods.period import NEVER


def name_problems(
    book: Book, world: BookSurroundings, reach: Reachability
) -> Iterator[BookProblem]:
    yield from _heads(book)
    yield from _starts(book, world)
    for screen in book.screens.values():
        if screen.name in SPECIAL:
            what = f"a screen cannot be called '{screen.name}'"
            yield BookProblem(screen.file, screen.place, what, "Give it another name")
        seen: set[MenuFilePlace] = set()
        for way in screen_links(book, screen, world.commands):
            if way.place not in seen and not _there(book, way.to) and way.place[-1] != "run":
                seen.add(way.place)
                yield _lost(book, screen.file, way.place, screen.name, way.to)
        yield from _commands(book, screen, world, reach)
        yield from _conditions(screen, world)
    for said in book.said_besides():
        yield from _unknown(said.file, (*said.place, "when"), said.when, world)
    yield from _announcements(book)
    yield from _unused_fields(book)


def _there(book: Book, target: str) -> bool:
    return target in SPECIAL or target in book.screens


def _lost(book: Book, file: str, place: MenuFilePlace, who: str, target: str) -> BookProblem:
    what = f"{who}: goes to '{target}', which is no screen"
    return BookProblem(file, place, what, _meant(target, [*book.screens, *sorted(SPECIAL)]))


def _meant(word: str, known: Collection[str]) -> str:
    near = get_close_matches(word, list(known), n=2, cutoff=0.6)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    few = sorted(known)
    return f"Write one of: {', '.join(few)}" if len(few) <= 12 else "Correct the name"


def _heads(book: Book) -> Iterator[BookProblem]:
    """What stands outside of screens and names one."""
    named_at: list[tuple[MenuFilePlace, str]] = [
        (("entries", channel.value, start), to)
        for channel, starts in book.entries.items()
        for start, to in starts.items()
    ]
    named_at += [(("endings", ending.value), to) for ending, to in book.endings.items()]
    named_at += [(("limits", "after_wrong", c.value), to) for c, to in book.after_wrong.items()]
    named_at += [(("human",), book.human)] if book.human else []
    named_at += [(("redial",), book.redial)] if book.redial else []
    named_at += [(("unanswered",), book.unanswered)] if book.unanswered else []
    named_at += [(("unattended",), book.unattended)] if book.unattended else []
    named_at += [(("talked",), book.talked)] if book.talked else []
    for place, to in named_at:
        if not _there(book, to):
            problem = book.problem(place, "")
            yield _lost(book, problem.file, place, ".".join(map(str, place)), to)
    if not any(book.entries.values()):
        yield book.problem(("entries",), "no menu begins anywhere", "Add entries:")
    if not book.phrases:
        yield book.problem((), "the hall has no phrases", "Add phrases:")


def _starts(book: Book, world: BookSurroundings) -> Iterator[BookProblem]:
    """Whether what begins a menu can be dialled, called and sent."""
    for channel, starts in book.entries.items():
        for start in starts:
            found = _start(channel, start, world)
            if found is not None:
                yield book.problem(("entries", channel.value, start), *found)


def _start(channel: MenuChannel, start: str, world: BookSurroundings) -> tuple[str, str] | None:
    match channel:
        case MenuChannel.USSD if not re.fullmatch(r"\*[0-9]+(\*[0-9]+)*#", start):
            return f"nobody can dial '{start}'", "Write it like *139#"
        case MenuChannel.VOICE if not re.fullmatch(r"[0-9]+|hallgate-[a-z]+", start):
            return f"nobody can call '{start}'", "Write its digits, or a context of the dialplan"
        case MenuChannel.SMS if world.codes:
            number, _, word = start.rpartition(" ")
            if word not in world.codes:
                return f"nobody can send '{word}'", _meant(word, world.codes)
            if number and number not in world.numbers:
                fix = _meant(number, world.numbers) if world.numbers else "Add it there"
                return f"conf/numbers.yaml has no service number '{number}'", fix
            return None
        case _:
            return None


def _commands(
    book: Book, screen: Screen, world: BookSurroundings, reach: Reachability
) -> Iterator[BookProblem]:
    for option in screen.options:
        if isinstance(option.does, CommandCall):
            channels = reach.of(screen, option)
            yield from _call(book, screen, option.does, option.place, channels, world)
    call = screen.collect.does if screen.collect else screen.run
    if isinstance(call, CommandCall):
        yield from _call(book, screen, call, screen.place, reach.channels(screen), world)
    if screen.asks and reach.channels(screen) and not reach.told.get(screen.name):
        what = f"{screen.name}: answers a question that no command asks"
        fix = "Let an ending lead here: endings: {confirm: …}, or on: {confirm: …}"
        yield BookProblem(screen.file, screen.place, what, fix)


def _call(
    book: Book,
    screen: Screen,
    call: CommandCall,
    place: MenuFilePlace,
    channels: frozenset[MenuChannel],
    world: BookSurroundings,
) -> Iterator[BookProblem]:
    known = world.commands.get(call.run)
    if known is None:
        what = f"{screen.name}: there is no command '{call.run}'"
        fix = _meant(call.run, world.commands)
        yield BookProblem(screen.file, (*place, "run"), what, fix)
        return
    for channel in sorted(channels - known.channels):
        what = f"{screen.name}: {call.run} is not offered on {channel.value}"
        fix = "Give the option channels: without it, or offer it there in commands.yaml"
        yield BookProblem(screen.file, (*place, "run"), what, fix)
    for name, value in call.args:
        yield from _argument(book, screen, call, place, name, value, world)
    given = {name for name, _ in call.args}
    if not any(needed <= given for needed in known.needs):
        least = min(known.needs, key=lambda needed: (len(needed), sorted(needed)))
        what = f"{screen.name}: {call.run} needs {', '.join(sorted(least))}"
        yield BookProblem(
            screen.file, (*place, "run"), what, "Add with:, or run a code that fixes it"
        )
    for ending in sorted(known.endings):
        if ending not in call.on and ending not in book.endings:
            what = f"{screen.name}: {call.run} can end with '{ending.value}', which leads nowhere"
            fix = f"Add {ending.value}: to endings:, or to on: here"
            yield BookProblem(screen.file, (*place, "run"), what, fix)


def _argument(
    book: Book,
    screen: Screen,
    call: CommandCall,
    place: MenuFilePlace,
    name: str,
    value: str,
    world: BookSurroundings,
) -> Iterator[BookProblem]:
    here: MenuFilePlace = (*place, "with", name)
    command = world.commands[call.run]
    if name not in command.args:
        what = f"{screen.name}: {call.run} takes no '{name}'"
        yield BookProblem(
            screen.file, here, what, _meant(name, command.args) if command.args else ""
        )
        return
    fields = list(named(value))
    collected = {s.collect.field.name for s in book.screens.values() if s.collect}
    for field in fields:
        if field not in book.fields:
            what = f"{screen.name}: there is no field '{field}'"
            yield BookProblem(screen.file, here, what, _meant(field, book.fields))
        elif field not in collected:
            what = f"{screen.name}: nobody ever asks for '{field}'"
            yield BookProblem(screen.file, here, what, f"Add a screen with collect: {field}")
        elif book.fields[field].secret and value != f"{{{field}}}":
            what = f"{screen.name}: the secret '{field}' is mixed with other text"
            yield BookProblem(screen.file, here, what, f'Write "{{{field}}}" alone')
    allowed = world.values.get(name)
    if not fields and allowed is not None and value not in allowed:
        what = f"{screen.name}: there is no {name} '{value}'"
        yield BookProblem(screen.file, here, what, _meant(value, allowed))


def _conditions(screen: Screen, world: BookSurroundings) -> Iterator[BookProblem]:
    yield from _unknown(screen.file, (*screen.place, "when"), screen.when, world)
    for option in screen.options:
        yield from _unknown(screen.file, (*option.place, "when"), option.when, world)
    for n, order in enumerate(screen.orders):
        place = (*screen.place, "orders", n, "when")
        yield from _unknown(screen.file, place, order.when, world)


def _announcements(book: Book) -> Iterator[BookProblem]:
    """Whether each is said on a screen that is there, and ends."""
    for one in book.announcements:
        for name in sorted(one.on - book.screens.keys()):
            yield _lost(book, one.file, (*one.place, "on"), one.name, name)
        comes_and_goes = bool(one.when.hours or one.when.days or one.when.holiday is not None)
        if one.when.period.ends == NEVER and not comes_and_goes:
            what = f"{one.name}: is said for ever"
            fix = "Give its when: an until:, or make it part of the screen"
            yield BookProblem(one.file, (*one.place, "when"), what, fix)


def _unknown(
    file: str, place: MenuFilePlace, when: Condition, world: BookSurroundings
) -> Iterator[BookProblem]:
    for key, given, known in (
        ("brand", when.brands, world.brands),
        ("state", when.states, world.states),
        ("class", when.groups, world.groups),
        ("campus", when.campuses, world.campuses),
    ):
        for name in sorted(given - known) if known or key == "campus" else ():
            fix = _meant(name, known) if known else "Add it to conf/regions.yaml"
            yield BookProblem(file, (*place, key), f"there is no {key} '{name}'", fix)
    for name in sorted(when.regions):
        if world.regions and not any(one.startswith(name) for one in world.regions):
            what, fix = f"there is no region '{name}'", _meant(name, world.regions)
            yield BookProblem(file, (*place, "region"), what, fix)
    if when.campus and not world.campuses:
        what = "no campus has numbers of its own, so nobody sees it"
        yield BookProblem(file, (*place, "campus"), what, "Add campuses to conf/regions.yaml")
    if when.period.is_empty:
        what = f"ends before it begins: {when.period}"
        yield BookProblem(file, (*place, "until"), what, "Correct from: or until:")


def _unused_fields(book: Book) -> Iterator[BookProblem]:
    asked = {s.collect.field.name: s for s in book.screens.values() if s.collect}
    used = {
        field
        for screen in book.screens.values()
        for does, _ in screen.doings()
        if isinstance(does, CommandCall)
        for _, value in does.args
        for field in named(value)
    }
    used |= {s.collect.field.name for s in asked.values() if s.collect and s.collect.does is None}
    for name, screen in asked.items():
        if name in book.fields and name not in used:
            what = f"{screen.name}: asks for '{name}', which no command gets"
            place = (*screen.place, "collect")
            yield BookProblem(screen.file, place, what, f'Add with: {{…: "{{{name}}}"}} to a run:')
    for name in book.fields.keys() - asked.keys():
        what = f"nobody asks for the field '{name}'"
        yield book.problem(("fields", name), what, "Remove it, or add a screen with collect:")
