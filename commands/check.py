"""Whether conf/commands.yaml holds together, with itself, the catalogue and the code."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from commands.actions import READING, Change, CodeAgain, Query
from commands.dialogue import NO_DIALOGUE, Asked
from commands.proof import PROOFS
from commands.sheet import CommandRow, Commands, open_places, register, words
from commands.spelling import spell
from commands.text import understand
from commands.texts import EXAMPLES
from commands.vocabulary import Confirm
from tariffs.catalogue import Catalogue, Service
from tariffs.problem import Place, Problem, one_of

Actions = Mapping[str, Query | Change | CodeAgain]


def problems(sheet: Commands, catalogue: Catalogue, actions: Actions) -> list[Problem]:
    """Everything that does not fit, each with its place in the file."""
    found = [*_rows(sheet, catalogue, actions), *_twice(sheet), *_missing(sheet, actions)]
    found += [*_services(sheet, catalogue), *_unasked(sheet)]
    return found or list(_examples(sheet, catalogue))


def _rows(sheet: Commands, catalogue: Catalogue, actions: Actions) -> Iterator[Problem]:
    for action, row in sheet.commands.items():
        here: Place = ("commands", action)
        yield from _behaviour(here, action, row, actions)
        yield from _rights(here, row, sheet)
        yield from _parameters(here, row, sheet)
        yield from _texts(here, row)
        yield from _fixed(here, row, catalogue)
        yield from _words(here, row)


def _behaviour(here: Place, action: str, row: CommandRow, actions: Actions) -> Iterator[Problem]:
    if action not in actions:
        yield Problem(here, f"no code answers the action '{action}'", one_of(actions, action))
        return
    confirmed = row.confirm is not Confirm.NONE
    known = actions[action]
    proposes = isinstance(known, Change) and known.propose is not None
    if confirmed and not proposes:
        yield Problem((*here, "confirm"), f"'{action}' has nothing to confirm", "Write none")
    if proposes and not confirmed:
        yield Problem((*here, "confirm"), f"'{action}' needs a confirm", "Write once or twice")


def _rights(here: Place, row: CommandRow, sheet: Commands) -> Iterator[Problem]:
    rights = sheet.rights.get(row.operation)
    if rights is None:
        what = f"rights has no operation '{row.operation}'"
        yield Problem((*here, "operation"), what, one_of(sheet.rights, row.operation))
        return
    for channel in row.channels:
        if channel not in rights:
            what = f"'{row.operation}' is not offered on {channel.value}"
            fix = f"Remove {channel.value} here, or list its level in rights.{row.operation}"
            yield Problem((*here, "channels"), what, fix)
        if channel not in sheet.interfaces:
            what = f"{channel.value} has no interface number"
            yield Problem(("interfaces",), what, f"Add {channel.value}")


def _parameters(here: Place, row: CommandRow, sheet: Commands) -> Iterator[Problem]:
    for position, line in enumerate(row.forms):
        for name in line.replace("/", "#").split("#") if line else ():
            yield from _parameter((*here, "forms", position), name, sheet)
    for name in row.steps:
        yield from _parameter((*here, "steps", name), name, sheet)
    if row.alone:
        yield from _parameter((*here, "alone"), row.alone, sheet)


def _parameter(place: Place, name: str, sheet: Commands) -> Iterator[Problem]:
    if name not in sheet.parameters:
        yield Problem(place, f"parameters has no '{name}'", one_of(sheet.parameters, name))


def _texts(here: Place, row: CommandRow) -> Iterator[Problem]:
    named: list[tuple[Place, str]] = [((*here, "steps", n), t) for n, t in row.steps.items()]
    named += [((*here, "asks", name), text) for name, text in row.asks.items()]
    named += [((*here, key), t) for key in ("kept", "unavailable") if (t := getattr(row, key))]
    for place, text in named:
        if text not in EXAMPLES:
            what = f"conf/replies has no text '{text}'"
            yield Problem(place, what, "Correct the id, or add the text")


def _fixed(here: Place, row: CommandRow, catalogue: Catalogue) -> Iterator[Problem]:
    groups = {service.group for service in catalogue.services.values()}
    known: dict[str, Collection[str]] = {
        "service": catalogue.services,
        "group": groups - {""},
        "plan": catalogue.plans,
    }
    for key, variants in (("variants", row.variants), ("price_variants", row.price_variants)):
        for word, fixed in variants.items():
            for name, value in fixed.items():
                if value not in known.get(name, (value,)):
                    what = f"conf/tariffs has no {name} '{value}'"
                    fix = one_of(sorted(known[name]), value)
                    yield Problem((*here, key, word), what, fix)


def _words(here: Place, row: CommandRow) -> Iterator[Problem]:
    if not row.codes and not row.variants:
        yield Problem(here, "has no code that could be sent", "Add codes: or variants:")
    for key, written in (("codes", row.codes), ("variants", row.variants)):
        for position, word in enumerate(written):
            spelt = spell(word).upper
            if spelt != word:
                place: Place = (*here, key, position if key == "codes" else word)
                yield Problem(place, f"'{word}' can never be matched", f'Write "{spelt}"')


def _where(action: str, word: str, row: CommandRow) -> Place:
    here: Place = ("commands", action)
    if word in row.codes:
        return (*here, "codes", list(row.codes).index(word))
    return (*here, "variants" if word in row.variants else "price_variants", word)


def _twice(sheet: Commands) -> Iterator[Problem]:
    """One word with the same parameters cannot mean two things, in the other reading of KTEDU
    either."""
    seen: dict[tuple[str, object], str] = {}
    for action, row in sheet.commands.items():
        plain: dict[str, dict[str, str]] = {word: {} for word in row.codes}
        for word, fixed in (plain | row.price_variants | row.variants).items():
            for line in open_places(row.forms, fixed):
                other = seen.setdefault((word, _kinds(line, sheet)), action)
                if other != action:
                    what = f"the code {word} is also one of {other}"
                    fix = "Take it out of one of the two, or let other parameters follow it"
                    yield Problem(_where(action, word, row), what, fix)
                    break


def _kinds(line: str, sheet: Commands) -> tuple[str, ...]:
    """What the places of a form take: two forms of the same kinds cannot be told apart."""
    names = [place.split("/")[0] for place in line.split("#")] if line else []
    rows = sheet.parameters
    return tuple(rows[name].kind if name in rows else name for name in names)


def _missing(sheet: Commands, actions: Actions) -> Iterator[Problem]:
    for action in actions:
        if action not in sheet.commands:
            what = f"the action '{action}' has no row here"
            yield Problem(("commands",), what, "Add it; channels: [] turns it off")


def _services(sheet: Commands, catalogue: Catalogue) -> Iterator[Problem]:
    """What a subscriber is told to send to get rid of a service must do that."""
    fixed = {w: f for row in sheet.commands.values() for w, f in words(sheet, row).items()}
    for service in catalogue.services.values():
        code = service.cancel_code
        told = f"conf/tariffs tells {code} to cancel {service.code}"
        if code and code not in fixed:
            yield Problem(("commands",), f"{told}, but no command has that code", "Add it")
        elif code and not _cancels(fixed[code], service):
            other = fixed[code].get("service") or fixed[code].get("group")
            action = next(a for a, row in sheet.commands.items() if code in words(sheet, row))
            what = f"{told}, but here it means {other}"
            yield Problem(_where(action, code, sheet.commands[action]), what, "Correct one of them")


def _cancels(fixed: Mapping[str, str], service: Service) -> bool:
    named = fixed.get("service", service.code), fixed.get("group", service.group)
    return named == (service.code, service.group)


def _unasked(sheet: Commands) -> Iterator[Problem]:
    """Who sends a code without what must follow it is asked for that, one by one."""
    words = [{*row.codes, *row.variants} for row in sheet.commands.values() if "" in row.forms]
    bare = set[str]().union(*words)
    for action, row in sheet.commands.items():
        if "" in row.forms:
            continue
        places = [line.replace("/", "#").split("#") for line in row.forms]
        # where the bare code is another command, the first place tells the two apart
        elsewhere = bare.issuperset(row.codes) or _other_asks(sheet, action, row)
        for name in places[0][1:] if elsewhere else places[0]:
            if all(name in line for line in places) and name not in {*row.steps, *PROOFS}:
                place: Place = ("commands", action, "forms", 0)
                what = f"nothing asks for '{name}' when it is missing"
                yield Problem(place, what, f"Add {name}: and the text that asks, under steps")


def _other_asks(sheet: Commands, action: str, row: CommandRow) -> bool:
    """Another command has the same code, and asks for what follows it."""
    others = (other for name, other in sheet.commands.items() if name != action)
    return any(other.steps and set(row.codes) <= set(other.codes) for other in others)


def _examples(sheet: Commands, catalogue: Catalogue) -> Iterator[Problem]:
    """Last, when all else fits: what we tell people to send must do what we say."""
    known = register(sheet, catalogue, READING)
    for action, row in sheet.commands.items():
        first = next(iter([*row.codes, *row.variants]))
        if row.codes and not row.example.startswith(first):
            what = f"'{row.example}' begins with another code than the one we tell, {first}"
            yield Problem(("commands", action, "example"), what, f"Begin it with {first}")
        said = understand(row.example, NO_DIALOGUE, known)
        if not isinstance(said, Asked) or said.spec.action != action or said.guessed:
            place: Place = ("commands", action, "example")
            yield Problem(place, f"'{row.example}' is not understood as {action}", "Correct it")
