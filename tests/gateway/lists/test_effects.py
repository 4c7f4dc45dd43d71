"""What lists do to subscribers: on the next message, in every gateway, until an entry ends."""

from __future__ import annotations

import pytest

from gateway.lists.customer_lists import CustomerLists
from gateway.model.customer_lists import OWN
from gateway.model.operators.audit import Actor
from gateway.serving.boss_work import REFUSED as BOSS_REFUSED
from gateway.serving.boss_work import Settlement
from gateway.store.store import Store
from tests.gateway.hall import Office
from tests.gateway.lists.test_customer_lists import own_classes
from tests.gateway.messages import ZHANG
from tests.gateway.serving.test_boss_work import due, planned, there
from tests.gateway.serving.test_two_gateways import Pair

REFUSED = "该业务暂不能为您办理"
BLACK = "13800138007"
MZ = "13800138005"  # may order campus WLAN, and can pay for it


def put(office: Office, number: str, type: str = "30", until: float = 0, origin: str = OWN) -> None:
    with office.store.transaction() as connection:
        lists = _lists(connection, office)
        lists.add(type, [number], "x", int(until), origin)


def take_out(office: Office, number: str, type: str = "30") -> None:
    with office.store.transaction() as connection:
        _lists(connection, office).take_out(type, [number], "x")


def _lists(connection: object, office: Office) -> CustomerLists:
    actor, now = Actor("80001", "test"), int(office.bag.now)
    return CustomerLists(connection, office.store.seal, actor, now, own_classes)  # type: ignore[arg-type]


def test_a_change_holds_from_the_next_message_in_all_gateways(store: Store) -> None:
    pair = Pair(store)
    assert "KTEDU40" not in pair.one.hears("KTEDU40", MZ)
    put(pair.one, MZ)
    assert REFUSED in pair.one.hears("KTEDU40", MZ)
    assert REFUSED in pair.other.hears("KTEDU100", MZ)
    take_out(pair.other, MZ)
    assert REFUSED not in pair.one.hears("KTEDU70", MZ)
    assert REFUSED not in pair.other.hears("KTLDXS", MZ)


def test_an_entry_ends_by_itself(store: Store) -> None:
    office = Office(store)
    put(office, MZ, until=office.bag.now + 3_600)
    assert REFUSED in office.hears("KTEDU40", MZ)
    office.bag.now += 3_600
    assert "10元" in office.hears("KTEDU40", MZ)


def test_who_is_listed_between_the_question_and_the_yes_gets_nothing(store: Store) -> None:
    office = Office(store)
    assert "回复“是”" in office.hears("KTEDU40", MZ)
    put(office, MZ, origin="bank-a")
    assert REFUSED in office.hears("是", MZ)
    assert office.hears("CXYW", MZ).count("校园") == 0


def test_the_black_list_can_still_stop_and_ask(store: Store) -> None:
    """Cancel, suspend, complain, ask what is left."""
    office = Office(store)
    assert REFUSED in office.hears("KTLDXS", BLACK)
    put(office, MZ)
    for text in ("YE", "CXYW", "TS#信号不好", "0000"):
        assert REFUSED not in office.hears(text, MZ), text


def test_the_sample_is_freed_by_taking_it_out(store: Store) -> None:
    office = Office(store)
    assert REFUSED in office.hears("KTLL10", BLACK)
    take_out(office, BLACK)
    assert REFUSED not in office.hears("KTLL10", BLACK)


def test_the_red_list_may_ask_as_much_as_it_likes(store: Store) -> None:
    office = Office(store, queries_per_hour=3)
    put(office, ZHANG, "20")
    assert all("余额" in office.hears("YE", ZHANG) for _ in range(8))
    assert [bool("余额" in office.hears("YE", MZ)) for _ in range(4)] == [True, True, True, False]


@pytest.mark.parametrize(("type", "offered"), [("20", False), ("30", False), ("10", True)])
def test_advertising_is_for_who_may_have_it(store: Store, type: str, offered: bool) -> None:
    office = Office(store)
    put(office, "13800138002", type)
    assert ("推荐" in office.hears("CXTC", "13800138002")) is offered


def test_who_is_listed_while_the_boss_is_asked_gets_nothing(store: Store) -> None:
    """The BOSS knows nothing of our lists; an order that waits for it goes by them all the same."""
    office = Office(store)
    office.counter.placed = lambda: None
    office.hears("KTEDU40", ZHANG)
    assert "已受理" in office.hears("是", ZHANG)
    (kept,) = due(office)
    put(office, ZHANG, origin="bank-a")
    over = planned(office, kept, there())
    assert isinstance(over, Settlement)
    assert over.result == BOSS_REFUSED
    assert REFUSED in over.answers[0].text
