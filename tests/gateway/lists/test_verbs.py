"""`hallgate lists`, as a shift leader types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateway.store.store import Store
from tests.gateway.operators.test_verbs import USER, Place, place
from tests.gateway.store.people import LI, ZHANG, admit, somebody

__all__ = ["place"]  # a fixture


def shown(place: Place, *words: str) -> list[dict[str, object]]:
    return list(json.loads(place.run("lists", "show", *words, "--json")))


def test_types_of_the_command_line(place: Place) -> None:
    """Shown, added, changed, closed, opened; never deleted."""
    rows = {row["number"]: row for row in json.loads(place.run("lists", "types", "--json"))}
    assert rows["11"]["name"] == "钻石卡"
    assert rows["11"]["classes"] == ["vip", "diamond"]
    told = place.run("lists", "types", "add", "31", "联合黑名单", "--class", "black", "--note", "x")
    assert told == "31 联合黑名单: black, open\n"
    place.run("lists", "types", "add", "31", "x", status=1)
    assert "there is a type 31 already" in place.errors
    place.run("lists", "types", "add", "32", "x", "--class", "blck", status=1)
    assert (
        "no class 'blck'; there are: diamond, gold, silver, vip, senior, red, black" in place.errors
    )
    assert "改名" in place.run("lists", "types", "change", "31", "--name", "改名")
    assert "no class" in place.run("lists", "types", "change", "31", "--no-class")
    assert "closed" in place.run("lists", "types", "close", "31", "--reason", "over")
    assert "open" in place.run("lists", "types", "open", "31")
    assert "31" in place.run("lists", "types", "--csv")
    assert [one.entry.action for one in place.audit()] == [
        "lists.type_add", "lists.type_change", "lists.type_change", "lists.type_close",
        "lists.type_open",
    ]  # fmt: skip


def test_somebody_is_put_in_shown_and_taken_out(place: Place) -> None:
    place.run("lists", "add", "30", ZHANG, LI, status=1)
    assert "say why" in place.errors
    place.run("lists", "add", "30", ZHANG, "--reason", "x", "--until", "someday", status=1)
    assert "'someday' is no day to come" in place.errors
    told = place.run("lists", "add", "30", ZHANG, LI, "--reason", "欠费", "--until", "2099-06-30")
    assert "30 黑名单: 13800138001 is in it, until 2099-06-30" in told
    place.run("lists", "add", "20", ZHANG, "--reason", "重要")
    found = shown(place, ZHANG)
    assert [(one["type"], one["state"]) for one in found] == [
        ("30", "in force"),
        ("20", "in force"),
    ]
    assert place.newest() == (USER, "lists.read", ZHANG, "")
    assert {one["number"] for one in shown(place, "30")} == {"138****8001", "138****8002"}
    assert place.newest() == (USER, "lists.read", "", "")
    assert {one["number"] for one in shown(place, "30", "--reason", "工单1")} == {ZHANG, LI}
    assert [one.entry.subscriber for one in place.audit()[-2:]] == [ZHANG, LI]
    place.run("lists", "close", "30", ZHANG, "13800138003", "--reason", "x", status=1)
    assert "1 of 2 numbers are not in list 30" in place.errors
    assert len(shown(place, "30")) == 2
    place.run("lists", "close", "30", ZHANG, "--reason", "已还清")
    assert [one["state"] for one in shown(place, ZHANG, "--past")] == ["taken out", "in force"]
    assert [one["type"] for one in shown(place, ZHANG)] == ["20"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_a_file_is_looked_at_then_applied(place: Place, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(f"号码,原因\r\n{ZHANG},信用卡\r\n1380,x\r\n".encode(encoding))
    words = ("lists", "import", "30", str(file), "--origin", "bank-a", "--reason", "协议")
    told = place.run(*words)
    assert "1 new, 0 changed, 0 as they are" in told
    assert "line 3: has no mobile number of eleven digits, but 4 digits" in told
    id = told.split()[-1]
    assert f"nothing is changed yet: hallgate lists apply {id}" in told
    place.run(*words, "--apply", status=1)
    assert "nothing is applied" in place.errors
    place.run("lists", "apply", id, status=1)
    assert "1 lines have mistakes" in place.errors
    assert shown(place, "30") == []
    assert "is applied" in place.run("lists", "apply", id, "--skip-mistakes")
    assert [one["origin"] for one in shown(place, "30")] == ["bank-a"]
    place.run("lists", "export", "30", status=2)
    export = place.run("lists", "export", "30", "--reason", "review")
    assert f"{ZHANG},信用卡,,bank-a" in export
    file.write_text(f"{LI},x\n")
    told = place.run(*words, "--apply", "--json")
    assert json.loads(told)["ended"] == 1
    assert [one["state"] for one in json.loads(place.run("lists", "imports", "--json"))] == [
        "applied", "ready", "applied",
    ]  # fmt: skip
    unwanted = json.loads(place.run("lists", "imports", "--json"))[1]["id"]
    assert "discarded" in place.run("lists", "discard", str(unwanted))
    place.run("lists", "import", "30", str(tmp_path / "none.csv"), status=1)
    assert "cannot be read" in place.errors


def test_a_look_at_a_subscriber_tells_the_classes_of_the_moment(store: Store, place: Place) -> None:
    admit(store, somebody())
    place.run("lists", "add", "12", ZHANG, "--reason", "x")
    with store.transaction() as connection:
        found = store.ports(connection).accounts.find(ZHANG)
    assert found is not None
    assert found.classes_at(0) == {"vip", "gold"}
