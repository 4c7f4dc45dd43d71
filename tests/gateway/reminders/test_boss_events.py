"""Events of the BOSS become reminders: by wish and rule, once each, with the facts they tell."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from gateway.store.store import Store
from gateway.store.tables import boss_events
from tests.gateway.reminders.sweeping import Hall, moment
from tests.gateway.store.people import LI, ZHANG, admit, somebody

DAY = 24 * 3600


@pytest.fixture
def hall(store: Store) -> Hall:
    hall = Hall(store)
    admit(store)
    return hall


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        ("balance_low", {"balance_fen": 321}, "余额为3.21元"),
        ("allowance", {"item": "data_mb", "used": 340, "total": 400}, "已用80%,剩余60MB"),
        ("allowance", {"item": "data_mb", "used": 400, "total": 400}, "已用完"),
        ("arrears", {"fen": 3050, "until": moment("2026-12-05 00:00")}, "12月5日起将停机"),
        ("arrears", {"fen": 3050}, "欠费30.50元"),
        ("high_bill", {"fen": 45_000, "usual_fen": 9_000}, "已达450.00元"),
        ("recharge", {"fen": 5000, "balance_fen": 7000}, "充值50.00元,当前余额70.00元"),
        ("contract_ending", {"until": moment("2026-12-31 00:00")}, "2026年12月31日"),
        ("points_ending", {"points": 321, "until": moment("2026-12-31 00:00")}, "321积分"),
        ("plan_ending", {"until": moment("2026-12-31 00:00")}, "全球通商务128元套餐"),
        ("number_closing", {"until": moment("2026-12-31 00:00")}, "2026年12月31日销户"),
    ],
)
def test_what_it_tells_is_said(hall: Hall, kind: str, facts: dict[str, object], said: str) -> None:
    hall.hears(ZHANG, kind, "e-1", **facts)
    (found,) = hall.sweep()
    assert said in found


def test_what_cannot_be_said_of_one_keeps_nobody_else_from_being_told(hall: Hall) -> None:
    """A moment in milliseconds lies in a year that no calendar has."""
    admit(hall.store, somebody(LI))
    hall.hears(ZHANG, "plan_ending", "e-1", until=moment("2026-12-31 00:00") * 1000)
    hall.hears(LI, "recharge", "e-2", fen=5000, balance_fen=7000)
    swept = hall.step()
    assert [number for number, _ in swept.failed] == [ZHANG]
    assert swept.told == (("recharge", "told"),)
    assert hall.step().looked == 0


def test_the_same_id_is_told_once(hall: Hall) -> None:
    assert hall.hears(ZHANG, "recharge", "e-1", fen=5000) == 1
    assert len(hall.sweep()) == 1
    assert hall.hears(ZHANG, "recharge", "e-1", fen=5000) == 0
    assert hall.sweep() == []
    assert hall.hears(ZHANG, "recharge", "e-2", fen=5000) == 1
    assert len(hall.sweep()) == 1


def test_charges_are_told_to_who_wants_them_and_by_what_they_are_for(hall: Hall) -> None:
    hall.hears(ZHANG, "charge", "e-1", fen=200, what="LDXS")
    assert hall.sweep() == []
    hall.wishes(ZHANG, "charge_reminder", "on")
    hall.hears(ZHANG, "charge", "e-2", fen=200, what="LDXS", balance_fen=1234)
    hall.hears(ZHANG, "charge", "e-3", fen=1, what="停车费")
    named, other = hall.sweep()
    assert "(来电显示),当前余额12.34元" in named
    assert "扣费0.01元(停车费)" in other


def test_what_came_of_the_halls_own_order_is_told_from_its_ledger(hall: Hall) -> None:
    hall.wishes(ZHANG, "charge_reminder", "on")
    hall.charges(ZHANG, 200, "LDXS", 7)
    hall.hears(ZHANG, "charge", "e-1", fen=200, what="LDXS", order="7")
    assert len(hall.sweep()) == 1


def test_a_balance_is_held_against_the_subscribers_own_amount(hall: Hall) -> None:
    hall.opens(ZHANG, "YETX")
    hall.wishes(ZHANG, "balance_reminder", "2000")
    hall.hears(ZHANG, "balance_low", "e-1", balance_fen=2000)
    assert hall.sweep() == []
    hall.hears(ZHANG, "balance_low", "e-2", balance_fen=1999)
    (said,) = hall.sweep()
    assert "您设定的20元" in said


def test_another_event_of_the_like_is_told_a_day_later_and_not_before(hall: Hall) -> None:
    """When what is told by events has ended, nobody says so."""
    for hours, told in ((0, 1), (5, 0), (25, 1)):
        hall.now = moment("2026-11-23 10:00") + hours * 3600
        hall.hears(ZHANG, "balance_low", f"e-{hours}", balance_fen=300)
        assert len(hall.sweep()) == told, hours


def test_an_allowance_is_told_once_whether_by_an_event_or_by_what_changed(hall: Hall) -> None:
    hall.uses(ZHANG, "data_mb", 330)
    hall.hears(ZHANG, "allowance", "e-1", item="data_mb", used=330, total=400)
    assert len(hall.sweep()) == 1
    hall.now += 2 * DAY
    hall.hears(ZHANG, "allowance", "e-2", item="data_mb", used=350, total=400)
    assert hall.sweep() == []


def test_what_is_not_urgent_waits_and_is_told_once(hall: Hall) -> None:
    hall.now = moment("2026-11-20 23:00")
    hall.hears(ZHANG, "high_bill", "e-1", fen=45_000, usual_fen=9_000)
    assert hall.sweep() == []
    hall.now = moment("2026-11-21 10:00")
    assert len(hall.sweep()) == 1
    assert hall.sweep() == []


def test_old_news_and_strangers_are_dropped(hall: Hall) -> None:
    hall.hears(ZHANG, "recharge", "e-1", fen=5000)
    hall.now += 4 * DAY
    hall.hears("13700000000", "recharge", "e-2", fen=5000)
    hall.hears(ZHANG, "allowance", "e-3", item="unheard_of", used=5, total=5)
    assert hall.sweep() == []
    assert hall.step().looked == 0


def test_an_id_that_comes_again_when_it_is_forgotten_is_told_no_more(hall: Hall) -> None:
    hall.hears(ZHANG, "recharge", "e-1", fen=5000)
    assert len(hall.sweep()) == 1
    hall.now += 8 * DAY
    with hall.store.transaction() as connection:
        connection.execute(delete(boss_events))
    assert hall.hears(ZHANG, "recharge", "e-1", fen=5000) == 1
    assert hall.sweep() == []
