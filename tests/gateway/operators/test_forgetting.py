"""Forgetting a number: nothing is left of it but what is named, and nobody else loses anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from commands.auth.password_check import CLOSED, ELSEWHERE
from commands.model.credentials import PasswordTries
from gateway.store.forgetting.erased import ERASED
from gateway.store.forgetting.forgetting import MUST_STAY, ForgettingReport, forget
from gateway.store.forgetting.kept import KEPT
from gateway.store.forgetting.number import sent_to
from gateway.store.operators.audit_check import check_chain
from gateway.store.store import Store
from gateway.store.tables import api_answers, inbox, metadata, outbox, tickets, unasked
from tests.gateway.conftest import SEAL
from tests.gateway.operators.numbers_everywhere import (
    places,
    put_row,
    rows_of,
    tables_that_tell,
)
from tests.gateway.operators.test_verbs import Place, place

__all__ = ["place"]

NOW = 1_795_267_800
MINE, OTHERS = "13800138001", "13900000007"
OLD = NOW - MUST_STAY - 3600
NAMED = {(each.table.name, column) for each in KEPT for column in each.columns}


def forgotten(store: Store, number: str = MINE, now: int = NOW) -> ForgettingReport:
    with store.reading() as connection:
        sent = sent_to(connection, number)
    with store.transaction() as connection:
        return forget(connection, store.seal, number, now, sent)


def readable(store: Store, number: str) -> set[tuple[str, str]]:
    with store.reading() as connection:
        return set(places(connection, SEAL, number))


def test_no_table_with_numbers_was_overlooked() -> None:
    """Who adds one says what becomes of it: a line in gateway/store/forgetting/erased.py or
    kept.py, and how it writes numbers in tests/gateway/operators/numbers_everywhere.py."""
    known = {each.table.name for each in ERASED} | {each.table.name for each in KEPT}
    assert sorted({table.name for table in tables_that_tell()} - known) == []


def test_nothing_is_left_but_what_is_named(store: Store) -> None:
    """Whatever rows there are, of whichever age and state; and others keep all of theirs."""

    @given(data=st.data())
    @settings(max_examples=15)
    def holds(data: st.DataObject) -> None:
        before = _filled(store, data)
        forgotten(store)
        assert readable(store, MINE) <= NAMED
        with store.reading() as connection:
            after = rows_of(connection)
        assert {name: [row for row in rows if row not in after[name]]
                for name, rows in before.items()} == {name: [] for name in before}  # fmt: skip

    holds()


def _filled(store: Store, data: st.DataObject) -> dict[str, list[tuple[object, ...]]]:
    """A store with rows about both; those of the other are returned."""
    with store.transaction() as connection:
        for table in metadata.sorted_tables:
            if table.name not in ("meta", "list_types"):
                connection.execute(delete(table))
        for table in tables_that_tell():
            put_row(connection, SEAL, table, OTHERS, NOW - 60)
        others = rows_of(connection)
        for table in data.draw(st.lists(st.sampled_from(tables_that_tell()), unique=True)):
            at = data.draw(st.sampled_from([NOW - 60, OLD]))
            put_row(connection, SEAL, table, MINE, at, **_state(data, table.name))
    return others


def _state(data: st.DataObject, table: str) -> dict[str, object]:
    match table:
        case "tickets" | "orders":
            states = ["open", "done", "rated"] if table == "tickets" else ["waiting", "done"]
            return {"state": data.draw(st.sampled_from(states))}
        case "outbox" | "unasked":
            return {"state": data.draw(st.sampled_from([0, 1, 2]))}
        case "errands":
            return {"settled_at": data.draw(st.sampled_from([0, NOW - 30]))}
        case _:
            return {}


def test_words_go_and_the_journal_stays(store: Store) -> None:
    """Of the last six months: who, when and what; of before nothing."""
    with store.transaction() as connection:
        for at in (NOW - 60, OLD):
            put_row(connection, SEAL, inbox, MINE, at)
            put_row(connection, SEAL, outbox, MINE, at, state=1)
    forgotten(store)
    with store.reading() as connection:
        for table in (inbox, outbox):
            (row,) = connection.execute(select(table.c.text_sealed)).all()
            assert row.text_sealed is None


def test_what_waits_is_sent_and_then_its_words_go(store: Store) -> None:
    """As with what carries a password."""
    with store.transaction() as connection:
        put_row(connection, SEAL, outbox, MINE, NOW - 5, state=0)
    report = forgotten(store)
    assert ("outbox", 1) in [(line.table, line.rows) for line in report.erased]
    with store.reading() as connection:
        (row,) = connection.execute(select(outbox)).all()
    assert row.secret
    assert row.text_sealed is not None


def test_a_ticket_that_is_open_keeps_its_words(store: Store) -> None:
    """Somebody works on it; it is told, and the next time it is done."""
    with store.transaction() as connection:
        put_row(connection, SEAL, tickets, MINE, NOW - 60, state="open", recording="r1")
        put_row(connection, SEAL, tickets, MINE, NOW - 70, state="done", recording="r2")
    report = forgotten(store)
    assert report.recordings == ("r2",)
    (live,) = [line for line in report.kept if "not done" in line.what]
    assert (live.rows, "again when they are done" in live.why) == (1, True)


def test_whoever_guesses_gets_no_tries_more(store: Store) -> None:
    """What three wrong passwords have closed stays closed, though the number is forgotten."""
    with store.transaction() as connection:
        ports = store.ports(connection)
        ports.strikes.add(CLOSED, MINE, NOW - 60)
        ports.strikes.add(ELSEWHERE, f"{OTHERS} {MINE}", NOW - 60)
        ports.passwords.record_tries(MINE, PasswordTries(3, NOW + 3600))
    report = forgotten(store)
    forgotten(store, OTHERS)
    with store.reading() as connection:
        ports = store.ports(connection)
        assert ports.passwords.tries(MINE) == PasswordTries(3, NOW + 3600)
        assert ports.strikes.last(CLOSED, MINE) == NOW - 60
        assert ports.strikes.count(ELSEWHERE, f"{OTHERS} {MINE}", NOW - 3600) == 1
    assert {"strikes", "password_tries"} <= {line.table for line in report.kept}


def test_answers_of_the_api_are_opened_and_looked_through(store: Store) -> None:
    """Only those that tell of the number are wiped."""
    with store.transaction() as connection:
        for key, words in (("a", f'{{"number": "{MINE}"}}'), ("b", f'{{"number": "{OTHERS}"}}')):
            row = {"key_mark": key, "request_mark": "", "status": 200, "until_at": NOW}
            connection.execute(insert(api_answers), row | {"answer_sealed": SEAL.seal(words)})
    forgotten(store)
    with store.reading() as connection:
        kept = {row.key_mark: row.answer_sealed for row in connection.execute(select(api_answers))}
    assert (kept["a"], SEAL.open(kept["b"])) == (None, f'{{"number": "{OTHERS}"}}')


# -- the verb ------------------------------------------------------------------------------------


def test_the_verb_says_line_by_line_what_it_did(place: Place) -> None:
    """For a reason, which is in the audit with what stayed; once more finds nothing."""
    with place.store.transaction() as connection:
        put_row(connection, SEAL, unasked, MINE, NOW)
    told = place.run("forget", MINE, "--reason", "request 17")
    assert "erased      1  reminders and notices, told and waiting (unasked)" in told
    assert "Backups of before still hold it" in told
    _, action, subscriber, reason = place.newest()
    assert (action, subscriber, reason) == ("subscribers.forget", MINE, "request 17")
    assert place.audit()[-1].entry.result == "1 rows erased; kept: nothing"
    again = json.loads(place.run("forget", MINE, "--reason", "again", "--json"))
    assert again["erased"] == []
    assert [line["table"] for line in again["kept"]] == ["audit"]
    assert check_chain(place.store).findings == ()


def test_nobody_is_forgotten_without_a_reason(place: Place) -> None:
    with place.store.transaction() as connection:
        put_row(connection, SEAL, unasked, MINE, NOW)
    place.run("forget", MINE, status=1)
    assert "say why" in place.errors
    assert ("unasked", "phone") in readable(place.store, MINE)


def test_what_the_subscriber_said_on_a_call_is_erased(place: Place, tmp_path: Path) -> None:
    """The file as well, and no other."""
    for name in ("r2.wav", "r3.wav"):
        (tmp_path / name).write_bytes(b"words")
    with place.store.transaction() as connection:
        put_row(connection, SEAL, tickets, MINE, NOW - 70, state="done", recording="r2")
    place.run("forget", MINE, "--reason", "r", "--set", f"ivr.recordings={tmp_path}")
    assert [file.name for file in tmp_path.glob("*.wav")] == ["r3.wav"]


@pytest.mark.parametrize("number", ["123", "abc", ""])
def test_what_is_no_number_is_refused(place: Place, number: str) -> None:
    with pytest.raises(SystemExit):
        place.run("forget", number, "--reason", "r")
