"""Whether the rules in conf/commands.yaml name what is there: operations, commands, texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from commands.config import limit_checks
from commands.config.command_file import CommandsFile
from commands.config.interface_file import disturbing
from commands.model.request import AuthLevel
from commands.reply_facts.all_replies import EXAMPLES
from tariffs.file_problem import FilePlace, FileProblem, one_of

_MOST_WORDS: Final = 5_000
# With these blocked, nobody with a weak password could ever get a better one.
_WAYS_OUT = frozenset({"password_change", "password_random", "password_reset"})

QUERIES: Final = frozenset({"information", "query", "private_query", "detailed_records"})

# What shows something of a subscriber's, or changes it: at the least from his own phone.
_OWNERS: Final = frozenset(
    (
        *("query", "private_query", "detailed_records", "new_card", "points_exchange"),
        *("free_service", "paid_service", "plan_change", "abroad", "forwarding"),
        *("suspend", "resume", "password_change", "password_random", "password_reset"),
    )
)


def problems(file: CommandsFile) -> Iterator[FileProblem]:
    """Each with its place in the file."""
    yield from _too_many(file)
    blocked = file.limits.weak_blocks
    yield from _operations(("limits", "weak_blocks"), blocked, file)
    for position, name in enumerate(blocked):
        if name in _WAYS_OUT:
            what = f"'{name}' is how a weak password is replaced"
            yield FileProblem(("limits", "weak_blocks", position), what, "Remove it")
    yield from _operations(("rating", "operations"), file.rating.operations, file)
    for position, name in enumerate(file.rating.operations):
        if name in QUERIES:
            what = f"nobody is asked how '{name}' was: nothing was done"
            yield FileProblem(("rating", "operations", position), what, "Take it out")
    for name in file.windows:
        if name not in file.rights:
            yield _no_operation(("windows", name), name, file)
    for n, closed in enumerate(file.closed):
        here: FilePlace = ("closed", n)
        yield from _operations((*here, "operations"), closed.operations, file)
        if closed.begins is None or closed.until is None:
            yield FileProblem(here, "closed for ever", "Add from: and until:")
        elif closed.period.is_empty:
            what = f"ends before it begins: {closed.period}"
            yield FileProblem((*here, "until"), what, "Correct from: or until:")
    yield from _ports(file)
    yield from limit_checks.problems(file)
    yield from _for_anybody(file)
    yield from disturbing(("rating", "hours"), file.rating.hours)


def _for_anybody(file: CommandsFile) -> Iterator[FileProblem]:
    for name in sorted(_OWNERS.intersection(file.rights)):
        for column, level in file.rights[name].items():
            if level is AuthLevel.A0:
                what = "A0 asks for no proof, and this is for a number's owner alone"
                yield FileProblem(("rights", name, column), what, "Write A1 or more")


def _too_many(file: CommandsFile) -> Iterator[FileProblem]:
    """Every message is compared with all of them."""
    count = 0
    for action, row in file.commands.items():
        count += len(row.codes) + len(row.variants) + len(row.price_variants) + len(row.keywords)
        if count > _MOST_WORDS:
            what = f"up to here commands have more than {_MOST_WORDS:,} codes and keywords"
            yield FileProblem(("commands", action), what, "Take out what is not needed")
            return


def _operations(
    place: FilePlace, names: Sequence[str], file: CommandsFile
) -> Iterator[FileProblem]:
    for position, name in enumerate(names):
        if name not in file.rights:
            yield _no_operation((*place, position), name, file)


def _no_operation(place: FilePlace, name: str, file: CommandsFile) -> FileProblem:
    return FileProblem(place, f"rights has no operation '{name}'", one_of(file.rights, name))


def _ports(file: CommandsFile) -> Iterator[FileProblem]:
    codes = {w for row in file.commands.values() for w in (*row.codes, *row.variants)}
    for digits, port in file.ports.items():
        here: FilePlace = ("ports", digits)
        if port.reads and port.reads not in file.commands:
            yield FileProblem((*here, "reads"), f"there is no command '{port.reads}'", "Correct it")
        if port.help not in EXAMPLES:
            what = f"conf/replies has no text '{port.help}'"
            yield FileProblem((*here, "help"), what, "Correct the id, or add the text")
        for word, meaning in port.words.items():
            if not any(meaning.startswith(code) for code in codes):
                what = f"'{meaning}' begins with no command"
                yield FileProblem((*here, "words", word), what, "Write what could be sent instead")
