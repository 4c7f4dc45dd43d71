"""A book as a tree of lines, and as a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from xml.sax.saxutils import escape

from menus.model.book import (
    AnswerQuestion,
    Book,
    CommandCall,
    CommandEnding,
    GoTo,
    Option,
    OptionAction,
    Screen,
)
from menus.model.wording import MenuChannel
from menus.tools.told_conditions import told_condition

_SHOWN = {
    CommandEnding.OK,
    CommandEnding.CONFIRM,
}  # where a command leads, as far as a tree tells it


def tree(book: Book, channel: MenuChannel, language: str) -> list[str]:
    """The menus of one channel, every screen once, with the keys that lead to it."""
    lines: list[str] = []
    drawn: set[str] = set()
    for start, name in book.entries.get(channel, {}).items():
        lines.append(f"{channel.value} {start}")
        lines += _branch(book, channel, language, name, "", True, drawn)
    return lines


def _branch(
    book: Book,
    channel: MenuChannel,
    language: str,
    name: str,
    indent: str,
    last: bool,
    drawn: set[str],
) -> Iterator[str]:
    screen = book.screens.get(name)
    head = f"{indent}{'└─' if last else '├─'} "
    if screen is None:
        yield f"{head}{name}"
        return
    if name in drawn:
        yield f"{head}[{name}] …"
        return
    drawn.add(name)
    yield f"{head}[{name}] {brief(screen, channel, language)}".rstrip()
    below = f"{indent}{'   ' if last else '│  '}"
    leads = list(_leads(book, screen, channel, language))
    for at, (label, target) in enumerate(leads):
        final = at == len(leads) - 1
        yield f"{below}{'└─' if final else '├─'} {label}"
        if target in book.screens:
            deeper = f"{below}{'   ' if final else '│  '}"
            yield from _branch(book, channel, language, target, deeper, True, drawn)


def brief(screen: Screen, channel: MenuChannel, language: str) -> str:
    """The first line of what it says."""
    text = screen.say.get(channel, language) or screen.say.get(channel, "zh") or ""
    ends = " (end)" if channel in screen.end else " (to a person)" if screen.transfer else ""
    return text.split("\n")[0][:30] + ends


def _leads(
    book: Book, screen: Screen, channel: MenuChannel, language: str
) -> Iterator[tuple[str, str]]:
    if not screen.waits(channel) and screen.run is None:
        return
    for option in screen.options:
        if channel in option.channels:
            label = f"{option.key} {option.label.get(channel, language) or option.name}"
            yield f"{label}{_if(option)}{_runs(option.does)}", _target(book, option.does)
    if screen.collect is not None:
        does = screen.collect.does
        told = _runs(does) if does else " → answers the command"
        yield f"asks {screen.collect.field.name}{told}", _target(book, does) if does else ""
    elif screen.run is not None:
        yield _runs(screen.run).removeprefix(" → "), _target(book, screen.run)
    if screen.silence:
        yield "silence", screen.silence
    if screen.otherwise:
        yield "otherwise", screen.otherwise


def _if(option: Option) -> str:
    told = told_condition(option.when)
    return f" (if {told})" if told else ""


def _runs(does: OptionAction) -> str:
    match does:
        case CommandCall(run, args):
            given = "".join(f" {name}={value}" for name, value in args)
            return f" → run {run}{given}"
        case AnswerQuestion(word):
            return f" → {word}"
        case GoTo(to):
            return f" → {to}"


def _target(book: Book, does: OptionAction) -> str:
    """The screen to draw below it: a command's own, not the ones that all commands lead to."""
    match does:
        case GoTo(to):
            return to
        case CommandCall():
            own = does.on.get(CommandEnding.OK, "")
            return own if own in book.screens else ""
        case AnswerQuestion():
            return ""


# -- the picture ---------------------------------------------------------------------------------

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 190, 44, 90, 16, 20


def picture(
    book: Book,
    channel: MenuChannel,
    language: str,
    told: Mapping[str, str] | None = None,
    link: Callable[[str], str] = lambda screen: "",
) -> str:
    """The menus of one channel as SVG: a column for each step away from the entries. `told`: what
    stands in a screen's box besides, by its name; `link`: where the box leads."""
    columns = _columns(book, channel)
    at: dict[str, tuple[int, int]] = {}
    for x, column in enumerate(columns):
        for y, name in enumerate(column):
            at[name] = (MARGIN + x * (WIDTH + GAP_X), MARGIN + y * (HEIGHT + GAP_Y))
    wide = MARGIN * 2 + len(columns) * (WIDTH + GAP_X) - GAP_X
    high = MARGIN * 2 + max(map(len, columns), default=1) * (HEIGHT + GAP_Y)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}" font-family="sans-serif" font-size="12">'
    )
    parts = [head]
    for name in at:
        parts += _arrows(book, channel, name, at)
    for name, (x, y) in at.items():
        box = _box(book.screens[name], channel, language, x, y, (told or {}).get(name, ""))
        parts.append(f'<a href="{escape(to, _QUOTE)}">{box}</a>' if (to := link(name)) else box)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _columns(book: Book, channel: MenuChannel) -> list[list[str]]:
    """Screens by how many keys away they are."""
    column = list(dict.fromkeys(book.entries.get(channel, {}).values()))
    column = [name for name in column if name in book.screens]
    seen, columns = set(column), [column] if column else []
    while column:
        reached = [target for name in column for _, target in _edges(book, channel, name)]
        column = [name for name in dict.fromkeys(reached) if name not in seen]
        seen.update(column)
        if column:
            columns.append(column)
    return columns


def _edges(book: Book, channel: MenuChannel, name: str) -> list[tuple[str, str]]:
    screen = book.screens[name]
    found = [
        (option.key, _target(book, option.does))
        for option in screen.options
        if channel in option.channels
    ]
    does = screen.collect.does if screen.collect else screen.run
    found += [("", _target(book, does))] if does else []
    found += [("", screen.otherwise)] if screen.otherwise else []
    return [(key, target) for key, target in found if target in book.screens]


_QUOTE = {'"': "&quot;"}


def _box(
    screen: Screen, channel: MenuChannel, language: str, x: int, y: int, told: str = ""
) -> str:
    colour = "#e8f0e0" if channel in screen.end else "#fdf3d8" if screen.collect else "#e3ecf7"
    said = escape(brief(screen, channel, language)[:15])
    name = escape(screen.name)
    return (
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6" fill="{colour}" '
        f'stroke="#555"/><text x="{x + 8}" y="{y + 17}" font-weight="bold">{name}</text>'
        f'<text x="{x + 8}" y="{y + 35}">{said}</text>'
        + (
            f'<text x="{x + WIDTH - 8}" y="{y + 17}" text-anchor="end">{escape(told)}</text>'
            if told
            else ""
        )
    )


def _arrows(
    book: Book, channel: MenuChannel, name: str, at: dict[str, tuple[int, int]]
) -> Iterator[str]:
    x, y = at[name]
    for key, target in _edges(book, channel, name):
        to_x, to_y = at[target]
        start, end = (x + WIDTH, y + HEIGHT // 2), (to_x, to_y + HEIGHT // 2)
        bend = GAP_X // 2
        yield (
            f'<path d="M{start[0]},{start[1]} C{start[0] + bend},{start[1]} '
            f'{end[0] - bend},{end[1]} {end[0]},{end[1]}" fill="none" stroke="#999"/>'
            f'<text x="{end[0] - 14}" y="{end[1] - 4}" fill="#333">{escape(key)}</text>'
        )
