"""Whether the rules in conf/commands.yaml name what is there: operations, commands, texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from commands.sheet import Commands
from commands.texts import EXAMPLES
from tariffs.problem import Place, Problem, one_of

_MOST_WORDS: Final = 5_000
# With these blocked, nobody with a weak password could ever get a better one.
_WAYS_OUT = frozenset({"password_change", "password_random", "password_reset"})


def problems(sheet: Commands) -> Iterator[Problem]:
    """Each with its place in the file."""
    yield from _too_many(sheet)
    blocked = sheet.limits.weak_blocks
    yield from _operations(("limits", "weak_blocks"), blocked, sheet)
    for position, name in enumerate(blocked):
        if name in _WAYS_OUT:
            what = f"'{name}' is how a weak password is replaced"
            yield Problem(("limits", "weak_blocks", position), what, "Remove it")
    yield from _operations(("rating", "operations"), sheet.rating.operations, sheet)
    for name in sheet.windows:
        if name not in sheet.rights:
            yield _no_operation(("windows", name), name, sheet)
    yield from _ports(sheet)


def _too_many(sheet: Commands) -> Iterator[Problem]:
    """Every message is compared with all of them."""
    count = 0
    for action, row in sheet.commands.items():
        count += len(row.codes) + len(row.variants) + len(row.price_variants) + len(row.keywords)
        if count > _MOST_WORDS:
            what = f"up to here commands have more than {_MOST_WORDS:,} codes and keywords"
            yield Problem(("commands", action), what, "Take out what is not needed")
            return


def _operations(place: Place, names: Sequence[str], sheet: Commands) -> Iterator[Problem]:
    for position, name in enumerate(names):
        if name not in sheet.rights:
            yield _no_operation((*place, position), name, sheet)


def _no_operation(place: Place, name: str, sheet: Commands) -> Problem:
    return Problem(place, f"rights has no operation '{name}'", one_of(sheet.rights, name))


def _ports(sheet: Commands) -> Iterator[Problem]:
    codes = {w for row in sheet.commands.values() for w in (*row.codes, *row.variants)}
    for digits, port in sheet.ports.items():
        here: Place = ("ports", digits)
        if port.reads and port.reads not in sheet.commands:
            yield Problem((*here, "reads"), f"there is no command '{port.reads}'", "Correct it")
        if port.help not in EXAMPLES:
            what = f"conf/replies has no text '{port.help}'"
            yield Problem((*here, "help"), what, "Correct the id, or add the text")
        for word, meaning in port.words.items():
            if not any(meaning.startswith(code) for code in codes):
                what = f"'{meaning}' begins with no command"
                yield Problem((*here, "words", word), what, "Write what could be sent instead")
