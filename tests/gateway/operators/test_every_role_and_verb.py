"""Each verb that takes an operator, by one of each role: who may is let in, and whoever may not is
refused, shown nothing, and remembered."""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from gateway.config.roles import read_roles
from gateway.config.settings import OWN_CONF
from gateway.model.operators.audit import Actor
from gateway.model.operators.rights import OBJECTS, Right
from gateway.operators.roster import Roster
from gateway.store.store import Store
from tests.catalogues.verbs import every_parser
from tests.gateway.api.console import cheap_secrets
from tests.gateway.conftest import ready
from tests.gateway.messages import ZHANG
from tests.gateway.operators.test_verbs import Place, open_ticket
from tests.gateway.store.people import admit

pytestmark = pytest.mark.slow
ROLES: Final = read_roles(OWN_CONF)
COLLEAGUE: Final = "7777"  # whom the verbs of operators are about
VERBS: Final = {
    parser.prog.removeprefix("hallgate "): parser
    for parser in every_parser()
    if any("--operator" in action.option_strings for action in parser._actions)
}
STEPS: Final = {
    "tickets list": "tickets.read", "tickets count": "tickets.read", "tickets show": "tickets.read",
    "tickets trace": "tickets.read", "tickets assign": "tickets.assign",
    "tickets escalate": "tickets.escalate", "edition approve": "editions.approve",
    "edition refuse": "editions.approve",
}  # fmt: skip
"""Of verbs whose steps look for themselves; the other steps change."""
ALSO: Final = {"tickets assign": "tickets.change"}
"""Looked for before the other."""
OBJECT_OF: Final = {"tickets": "tickets", "edition": "editions", "menus": "editions"}
GIVEN: Final = {
    "msisdn": ZHANG, "what": ZHANG, "phone": ZHANG, "phones": ZHANG, "link": "smsc-a", "rate": "5",
    "type": "30", "numbers": ZHANG, "id": "1", "kind": "complaint", "said": "x", "text": "x",
    "why": "x", "name": "x", "new": "77", "key": "0" * 12, "role": "agent", "other": "1",
    "at": "2027-01-04T09:00", "until": "2027-01-04T10:00",
}  # fmt: skip
OPTIONS: Final = {
    "db sample": ["--show", "1"], "operators add": ["--role", "agent"],
    "interfaces add": ["--kind", "bank"], "tickets done": ["x"],
    "tickets assign": ["--to", COLLEAGUE], "tickets hand-over": ["--set", "boss.url=http://127.0.0.1:9"],
    "audit export": ["--reason", "x"], "lists export": ["--reason", "x"],
    "forget": ["--reason", "x"], "notices add": ["--zh", "x"],
}  # fmt: skip
NUMBERS: Final = {"operators": COLLEAGUE, "interfaces": "61", "notices": "1", "edition": "1"}
KINDS: Final = {"reminders try": "balance_low"}
FORGOTTEN: Final = "13800138099"
NO_RIGHT: Final = re.compile(r"right (?:to )?(\w+\.\w+)")


@contextmanager
def staffed(folder: Path) -> Iterator[Store]:
    """With somebody of each role, by its name."""
    with ready(f"sqlite:///{folder / 'hall.db'}") as store:
        admit(store)
        with store.transaction() as connection:
            actor = Actor("cli:test", "cli:test")
            roster = Roster(connection, store.seal, ROLES, actor, int(time.time()))
            for role in ROLES:
                roster.add(role, f"the {role}", role, "", cheap_secrets().kept)
            roster.add(COLLEAGUE, "x", "agent", "", cheap_secrets().kept)
        yield store


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with staffed(tmp_path_factory.mktemp("verbs")) as store:
        yield store


@pytest.fixture
def place(
    hall: Store, verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Place]:
    """Of its own for who decides about a proposal: there must be one, and nobody has decided."""
    if verb not in ("edition approve", "edition refuse"):
        yield Place(hall, capsys)
        return
    with staffed(tmp_path) as store:
        own = Place(store, capsys)
        assert "proposal 1" in own.run("edition", "publish", "--operator", "business")
        yield own


def right_of(verb: str, parser: argparse.ArgumentParser) -> str:
    needs = str(parser.get_default("needs") or "")
    of = OBJECT_OF.get(verb.split()[0])
    if of is not None:
        assert not needs, f"{verb} says what it needs: it need not stand here"
        return STEPS.get(verb, f"{of}.change")
    return needs


def words_of(verb: str, parser: argparse.ArgumentParser, ticket: str, folder: Path) -> list[str]:
    """With something for each argument, so that only the right decides."""
    group, words = verb.split()[0], verb.split()
    for action in parser._actions:
        if action.option_strings or action.nargs == "?":
            continue
        name = action.dest
        if name in ("file", "folder"):
            words.append(str(folder / "numbers.csv" if name == "file" else OWN_CONF))
        elif name == "number" and group == "tickets":
            words.append(ticket)
        elif name == "kind":
            words.append(KINDS.get(verb, GIVEN[name]))
        elif name == "number":
            words.append(NUMBERS.get(group, ZHANG))
        else:
            words.append(FORGOTTEN if verb == "forget" else GIVEN[name])
    return words + OPTIONS.get(verb, [])


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_lets_in_whom_it_says(verb: str, place: Place, tmp_path: Path) -> None:
    """Whatever else comes of it: who has the right is not told that he has not."""
    parser = VERBS[verb]
    right = right_of(verb, parser)
    thing, _, what = right.partition(".")
    assert what in OBJECTS[thing], f"{verb} must say what it needs"
    (tmp_path / "numbers.csv").write_text(f"{ZHANG},x\n")
    ticket = open_ticket(place.store)
    may = Right(what, thing)
    for role, of in sorted(ROLES.items(), key=lambda one: may in one[1].rights):
        before = len(place.audit())
        words = [*words_of(verb, parser, ticket, tmp_path), "--operator", role]
        status, shown = place.tried(*words)
        missing = NO_RIGHT.search(place.errors)
        if may in of.rights:
            assert missing is None or missing[1] != right, (role, words, place.errors)
            assert "usage:" not in place.errors, (words, place.errors)
            continue
        assert missing is not None, (role, words, status, place.errors)
        assert missing[1] in (right, ALSO.get(verb)), (role, words, place.errors)
        assert (status, shown) == (1, ""), (role, words)
        kept = [one.entry for one in place.audit()[before:]]
        assert [one.operator for one in kept] == [role], (words, kept)
        assert kept[0].result.startswith("refused"), (words, kept)


def test_roles_differ_in_every_kind_of_thing() -> None:
    """Else the test above would show little: of each right somebody has it, and somebody not."""
    asked = {right_of(verb, parser) for verb, parser in VERBS.items()}
    for right in asked:
        thing, _, what = right.partition(".")
        have = [role for role, of in ROLES.items() if Right(what, thing) in of.rights]
        assert 0 < len(have) < len(ROLES), right
