"""Types and entries in a store of each kind, and what an account is by them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from commands.classes.customer_classes import CustomerClasses
from gateway.config.known_classes import read_classes
from gateway.config.settings import OWN_CONF
from gateway.lists.customer_lists import CustomerLists
from gateway.lists.refusals import ListRefusal, UnknownInList
from gateway.model.operators.audit import Actor
from gateway.store.lists.entries import SqlListEntries, numbers_in
from gateway.store.lists.listed_classes import classes_of
from gateway.store.lists.types import SqlListTypes
from gateway.store.operators.audit import SqlAudit
from gateway.store.store import Store
from tests.gateway.store.people import LI, NOW, WANG, ZHANG, admit, somebody

BOSS = Actor("80001", "127.0.0.1")
DAY = 24 * 3_600


def own_classes() -> CustomerClasses:
    return read_classes(OWN_CONF)


@contextmanager
def lists(store: Store, now: int = NOW) -> Iterator[CustomerLists]:
    with store.transaction() as connection:
        yield CustomerLists(connection, store.seal, BOSS, now, own_classes)


def classes(store: Store, number: str = ZHANG, now: int = NOW) -> set[str]:
    """As commands see them."""
    with store.transaction() as connection:
        found = store.ports(connection).accounts.find(number)
    assert found is not None
    return set(found.classes_at(now))


def test_somebody_is_in_several_lists_at_once(store: Store) -> None:
    """Each names its classes; when one entry ends, the others stay."""
    admit(store)
    with lists(store) as mine:
        mine.add("11", [ZHANG], "ARPU")
        mine.add("20", [ZHANG], "重要客户", NOW + DAY)
        mine.add("30", [ZHANG], "信用卡", origin="bank-a")
    assert classes(store) == {"vip", "diamond", "red", "black"}
    assert classes(store, now=NOW + DAY) == {"vip", "diamond", "black"}
    with lists(store) as mine:
        mine.take_out("30", [ZHANG], "已还清", "bank-a")
    assert classes(store) == {"vip", "diamond", "red"}


def test_an_account_and_its_classes_are_one_statement(store: Store) -> None:
    """A message costs no query more."""
    admit(store, somebody(), somebody(LI))
    with lists(store) as mine:
        mine.add("30", [ZHANG, LI], "x")
    said: list[str] = []

    def note(*statement: object) -> None:
        said.append(str(statement[2]))

    event.listen(store.engine, "before_cursor_execute", note)
    with store.transaction() as connection:
        accounts = store.ports(connection).accounts
        accounts.load([ZHANG, LI])
        assert [accounts.find(n).classes_at(NOW) for n in (ZHANG, LI)] == [{"black"}] * 2  # type: ignore[union-attr]
    assert len([one for one in said if "SELECT" in one.upper()]) == 1


def test_a_type_is_closed_and_never_gone(store: Store) -> None:
    """Nobody is treated by it, nobody put into it; opened again, it is as it was."""
    admit(store)
    with lists(store) as mine:
        mine.add_type("31", "联合黑名单", "", ["black"])
        mine.add("31", [ZHANG], "x")
        mine.close_type("31", "over")
    assert classes(store) == set()
    with lists(store) as mine, pytest.raises(ListRefusal, match="closed"):
        mine.add("31", [LI], "x")
    with lists(store) as mine:
        mine.reopen_type("31")
    assert classes(store) == {"black"}
    with lists(store) as mine:
        changed = mine.change_type("31", "银行黑名单", None, [])
        assert (changed.name, changed.classes) == ("银行黑名单", ())
    assert classes(store) == set()
    with store.reading() as connection:
        assert len(SqlListTypes(connection).all()) == 8


@pytest.mark.parametrize(
    ("number", "name", "names", "what"),
    [
        ("3x", "x", [], "one to six digits"),
        ("30", "x", [], "already"),
        ("31", " ", [], "has a name"),
        ("31", "x", ["blck"], "no class 'blck'; there are: diamond"),
        ("31", "x\ny", [], "one line"),
        ("31", "x", ["vip", "vip"], "once"),
    ],
)
def test_a_type_that_cannot_be(
    store: Store, number: str, name: str, names: list[str], what: str
) -> None:
    with lists(store) as mine, pytest.raises(ListRefusal, match=what):
        mine.add_type(number, name, "", names)


def test_an_entry_says_why_and_by_whom(store: Store) -> None:
    """Changed, it keeps its beginning; over, it begins anew; taken out, it stays on record."""
    with lists(store) as mine:
        mine.add("30", [ZHANG], "one", NOW + 10)
    with lists(store, NOW + 5) as mine:
        (entry,) = mine.add("30", [ZHANG], "two", NOW + 20)
        assert (entry.reason, entry.since, entry.until) == ("two", NOW, NOW + 20)
        assert entry.operator == "80001"
    with lists(store, NOW + 30) as mine:
        (entry,) = mine.add("30", [ZHANG], "three")
        assert (entry.since, entry.until) == (NOW + 30, 0)
        mine.take_out("30", [ZHANG], "paid")
    with lists(store, NOW + 40) as mine:
        mine.add("30", [ZHANG], "again")
        gone, here = mine.of(ZHANG)
        assert (gone.ended_at, gone.ended_by, gone.ended_reason) == (NOW + 30, "80001", "paid")
        assert here.runs(NOW + 40)
    with store.reading() as connection:
        actions = [one.entry.action for one in SqlAudit(connection, store.seal).all()]
    assert actions == ["lists.add"] * 3 + ["lists.close", "lists.add"]


def test_what_cannot_be_put_in(store: Store) -> None:
    """And nothing is half done."""
    with lists(store) as mine:
        for kind, numbers, reason, until, origin, what in (
            ("99", [ZHANG], "x", 0, "", "no type of lists 99"),
            ("30", ["1380013800"], "x", 0, "", "eleven digits"),
            ("30", [ZHANG], " ", 0, "", "say why"),
            ("30", [ZHANG], "x", NOW, "", "over"),
            ("30", [ZHANG], "x", 0, "Bank A", "no origin"),
            ("30", [ZHANG], "x", 0, "own", "leave the origin out"),
        ):
            with pytest.raises(ListRefusal, match=what):
                mine.add(kind, numbers, reason, until, origin)
        assert mine.of(ZHANG) == []
        mine.add("30", [ZHANG], "x", origin="bank-a")
        with pytest.raises(UnknownInList, match="in that of bank-a: name the origin"):
            mine.take_out("30", [ZHANG], "x")


def test_a_list_is_gone_through_page_by_page(store: Store) -> None:
    """For who sends notices: each number once, in order, without those that are over."""
    numbers = [f"1390000{n:04}" for n in range(25)]
    with lists(store) as mine:
        mine.add("20", numbers, "x")
        mine.add("30", numbers[:5], "x", origin="bank-a")
        mine.add("30", [LI], "x", NOW + 1)
        mine.take_out("20", [numbers[7]], "x")
    with store.reading() as connection:
        pages, after = [], 0
        while page := numbers_in(connection, ["20", "30"], NOW + 1, after, limit=10):
            pages.append(page)
            after = int(page[-1])
        assert [one for page in pages for one in page] == [
            one for one in numbers if one != numbers[7]
        ]
        assert [len(page) for page in pages] == [10, 10, 4]
        told = classes_of(connection, [*numbers[:2], WANG, LI], NOW)
        assert told == {numbers[0]: {"red", "black"}, numbers[1]: {"red", "black"}, LI: {"black"}}
        everybody = SqlListEntries(connection).all("30", None, NOW + 1)
        assert [one.number for one in everybody] == numbers[:5]
