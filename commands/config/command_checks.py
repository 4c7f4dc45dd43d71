"""Whether conf/commands.yaml holds together, with itself, the catalogue and the code."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from commands.auth.proof import PROOFS
from commands.config.command_file import CommandRow, CommandsFile, open_places, register, words
from commands.dispatch.command_kinds import ChangeCommand, QueryCommand, ResendCode
from commands.dispatch.command_table import READING
from commands.model.dialogue import NO_DIALOGUE
from commands.model.interfaces import DOOR_KINDS
from commands.model.request import Channel, ConfirmRule
from commands.parser.normalising import normalise
from commands.parser.parsed_message import ParsedCommand
from commands.parser.understanding import understand
from commands.reminders.model import ReminderKind
from commands.reply_facts.all_replies import EXAMPLES
from tariffs.catalogue import Catalogue, Service
from tariffs.file_problem import FilePlace, FileProblem, one_of

CommandTable = Mapping[str, QueryCommand | ChangeCommand | ResendCode]


def problems(file: CommandsFile, catalogue: Catalogue, actions: CommandTable) -> list[FileProblem]:
    """Everything that does not fit, each with its place in the file."""
    found = [*_rows(file, catalogue, actions), *_twice(file), *_missing(file, actions)]
    found += [*_services(file, catalogue), *_unasked(file)]
    return found or list(_examples(file, catalogue))


def _rows(file: CommandsFile, catalogue: Catalogue, actions: CommandTable) -> Iterator[FileProblem]:
    for action, row in file.commands.items():
        here: FilePlace = ("commands", action)
        yield from _behaviour(here, action, row, actions)
        yield from _rights(here, row, file)
        yield from _parameters(here, row, file)
        yield from _texts(here, row)
        yield from _fixed(here, row, file, catalogue)
        yield from _words(here, row)


def _behaviour(
    here: FilePlace, action: str, row: CommandRow, actions: CommandTable
) -> Iterator[FileProblem]:
    if action not in actions:
        yield FileProblem(here, f"no code answers the action '{action}'", one_of(actions, action))
        return
    confirmed = row.confirm is not ConfirmRule.NONE
    known = actions[action]
    proposes = isinstance(known, ChangeCommand) and known.propose is not None
    if confirmed and not proposes:
        yield FileProblem((*here, "confirm"), f"'{action}' has nothing to confirm", "Write none")
    if proposes and not confirmed:
        yield FileProblem((*here, "confirm"), f"'{action}' needs a confirm", "Write once or twice")


def _rights(here: FilePlace, row: CommandRow, file: CommandsFile) -> Iterator[FileProblem]:
    rights = file.rights.get(row.operation)
    if rights is None:
        what = f"rights has no operation '{row.operation}'"
        yield FileProblem((*here, "operation"), what, one_of(file.rights, row.operation))
        return
    for channel in row.channels:
        if channel is Channel.DOOR:
            if not DOOR_KINDS.keys() & rights.keys():
                what = f"'{row.operation}' is offered at no other interface"
                fix = f"Remove door here, or list a kind of interface in rights.{row.operation}"
                yield FileProblem((*here, "channels"), what, fix)
            continue
        if channel.value not in rights:
            what = f"'{row.operation}' is not offered on {channel.value}"
            fix = f"Remove {channel.value} here, or list its level in rights.{row.operation}"
            yield FileProblem((*here, "channels"), what, fix)
        if channel not in file.interfaces:
            what = f"{channel.value} has no interface number"
            yield FileProblem(("interfaces",), what, f"Add {channel.value}")


def _parameters(here: FilePlace, row: CommandRow, file: CommandsFile) -> Iterator[FileProblem]:
    for position, line in enumerate(row.forms):
        for name in line.replace("/", "#").split("#") if line else ():
            yield from _parameter((*here, "forms", position), name, file)
    for name in row.steps:
        yield from _parameter((*here, "steps", name), name, file)
    if row.alone:
        yield from _parameter((*here, "alone"), row.alone, file)


def _parameter(place: FilePlace, name: str, file: CommandsFile) -> Iterator[FileProblem]:
    if name not in file.parameters:
        yield FileProblem(place, f"parameters has no '{name}'", one_of(file.parameters, name))


def _texts(here: FilePlace, row: CommandRow) -> Iterator[FileProblem]:
    named: list[tuple[FilePlace, str]] = [((*here, "steps", n), t) for n, t in row.steps.items()]
    named += [((*here, "asks", name), text) for name, text in row.asks.items()]
    named += [((*here, key), t) for key in ("kept", "unavailable") if (t := getattr(row, key))]
    for place, text in named:
        if text not in EXAMPLES:
            what = f"conf/replies has no text '{text}'"
            yield FileProblem(place, what, "Correct the id, or add the text")


def _fixed(
    here: FilePlace, row: CommandRow, file: CommandsFile, catalogue: Catalogue
) -> Iterator[FileProblem]:
    groups = {service.group for service in catalogue.services.values()}
    known: dict[str, Collection[str]] = {
        "service": catalogue.services,
        "group": groups - {""},
        "plan": catalogue.plans,
        "reminder": [kind.value for kind in ReminderKind],
        "back": [word for row in file.commands.values() for word in (*row.codes, *row.variants)],
    }
    for key, variants in (("variants", row.variants), ("price_variants", row.price_variants)):
        for word, fixed in variants.items():
            for name, value in fixed.items():
                if value not in known.get(name, (value,)):
                    where = (
                        "conf/tariffs has" if name in ("service", "group", "plan") else "there is"
                    )
                    what = f"{where} no {name} '{value}'"
                    fix = one_of(sorted(known[name]), value)
                    yield FileProblem((*here, key, word), what, fix)


def _words(here: FilePlace, row: CommandRow) -> Iterator[FileProblem]:
    if not (row.codes or row.variants or row.at_doors_only):
        yield FileProblem(here, "has no code that could be sent", "Add codes: or variants:")
    for key, written in (("codes", row.codes), ("variants", row.variants)):
        for position, word in enumerate(written):
            spelt = normalise(word).upper
            if spelt != word:
                place: FilePlace = (*here, key, position if key == "codes" else word)
                yield FileProblem(place, f"'{word}' can never be matched", f'Write "{spelt}"')


def _where(action: str, word: str, row: CommandRow) -> FilePlace:
    here: FilePlace = ("commands", action)
    if word in row.codes:
        return (*here, "codes", list(row.codes).index(word))
    return (*here, "variants" if word in row.variants else "price_variants", word)


def _twice(file: CommandsFile) -> Iterator[FileProblem]:
    """One word with the same parameters cannot mean two things, in the other reading of KTEDU
    either."""
    seen: dict[tuple[str, object], str] = {}
    for action, row in file.commands.items():
        plain: dict[str, dict[str, str]] = {word: {} for word in row.codes}
        for word, fixed in (plain | row.price_variants | row.variants).items():
            for line in open_places(row.forms, fixed):
                other = seen.setdefault((word, _kinds(line, file)), action)
                if other != action:
                    what = f"the code {word} is also one of {other}"
                    fix = "Take it out of one of the two, or let other parameters follow it"
                    yield FileProblem(_where(action, word, row), what, fix)
                    break


def _kinds(line: str, file: CommandsFile) -> tuple[str, ...]:
    """What the places of a form take: two forms of the same kinds cannot be told apart."""
    names = [place.split("/")[0] for place in line.split("#")] if line else []
    rows = file.parameters
    return tuple(rows[name].kind if name in rows else name for name in names)


def _missing(file: CommandsFile, actions: CommandTable) -> Iterator[FileProblem]:
    for action in actions:
        if action not in file.commands:
            what = f"the action '{action}' has no row here"
            yield FileProblem(("commands",), what, "Add it; channels: [] turns it off")


def _services(file: CommandsFile, catalogue: Catalogue) -> Iterator[FileProblem]:
    """What a subscriber is told to send to get rid of a service must do that."""
    fixed = {w: f for row in file.commands.values() for w, f in words(file, row).items()}
    for service in catalogue.services.values():
        code = service.cancel_code
        told = f"conf/tariffs tells {code} to cancel {service.code}"
        if code and code not in fixed:
            yield FileProblem(("commands",), f"{told}, but no command has that code", "Add it")
        elif code and not _cancels(fixed[code], service):
            other = fixed[code].get("service") or fixed[code].get("group")
            action = next(a for a, row in file.commands.items() if code in words(file, row))
            what = f"{told}, but here it means {other}"
            yield FileProblem(
                _where(action, code, file.commands[action]), what, "Correct one of them"
            )


def _cancels(fixed: Mapping[str, str], service: Service) -> bool:
    named = fixed.get("service", service.code), fixed.get("group", service.group)
    return named == (service.code, service.group)


def _unasked(file: CommandsFile) -> Iterator[FileProblem]:
    """Who sends a code without what must follow it is asked for that, one by one."""
    words = [{*row.codes, *row.variants} for row in file.commands.values() if "" in row.forms]
    bare = set[str]().union(*words)
    for action, row in file.commands.items():
        if "" in row.forms:
            continue
        places = [line.replace("/", "#").split("#") for line in row.forms]
        # where the bare code is another command, the first place tells the two apart
        elsewhere = bare.issuperset(row.codes) or _other_asks(file, action, row)
        for name in places[0][1:] if elsewhere else places[0]:
            if all(name in line for line in places) and name not in {*row.steps, *PROOFS}:
                place: FilePlace = ("commands", action, "forms", 0)
                what = f"nothing asks for '{name}' when it is missing"
                yield FileProblem(place, what, f"Add {name}: and the text that asks, under steps")


def _other_asks(file: CommandsFile, action: str, row: CommandRow) -> bool:
    """Another command has the same code, and asks for what follows it."""
    others = (other for name, other in file.commands.items() if name != action)
    return any(other.steps and set(row.codes) <= set(other.codes) for other in others)


def _examples(file: CommandsFile, catalogue: Catalogue) -> Iterator[FileProblem]:
    """Last, when all else fits: what we tell people to send must do what we say."""
    known = register(file, catalogue, READING)
    for action, row in file.commands.items():
        if row.at_doors_only:
            continue
        first = next(iter([*row.codes, *row.variants]))
        if row.codes and not row.example.startswith(first):
            what = f"'{row.example}' begins with another code than the one we tell, {first}"
            yield FileProblem(("commands", action, "example"), what, f"Begin it with {first}")
        said = understand(row.example, NO_DIALOGUE, known)
        if not isinstance(said, ParsedCommand) or said.spec.action != action or said.guessed:
            place: FilePlace = ("commands", action, "example")
            yield FileProblem(place, f"'{row.example}' is not understood as {action}", "Correct it")
