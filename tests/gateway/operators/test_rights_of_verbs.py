"""An operator who is named on the command line may there what their role may, and no more."""

from __future__ import annotations

import pytest

from gateway.model.operators.rights import OBJECTS
from tests.catalogues.verbs import every_parser
from tests.gateway.messages import ZHANG
from tests.gateway.operators.test_verbs import Place, place
from tests.gateway.store.people import admit

__all__ = ["place"]
LOOK_THEMSELVES = ("notices", "tickets", "edition", "menus")
"""Verbs whose steps need different rights of one subject."""
NAMING = [
    parser for parser in every_parser()
    if any("--operator" in action.option_strings for action in parser._actions)
]  # fmt: skip


@pytest.mark.parametrize("parser", NAMING, ids=[parser.prog for parser in NAMING])
def test_each_verb_says_what_it_needs(parser: object) -> None:
    needs = parser.get_default("needs")  # type: ignore[attr-defined]
    if parser.prog.split()[1] in LOOK_THEMSELVES:  # type: ignore[attr-defined]
        return
    thing, _, verb = needs.partition(".")
    assert verb in OBJECTS[thing]


@pytest.mark.parametrize(
    ("command", "right"),
    [
        (["lists", "add", "30", ZHANG, "--reason", "x"], "lists.change"),
        (["lists", "show", ZHANG], "lists.read"),
        (["block", "add", ZHANG], "lists.change"),
        (["consent", ZHANG], "subscribers.reveal"),
        (["trace", ZHANG], "subscribers.read"),
        (["forget", ZHANG, "--reason", "x"], "subscribers.forget"),
        (["reminders", "list"], "reminders.read"),
        (["audit", "export", "--reason", "x"], "audit.export"),
        (["operators", "lock", "8009"], "operators.change"),
        (["interfaces", "stop", "61"], "interfaces.stop"),
        (["db", "sample", "--show", "1"], "subscribers.change"),
        (["tickets", "open", "complaint", ZHANG, "x"], "tickets.change"),
    ],
)
def test_who_has_no_right_is_refused_and_that_is_kept(
    place: Place, command: list[str], right: str
) -> None:
    """Whatever the verb does, it has not been done, and nothing was shown."""
    admit(place.store)
    place.run("operators", "add", "7000", "BOSS", "--role", "boss", "--json")
    assert place.run(*command, "--operator", "7000", status=1) == ""
    assert right in place.errors
    entry = place.audit()[-1].entry
    assert (entry.operator, entry.result.partition(":")[0]) == ("7000", "refused")
    assert len(place.audit()) == 2


def test_a_reason_is_no_right(place: Place) -> None:
    """业务 may look masked; to see in full takes another right."""
    admit(place.store)
    place.run("operators", "add", "7001", "业务", "--role", "business", "--json")
    place.run("trace", ZHANG, "--operator", "7001")
    place.run("trace", ZHANG, "--reason", "x", "--operator", "7001", status=1)
    assert "operator 7001 has not the right subscribers.reveal" in place.errors
