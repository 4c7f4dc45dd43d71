"""`hallgate block`: numbers that may not use the hall."""

from __future__ import annotations

import json

from gateway.lists.customer_lists import CustomerLists
from gateway.model.operators.audit import Actor
from gateway.store.store import Store
from tests.gateway.hall import Office
from tests.gateway.lists.test_customer_lists import own_classes
from tests.gateway.lists.test_effects import put, take_out
from tests.gateway.messages import ZHANG
from tests.gateway.operators.test_verbs import USER, Place, place
from tests.gateway.store.people import LI

__all__ = ["place"]  # a fixture
TOLD = "您的号码已暂停使用自助服务"


def blocked(place: Place, *words: str) -> list[dict[str, object]]:
    return list(json.loads(place.run("block", *words, "--json")))


def test_a_number_is_blocked_shown_and_served_again(place: Place) -> None:
    """With reason and end; each act and look is in the audit."""
    place.run("block", "add", ZHANG, status=1)
    assert "say why" in place.errors
    place.run("block", "add", ZHANG, "--reason", "x", "--until", "someday", status=1)
    assert "'someday' is no day to come" in place.errors
    told = place.run("block", "add", ZHANG, LI, "--reason", "骚扰", "--until", "2099-06-30")
    assert f"{ZHANG} is blocked until 2099-06-30" in told
    assert place.newest()[:3] == (USER, "lists.add", LI)
    assert {one["number"] for one in blocked(place, "list")} == {"138****8001", "138****8002"}
    assert place.newest() == (USER, "lists.read", "", "")
    assert {one["number"] for one in blocked(place, "list", "--reason", "1")} == {ZHANG, LI}
    (one,) = blocked(place, "show", ZHANG)
    assert (one["reason"], one["until"], one["state"]) == ("骚扰", "2099-06-30", "in force")
    assert "is served again" in place.run("block", "remove", ZHANG, "--reason", "已核实")
    place.run("block", "remove", ZHANG, "--reason", "x", status=1)
    assert "is not blocked" in place.errors
    assert [each["state"] for each in blocked(place, "show", ZHANG)] == ["taken out"]
    assert [each["number"] for each in blocked(place, "list", "--reason", "1")] == [LI]


def test_a_second_block_goes_into_the_same_list(place: Place) -> None:
    """The first one made it."""
    place.run("block", "add", ZHANG, "--reason", "x")
    place.run("block", "add", LI, "--reason", "x")
    types = json.loads(place.run("lists", "types", "--json"))
    assert [(one["number"], one["own"]) for one in types if one["classes"] == ["blocked"]] == [
        ("40", 2)
    ]


def barring(office: Office) -> None:
    """As `hallgate block` makes it."""
    with office.store.transaction() as connection:
        actor, now = Actor("80001", "test"), int(office.bag.now)
        CustomerLists(connection, office.store.seal, actor, now, own_classes).add_type(
            "40", "停止服务名单", "", ["blocked"]
        )


def test_who_is_blocked_gets_nothing_whatever_they_write(store: Store) -> None:
    """From the next message on, until it ends; also what nobody would understand."""
    office = Office(store)
    barring(office)
    assert "余额" in office.hears("YE")
    put(office, ZHANG, "40", until=office.bag.now + 3_600)
    for text in ("YE", "KTEDU40", "QXEDU40", "我要投诉", "XYZZY"):
        assert TOLD in office.hears(text) or text.startswith("QX"), text
    assert "余额" in office.hears("YE", LI)
    office.bag.now += 3_600
    assert "余额" in office.hears("YE")


def test_what_protects_is_done_all_the_same(store: Store) -> None:
    """A lost phone can be stopped, and what waits for a yes gets none."""
    office = Office(store)
    barring(office)
    office.hears("KTEDU40")
    put(office, ZHANG, "40")
    assert TOLD in office.hears("是")
    assert TOLD not in office.hears("TJ")
    take_out(office, ZHANG, "40")
    assert "余额" in office.hears("YE")
