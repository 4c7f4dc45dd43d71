"""The audit's chain: whatever is done to its rows in the database is found."""

from __future__ import annotations

import io
import subprocess
import sys

import orjson
import pytest
from sqlalchemy import delete, insert, select, text, update

from gateway.api.server import tell_anchor
from gateway.model.operators.audit import Actor, AuditEntry, AuditHead, anchor
from gateway.ops.log import Log
from gateway.security.encryption import Seal
from gateway.store.operators.audit import BROKEN, AuditQuery, SqlAudit, linked
from gateway.store.operators.audit_check import check_chain
from gateway.store.ports.audit_head import HEAD
from gateway.store.store import Store
from gateway.store.tables import audit, meta
from tests.gateway.conftest import SEAL
from tests.gateway.messages import NOON, ZHANG

WANG = Actor("8001", "192.0.2.7")


def entry(n: int) -> AuditEntry:
    return WANG.did("subscribers.read", NOON + n, subscriber=ZHANG, reason=f"ticket {n}")


def append(store: Store, *entries: AuditEntry) -> AuditHead:
    with store.transaction() as connection:
        return SqlAudit(connection, store.seal).append(*entries)


def bend(store: Store, *statements: object) -> None:
    with store.transaction() as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


@pytest.fixture
def kept(store: Store) -> Store:
    """Ten entries, one after the other."""
    for n in range(10):
        append(store, entry(n))
    return store


def found(store: Store, *anchors: AuditHead) -> str:
    return "\n".join(check_chain(store, anchors).findings)


def test_nothing_is_found_where_nothing_was_done(kept: Store) -> None:
    report = check_chain(kept)
    assert (report.rows, report.findings) == (10, ())
    assert anchor(str(report.head)) == report.head
    assert found(kept, report.head) == ""


def test_an_empty_audit_is_whole(store: Store) -> None:
    assert check_chain(store).findings == ()


@pytest.mark.parametrize(
    "column", [audit.c.operator, audit.c.origin, audit.c.action, audit.c.subscriber,
               audit.c.reason, audit.c.result, audit.c.hash]
)  # fmt: skip
def test_a_changed_row(kept: Store, column: object) -> None:
    """Whatever of it was changed, if only by a letter."""
    name = column.key  # type: ignore[attr-defined]
    bend(kept, text(f"UPDATE audit SET {name} = {name} || '1' WHERE id = 4"))
    assert "row 4 does not fit its hash" in found(kept)


def test_a_changed_moment(kept: Store) -> None:
    bend(kept, update(audit).where(audit.c.id == 4).values(at=int(NOON) - 3_600))
    assert "row 4 does not fit" in found(kept)


@pytest.mark.parametrize("which", [1, 5])
def test_a_removed_row(kept: Store, which: int) -> None:
    bend(kept, delete(audit).where(audit.c.id == which))
    assert found(kept) == f"row {which} is missing"


def test_a_removed_row_whose_followers_close_ranks(kept: Store) -> None:
    bend(kept, delete(audit).where(audit.c.id == 5))
    for n in range(6, 11):
        bend(kept, update(audit).where(audit.c.id == n).values(id=n - 1))
    assert "row 5 does not fit" in found(kept)


def test_two_rows_that_changed_places(kept: Store) -> None:
    swap = [(4, 99), (5, 4), (99, 5)]
    bend(kept, *(update(audit).where(audit.c.id == a).values(id=b) for a, b in swap))
    assert "row 4 does not fit" in found(kept)


def row_of(seal: Seal, head: AuditHead) -> dict[str, object]:
    """As somebody would write one who knows this program."""
    made = linked(seal, head, entry(99))
    return {
        "id": made.id, "at": made.entry.at, "operator": "8001", "origin": made.entry.origin,
        "action": made.entry.action, "subscriber": ZHANG, "reason": made.entry.reason,
        "result": "done", "hash": made.hash,
    }  # fmt: skip


def test_an_inserted_row_without_the_halls_key(kept: Store) -> None:
    """With the hash that another key makes."""
    with kept.reading() as connection:
        head = SqlAudit(connection, kept.seal).head()
    assert head is not None
    bend(kept, insert(audit).values(row_of(Seal(bytes(range(1, 33))), head)))
    said = found(kept)
    assert "row 11 does not fit its hash" in said
    assert "row 11 to 11" in said or "rows 11 to 11 stand behind the end" in said


def test_a_tail_that_was_cut(kept: Store) -> None:
    bend(kept, delete(audit).where(audit.c.id > 7))
    assert found(kept) == "the tail is cut: rows 8 to 10 are missing"


def test_a_tail_that_was_cut_and_a_head_that_was_forged(kept: Store) -> None:
    """Who has only the database cannot sign the shorter one."""
    seventh = "SELECT hash FROM audit WHERE id = 7"
    bend(
        kept,
        delete(audit).where(audit.c.id > 7),
        text(f"UPDATE meta SET value = '7:' || ({seventh}) || ':' || ({seventh}) WHERE name = :n")
        .bindparams(n=HEAD),
    )  # fmt: skip
    assert "was not signed with this hall's key" in found(kept)


def test_an_older_head_put_back_is_shown_by_an_anchor(store: Store) -> None:
    """Nothing within the database can tell it; what was told elsewhere can."""
    for n in range(3):
        append(store, entry(n))
    with store.reading() as connection:
        old = connection.execute(select(meta.c.value).where(meta.c.name == HEAD)).scalar_one()
    told = append(store, entry(3))
    bend(
        store,
        delete(audit).where(audit.c.id > 3),
        update(meta).where(meta.c.name == HEAD).values(value=old),
    )
    assert found(store) == ""
    assert "the tail is cut: row 4 was told as anchor" in found(store, told)
    append(store, entry(77))
    assert "row 4 is not the one that was told" in found(store, told)


def test_a_head_that_went_missing_is_remembered(kept: Store) -> None:
    """The next act goes on, and says so for ever."""
    bend(kept, delete(meta).where(meta.c.name == HEAD))
    assert "its head is missing" in found(kept)
    append(kept, entry(10))
    with kept.reading() as connection:
        newest = SqlAudit(connection, kept.seal).find(AuditQuery(), 2)
    assert [record.entry.action for record in newest] == ["subscribers.read", BROKEN]
    assert "row 11 says that the audit was bent before" in found(kept)


def test_an_audit_of_which_nothing_is_left_was_taken_away(kept: Store) -> None:
    """Each store begins with a signed end, so that an empty one is not the same as none."""
    bend(kept, delete(audit), delete(meta).where(meta.c.name == HEAD))
    assert "its head is missing" in found(kept)
    append(kept, entry(10))
    assert "row 1 says that the audit was bent before: the head was missing" in found(kept)


def test_a_row_before_the_first(kept: Store) -> None:
    """Where no act of ours can stand."""
    bend(kept, insert(audit).values(row_of(kept.seal, AuditHead(10, "")) | {"id": -3}))
    assert found(kept) == "row -3 was put in: the first one is row 1"


@pytest.mark.parametrize(
    "bent", ["reason = CAST(x'ff80' AS TEXT)", "reason = x'00ff'", "at = 'noon'", "at = at + 0.5",
             "hash = x'00'"]
)  # fmt: skip
def test_what_sqlite_keeps_and_nobody_can_read_is_found(sqlite_store: Store, bent: str) -> None:
    """And keeps nobody from looking at the others."""
    append(sqlite_store, entry(0), entry(1))
    bend(sqlite_store, text(f"UPDATE audit SET {bent} WHERE id = 1"))
    assert "row 1 does not fit its hash" in found(sqlite_store)
    with sqlite_store.reading() as connection:
        assert len(SqlAudit(connection, sqlite_store.seal).find(AuditQuery(), 10)) == 2


def test_two_anchors_of_one_row_cannot_both_be_right(store: Store) -> None:
    """As after a backup was put back, and the audit went on: the later one hides no earlier one."""
    append(store, *(entry(n) for n in range(3)))
    with store.reading() as connection:
        old = connection.execute(select(meta.c.value).where(meta.c.name == HEAD)).scalar_one()
    before = append(store, entry(3))
    bend(
        store,
        delete(audit).where(audit.c.id > 3),
        update(meta).where(meta.c.name == HEAD).values(value=old),
    )
    after = append(store, entry(4))
    assert (before.count, found(store, after)) == (after.count, "")
    for anchors in ([before, after], [after, before]):
        assert f"not the one that was told as anchor {before}" in found(store, *anchors)


def test_the_console_sees_within_a_minute_that_an_older_end_was_put_back(store: Store) -> None:
    """Though the audit goes on after it, and is whole in itself."""
    stream = io.BytesIO()
    log = Log(stream)

    def events(told: AuditHead | None) -> tuple[list[str], AuditHead | None]:
        before = stream.tell()
        told = tell_anchor(store, log, told)
        lines = stream.getvalue()[before:].splitlines()
        return [orjson.loads(line)["event"] for line in lines], told

    append(store, *(entry(n) for n in range(3)))
    with store.reading() as connection:
        old = connection.execute(select(meta.c.value).where(meta.c.name == HEAD)).scalar_one()
    append(store, entry(3))
    told, anchor = events(None)
    assert told == ["audit anchor"]
    assert events(anchor) == ([], anchor)
    bend(
        store,
        delete(audit).where(audit.c.id > 3),
        update(meta).where(meta.c.name == HEAD).values(value=old),
    )
    append(store, entry(4), entry(5))
    told, anchor = events(anchor)
    assert told == ["audit bent", "audit anchor"]
    assert events(anchor) == ([], anchor)


def test_an_act_that_is_undone_leaves_no_row(store: Store) -> None:
    def fails() -> None:
        with store.transaction() as connection:
            SqlAudit(connection, store.seal).append(entry(1))
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    report = check_chain(store)
    assert (report.rows, report.findings) == (0, ())


@pytest.mark.parametrize(
    "words", ["\x00\x1b[31m", "one\nrow\r\nmore", "\ud800", "很长" * 400, "👍"]
)
def test_any_words_can_be_kept(store: Store, words: str) -> None:
    append(store, WANG.did("x.y", NOON, reason=words))
    assert check_chain(store).findings == ()
    with store.reading() as connection:
        (record,) = SqlAudit(connection, store.seal).find(AuditQuery(), 10)
    assert record.entry.reason.isprintable()
    assert 0 < len(record.entry.reason) <= 500


def test_what_is_asked_for_is_found(store: Store) -> None:
    other = Actor("8002", "192.0.2.8")
    append(store, *(entry(n) for n in range(3)), other.did("operators.lock", NOON + 5))
    with store.reading() as connection:
        port = SqlAudit(connection, store.seal)

        def ids(wanted: AuditQuery) -> list[int]:
            return [record.id for record in port.find(wanted, 10)]

        assert ids(AuditQuery()) == [4, 3, 2, 1]
        assert ids(AuditQuery(operator="8002")) == [4]
        assert ids(AuditQuery(subscriber=ZHANG, before=3)) == [2, 1]
        assert ids(AuditQuery(action="subscribers")) == [3, 2, 1]
        assert ids(AuditQuery(action="subscribers.read")) == [3, 2, 1]
        assert ids(AuditQuery(action="sub")) == []
        assert ids(AuditQuery(since=int(NOON) + 1, until=int(NOON) + 2)) == [2]
        assert port.count(AuditQuery(operator="8001")) == 3


APPENDING = """
import sys
from gateway.config.time_zone import OperatorCalendar
from gateway.model.operators.audit import Actor
from gateway.security.encryption import Seal
from gateway.store.operators.audit import SqlAudit
from gateway.store.store import Store
store = Store(sys.argv[1], Seal(bytes(range(32))), OperatorCalendar(), threads=1)
for n in range(25):
    with store.transaction() as connection:
        SqlAudit(connection, store.seal).append(Actor(sys.argv[2], "x").did("a.b", n))
"""


def test_several_processes_append_to_one_chain(store: Store) -> None:
    """None is lost, none comes twice, and each goes on where the last one ended."""
    url = store.engine.url.render_as_string(hide_password=False)
    running = [subprocess.Popen([sys.executable, "-c", APPENDING, url, str(n)]) for n in range(4)]
    assert [each.wait(120) for each in running] == [0, 0, 0, 0]
    report = check_chain(store)
    assert (report.rows, report.findings) == (100, ())
    with store.reading() as connection:
        records = list(SqlAudit(connection, store.seal).all())
    for n in range(4):
        mine = [record.entry.at for record in records if record.entry.operator == str(n)]
        assert mine == list(range(25))


def test_the_seal_of_the_tests_is_the_processes_own(store: Store) -> None:
    """Else the test above would show nothing."""
    assert store.seal.mark("x") == SEAL.mark("x") == Seal(bytes(range(32))).mark("x")
