"""Files taken into lists: previewed, applied, broken off, replaced; on stores of each kind."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Sequence

import pytest

from gateway.lists.importing import STEP, ListImporting
from gateway.lists.refusals import ListRefusal, UnknownInList
from gateway.model.customer_lists import ImportState
from gateway.model.operators.audit import Actor
from gateway.store.lists.entries import SqlListEntries
from gateway.store.operators.audit import SqlAudit
from gateway.store.store import Store
from gateway.store.tables import list_import_lines
from tests.gateway.lists.test_customer_lists import lists
from tests.gateway.store.people import NOW

BOSS = Actor("80001", "127.0.0.1")


class Killed(BaseException):
    """The process is no more."""


class Desk:
    """Takes files into the store at NOW; `steps`: dies behind so many transactions."""

    def __init__(self, store: Store, steps: int = 10**9) -> None:
        self.store = store
        self.now = float(NOW)
        self._steps = steps
        self.importing = ListImporting(store, BOSS, lambda: self.now, self._rest)

    def _rest(self, _seconds: float) -> None:
        self._steps -= 1
        if self._steps < 0:
            raise Killed

    def look(self, text: str, origin: str = "", *, replaces: bool = False) -> int:
        file = io.BytesIO(text.encode())
        return self.importing.look(file, "30", origin, "协议", replaces=replaces).id

    def take(self, text: str, origin: str = "", *, replaces: bool = False) -> None:
        self.importing.apply(self.look(text, origin, replaces=replaces))

    def listed(self, origin: str | None = None) -> list[str]:
        with self.store.reading() as connection:
            found = SqlListEntries(connection).all("30", origin, int(self.now))
            return [f"{one.number[-4:]} {one.origin or 'own'}" for one in found]


def csv_of(numbers: Sequence[int], reason: str = "x") -> str:
    return "".join(f"1380000{n:04},{reason}\n" for n in numbers)


def test_a_preview_says_what_would_change_and_changes_nothing(store: Store) -> None:
    desk = Desk(store)
    desk.take(csv_of(range(4)))
    with lists(store) as mine:
        mine.take_out("30", ["13800000003"], "x")
    text = csv_of([0]) + csv_of([1], "other") + csv_of([3, 8, 8]) + "12,x\n"
    found = desk.importing.look(io.BytesIO(text.encode()), "30", "", "协议", replaces=True)
    counts = found.counts
    assert (counts.lines, counts.fresh, counts.changed, counts.same) == (6, 2, 1, 1)
    assert (counts.gone, counts.mistakes) == (1, 2)
    assert [one.line for one in found.mistakes] == [5, 6]
    assert "line 4" in found.mistakes[0].what
    assert desk.listed() == ["0000 own", "0001 own", "0002 own"]
    with pytest.raises(ListRefusal, match="2 lines have mistakes"):
        desk.importing.apply(found.id)
    done = desk.importing.apply(found.id, skip_mistakes=True)
    assert done.state is ImportState.APPLIED
    assert desk.listed() == ["0000 own", "0001 own", "0003 own", "0008 own"]


def test_a_partners_list_replaces_only_its_own(store: Store) -> None:
    desk = Desk(store)
    desk.take(csv_of([1, 2]))
    desk.take(csv_of([1, 3]), "bank-a", replaces=True)
    desk.take(csv_of([3, 4]), "bank-b", replaces=True)
    desk.take(csv_of([5]), "bank-a", replaces=True)
    assert desk.listed() == ["0001 own", "0002 own", "0003 bank-b", "0004 bank-b", "0005 bank-a"]


def test_who_is_killed_goes_on_where_it_stood(store: Store) -> None:
    """Whenever that is, everything is applied once, and told once."""
    many = range(2 * STEP + 10)
    desk = Desk(store)
    desk.take("".join(f"139{n:08},old\n" for n in range(STEP + 5)), "bank-a", replaces=True)
    id = desk.look("".join(f"137{n:08},x\n" for n in many), "bank-a", replaces=True)
    for _ in range(20):
        try:
            Desk(store, steps=2).importing.apply(id)
            break
        except Killed:
            continue
    else:
        raise AssertionError("it never came to an end")
    found = desk.listed("bank-a")
    assert len(found) == len(many)
    assert all(one.endswith("bank-a") for one in found)
    with store.reading() as connection:
        told = [one.entry for one in SqlAudit(connection, store.seal).all()]
    assert [one.action for one in told].count("lists.apply") == 2
    assert f"{len(many)} new, 0 changed, 0 as they were, {STEP + 5} ended" in told[-1].result


def test_a_file_is_applied_once_however_often_it_is_asked(store: Store) -> None:
    desk = Desk(store)
    id = desk.look(csv_of([1]))
    desk.importing.apply(id)
    with lists(store) as mine:
        mine.take_out("30", ["13800000001"], "x")
    assert desk.importing.apply(id).state is ImportState.APPLIED
    assert desk.listed() == []


def test_an_older_file_does_not_come_behind_a_newer_one(store: Store) -> None:
    desk = Desk(store)
    older = desk.look(csv_of([1]), "bank-a", replaces=True)
    desk.take(csv_of([2]), "bank-a", replaces=True)
    with pytest.raises(ListRefusal, match="newer file"):
        desk.importing.apply(older)
    desk.take(csv_of([3]))
    assert desk.listed() == ["0002 bank-a", "0003 own"]


def test_a_file_that_names_nobody_ends_nobody(store: Store) -> None:
    desk = Desk(store)
    desk.take(csv_of([1]), "bank-a", replaces=True)
    for text in ("", "号码,原因\n", "\n\n"):
        id = desk.look(text, "bank-a", replaces=True)
        with pytest.raises(ListRefusal, match="names nobody"):
            desk.importing.apply(id, skip_mistakes=True)
    assert desk.listed() == ["0001 bank-a"]


def test_what_is_not_wanted_is_forgotten(store: Store) -> None:
    """When it is discarded, or after a day."""
    desk = Desk(store)
    first, second = desk.look(csv_of([1])), desk.look(csv_of([2]))
    assert desk.importing.discard(first).state is ImportState.DISCARDED
    with pytest.raises(ListRefusal, match="discarded"):
        desk.importing.apply(first)
    desk.now += 25 * 3_600
    third = desk.look(csv_of([3]))
    with pytest.raises(ListRefusal, match="discarded"):
        desk.importing.apply(second)
    with store.reading() as connection:
        kept = connection.execute(list_import_lines.select()).all()
    assert [row.import_id for row in kept] == [third]
    with pytest.raises(UnknownInList):
        desk.importing.apply(999)


def test_a_long_file_takes_no_more_memory_than_a_short_one(sqlite_store: Store) -> None:
    """Nor does one line without an end."""
    desk = Desk(sqlite_store)

    def peak(text: bytes) -> int:
        tracemalloc.start()
        try:
            desk.importing.look(io.BytesIO(text), "30", "", "协议", replaces=False)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    def lines(count: int) -> bytes:
        return "".join(f"138{n:08},x\n" for n in range(count)).encode()

    peak(lines(10))
    short, long = peak(lines(2 * STEP)), peak(lines(20 * STEP))
    assert long < short + 2_000_000
    assert peak(b"1" * 20_000_000) < short + 2_000_000
