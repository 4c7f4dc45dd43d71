"""`hallgate operators` and `hallgate audit`; and that every verb that shows or changes a subscriber
is in the audit."""

from __future__ import annotations

import csv
import io
import json
import os
import pwd
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from gateway.cli import main
from gateway.model.operators.audit import AuditRecord
from gateway.security import totp
from gateway.store.operators.audit import SqlAudit
from gateway.store.store import Store
from tests.gateway.conftest import SEAL

USER = f"cli:{pwd.getpwuid(os.getuid()).pw_name}"
ZHANG = "13800138001"


class Place:
    """A store, and the command line on it."""

    def __init__(self, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
        self.store = store
        self._capsys = capsys
        url = store.engine.url.render_as_string(hide_password=False)
        self._options = ["--set", f"store.url={url}", "--set", f"secrets.key={KEY}"]
        self.errors = ""

    def run(self, *words: str, status: int = 0) -> str:
        """What it prints."""
        found, told = self.tried(*words)
        assert found == status, (words, self.errors)
        return told

    def tried(self, *words: str) -> tuple[int, str]:
        """How it ends, and what it prints."""
        found = main([*words, *self._options])
        told = self._capsys.readouterr()
        self.errors = told.err
        return found, told.out

    def audit(self) -> list[AuditRecord]:
        """The oldest first."""
        with self.store.reading() as connection:
            return list(SqlAudit(connection, self.store.seal).all())

    def newest(self) -> tuple[str, str, str, str]:
        entry = self.audit()[-1].entry
        return entry.operator, entry.action, entry.subscriber, entry.reason


KEY = bytes(range(32)).hex()


@pytest.fixture
def place(store: Store, capsys: pytest.CaptureFixture[str]) -> Place:
    assert store.seal.mark("x") == SEAL.mark("x")  # the key of KEY
    return Place(store, capsys)


def test_an_operator_of_the_command_line(place: Place) -> None:
    """Added, listed, promoted, locked, unlocked, given new secrets."""
    made = json.loads(place.run("operators", "add", "8001", "王芳", "--role", "leader", "--json"))
    assert len(made["totp"]) == 32
    assert place.run("operators", "add", "8001", "x", "--role", "leader", status=1) == ""
    assert "there is an operator 8001 already" in place.errors
    place.run("operators", "add", "8002", "x", "--role", "chief", status=1)
    assert "no role 'chief'; there are: agent, leader" in place.errors
    place.run("operators", "add", "x y", "x", "--role", "leader", status=1)
    assert "'x y' is no 工号" in place.errors
    assert "8001 王芳: auditor, active" in place.run("operators", "role", "8001", "auditor")
    assert "locked" in place.run("operators", "lock", "8001", "--reason", "left on Friday")
    (listed,) = json.loads(place.run("operators", "list", "--json"))
    assert (listed["state"], listed["role"], listed["password"]) == ("locked", "auditor", "first")
    assert "active" in place.run("operators", "unlock", "8001")
    assert "active" in place.run("operators", "logout", "8001")
    renewed = json.loads(place.run("operators", "reset", "8001", "--totp", "--json"))
    assert "password" not in renewed
    assert renewed["totp"] != made["totp"]
    place.run("operators", "lock", "nobody", status=1)
    assert "there is no operator nobody" in place.errors
    entries = [record.entry for record in place.audit()]
    assert [entry.action for entry in entries] == [
        "operators.add", "operators.role", "operators.lock", "operators.unlock",
        "operators.logout", "operators.reset",
    ]  # fmt: skip
    assert {(entry.operator, entry.origin) for entry in entries} == {(USER, USER)}
    assert entries[2].reason == "left on Friday"


def test_the_last_who_manages_people_stays(place: Place) -> None:
    place.run("operators", "add", "9001", "one", "--role", "admin")
    for words in (("lock", "9001"), ("role", "9001", "agent")):
        place.run("operators", *words, status=1)
        assert "the last one who may change operators" in place.errors
    place.run("operators", "add", "9002", "two", "--role", "admin")
    place.run("operators", "lock", "9001")
    place.run("operators", "lock", "9002", status=1)


def test_a_code_is_told_for_a_secret(place: Place) -> None:
    secret = totp.new_secret()
    before = totp.code_of(secret, totp.step_at(time.time()))
    told = place.run("operators", "code", secret).strip()
    assert told in (before, totp.code_of(secret, totp.step_at(time.time())))
    assert "base32" in place.run("operators", "code", "nonsense", status=1)


def test_roles_say_what_they_may(place: Place) -> None:
    rows = {row["role"]: row for row in json.loads(place.run("operators", "roles", "--json"))}
    assert "subscribers.reveal" in rows["agent"]["rights"]
    assert rows["leader"]["name"] == "班长"


def open_ticket(store: Store) -> str:
    with store.transaction() as connection:
        opened = store.ports(connection).tickets.open(
            "complaint", ZHANG, "信号不好", int(time.time()), int(time.time()), 7 << 40
        )
    return opened.number


LOOKS: list[tuple[Sequence[str], str, str]] = [
    (("consent", ZHANG), "subscribers.reveal", ZHANG),
    (("tickets", "list"), "tickets.read", ZHANG),
    (("db", "sample", "--show", "5"), "subscribers.reveal", "13900000005"),
]


@pytest.mark.parametrize(("words", "action", "number"), LOOKS, ids=[" ".join(w) for w, *_ in LOOKS])
def test_a_verb_that_shows_a_subscriber_is_audited(
    place: Place, words: Sequence[str], action: str, number: str
) -> None:
    """By the system's user, or by the operator who is named; one who is none sees nothing."""
    open_ticket(place.store)
    assert place.run(*words)
    assert place.newest() == (USER, action, number, "")
    place.run("operators", "add", "8001", "王芳", "--role", "leader")
    place.run(*words, "--operator", "8001", "--reason", "called")
    assert place.newest() == ("8001", action, number, "called")
    assert place.audit()[-1].entry.origin == USER
    before = len(place.audit())
    assert place.run(*words, "--operator", "8009", status=1) == ""
    assert "operator 8009 is none" in place.errors
    place.run("operators", "lock", "8001")
    assert place.run(*words, "--operator", "8001", status=1) == ""
    assert "operator 8001 is locked" in place.errors
    assert len(place.audit()) == before + 1


def test_a_ticket_that_is_closed_is_audited_with_it(place: Place) -> None:
    number = open_ticket(place.store)
    place.run("tickets", "done", number, "已处理", "--reason", "repaired")
    assert place.newest() == (USER, "tickets.close", ZHANG, "repaired")
    place.run("tickets", "done", number, "又一次", status=1)
    assert place.audit()[-1].entry.result == f"refused: ticket {number} is done already"


def test_menus_that_are_published_are_audited(place: Place) -> None:
    """And each number that a version is tried out on."""
    place.run("menus", "publish", "--reason", "spring")
    entry = place.audit()[-1].entry
    assert (entry.action, entry.reason, entry.subscriber) == ("editions.change", "spring", "")
    assert "published" in entry.result


def test_sample_data_are_audited(place: Place) -> None:
    place.run("db", "sample")
    assert place.newest()[:3] == (USER, "subscribers.sample", "")
    assert "80001" in place.run("operators", "list")


def test_the_audit_is_listed_masked_without_a_reason(place: Place) -> None:
    """Also whom somebody has named in passing; what names a ticket can be read."""
    place.run("consent", ZHANG, "--reason", f"{ZHANG}来电,身份证11010119900307888X,工单20261129-17")
    said = place.run("audit", "list")
    assert "138****8001" in said
    assert ZHANG not in said
    assert "138****8001来电,身份证***,工单20261129-17" in said
    assert "--reason" in place.errors
    rows = json.loads(place.run("audit", "list", "--json", "--reason", "review",
                                "--subscriber", ZHANG))  # fmt: skip
    assert [(row["action"], row["subscriber"]) for row in rows] == [("subscribers.reveal", ZHANG)]
    assert place.newest() == (USER, "audit.read", ZHANG, "review")
    assert json.loads(place.run("audit", "list", "--json", "--by", "8001")) == []
    assert json.loads(place.run("audit", "list", "--json", "--until", "2020-01-01")) == []
    assert place.run("audit", "list", "--since", "yesterday", status=2) == ""
    assert "'yesterday' is no time" in place.errors


def test_what_is_suspicious_is_listed_with_why(place: Place) -> None:
    """A look that names a ticket of the same subscriber has a ticket."""
    number = open_ticket(place.store)
    place.run("consent", ZHANG)
    place.run("consent", ZHANG, "--reason", f"ticket {number}")
    place.run("consent", "13800138002", "--reason", f"ticket {number}")
    rows = json.loads(place.run("audit", "list", "--suspicious", "--json"))
    without = [row["id"] for row in rows if "without a ticket" in row["why"]]
    assert without == [1, 3]


def test_an_export_needs_a_reason_and_is_whole(place: Place) -> None:
    place.run("consent", ZHANG)
    assert place.run("audit", "export", status=2) == ""
    assert "--reason" in place.errors
    said = place.run("audit", "export", "--csv", "--reason", "=cmd()")
    rows = list(csv.DictReader(io.StringIO(said)))
    assert [row["id"] for row in rows] == ["1", "2"]
    assert rows[1]["reason"] == "'=cmd()"  # no formula for whoever opens it
    assert rows[0]["hash"] == place.audit()[0].hash
    lines = place.run("audit", "export", "--reason", "x").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [1, 2, 3]


def test_verify_says_whether_it_was_bent(place: Place, tmp_path: Path) -> None:
    """And compares what was told elsewhere: an anchor, a console's log."""
    for _ in range(3):
        place.run("consent", ZHANG)
    said = place.run("audit", "verify")
    assert "3 rows, none changed" in said
    anchor = said.split("anchor ")[1].split()[0]
    assert anchor.startswith("4:")
    log = tmp_path / "console.log"
    log.write_text(f'not json\n{{"event":"audit anchor","anchor":"{anchor}"}}\n')
    assert "1 anchors compared" in place.run("audit", "verify", "--log", str(log))
    with place.store.transaction() as connection:
        connection.exec_driver_sql("UPDATE audit SET operator = 'x' WHERE id = 2")
    assert not json.loads(place.run("audit", "verify", "--json", status=1))["whole"]
    place.run("audit", "verify", status=1)
    assert "row 2 does not fit its hash" in place.errors
    assert place.audit()[-1].entry.result == "1 findings"
    log.write_text('{"event":"audit anchor","anchor":"99:0000"}\n')
    place.run("audit", "verify", "--log", str(log), status=1)
    assert "row 99 was told as anchor" in place.errors


def test_an_anchor_that_is_none_is_told(place: Place) -> None:
    with pytest.raises(SystemExit):
        place.run("audit", "verify", "--anchor", "nonsense")


def test_a_log_that_is_not_there_is_told(place: Place) -> None:
    place.run("audit", "verify", "--log", "/nowhere/console.log", status=1)
    assert "/nowhere/console.log" in place.errors
