"""`hallgate notices`, as two colleagues type it."""

from __future__ import annotations

import json

from tests.gateway.operators.test_verbs import Place, place

__all__ = ["place"]


def mark_of(place: Place, number: str) -> str:
    shown = json.loads(place.run("notices", "show", number, "--json", "--operator", "8002"))
    return str(shown[0]["mark"])


def test_what_was_read_is_approved_and_nothing_else(place: Place) -> None:
    """Its writer may change it while somebody reads: then it is read again."""
    for number, role in (("8001", "marketing"), ("8002", "leader")):
        place.run("operators", "add", number, "x", "--role", role, "--json")
    made = place.run("notices", "add", "流量包", "--zh", "回复KTLL30。", "--operator", "8001")
    number = made.removeprefix("notice ").removesuffix(": draft\n")
    read = mark_of(place, number)
    place.run("notices", "change", number, "--zh", "别的话。", "--operator", "8001")
    by_leader = ("--operator", "8002")
    assert place.run("notices", "approve", number, "--seen", read, *by_leader, status=1) == ""
    assert "read it again" in place.errors
    told = place.run("notices", "approve", number, "--seen", mark_of(place, number), *by_leader)
    assert told == f"notice {number}: approved\n"
