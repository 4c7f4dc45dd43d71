"""Reminders by the API: masked, audited, and tried by who may."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import delete, insert, select, update

from gateway.store.tables import reminders, subscribers, unasked
from tests.gateway.api.console import Browser, Console

SEARCH, TRY = "/api/v1/reminders/search", "/api/v1/reminders/try"
ZHANG, LI = "13800138001", "13800138002"
NOW = int(time.time())


@pytest.fixture(autouse=True)
def some_told(hall: Console) -> None:
    rows = [
        {
            "msisdn": int(number), "kind": kind, "key": str(n), "meaning": kind, "source": "store",
            "result": "told", "told_at": NOW - 100 * n,
        }
        for n, (number, kind) in enumerate(
            [(ZHANG, "balance_low"), (LI, "charge"), (ZHANG, "charge"), (ZHANG, "arrears")]
        )
    ]  # fmt: skip
    with hall.store.transaction() as connection:
        connection.execute(delete(reminders))
        connection.execute(delete(unasked))
        connection.execute(insert(reminders), rows)


@pytest.fixture
def leader(logged_in: dict[str, Browser]) -> Browser:
    return logged_in["leader"]


@pytest.fixture
def business(logged_in: dict[str, Browser]) -> Browser:
    return logged_in["business"]


def test_what_was_told_is_shown_masked_and_audited(hall: Console, leader: Browser) -> None:
    told = hall.ask("POST", SEARCH, {}, leader)
    assert [one["kind"] for one in told.json["reminders"]] == [
        "arrears", "charge", "charge", "balance_low",
    ]  # fmt: skip
    assert ZHANG.encode() not in told.body
    assert told.json["reminders"][0]["number"] == "138****8001"
    assert hall.audit()[0].entry.action == "reminders.read"
    mine = hall.ask("POST", SEARCH, {"number": LI, "reason": "why"}, leader)
    assert len(mine.json["reminders"]) == 1
    newest = hall.audit()[0].entry
    assert (newest.subscriber, newest.reason) == (LI, "why")


def test_it_is_read_page_by_page(hall: Console, leader: Browser) -> None:
    first = hall.ask("POST", SEARCH, {"limit": 3}, leader).json
    second = hall.ask("POST", SEARCH, {"limit": 3, "before": first["next"]}, leader).json
    assert (len(first["reminders"]), len(second["reminders"]), second["next"]) == (3, 1, None)


def test_a_trial_shows_nobodys_figures_without_a_reason(hall: Console, leader: Browser) -> None:
    form = {"number": ZHANG, "kind": "balance_low"}
    plain = hall.ask("POST", TRY, form, leader)
    assert "56.80" not in plain.json["text"]
    assert (plain.json["real"], plain.json["sent"]) == (None, False)
    opened = hall.ask("POST", TRY, {**form, "reason": "asks why"}, leader)
    assert "56.80" in opened.json["text"]
    newest = hall.audit()[0].entry
    assert (newest.action, newest.subscriber) == ("subscribers.reveal", ZHANG)


def test_a_trial_is_sent_by_who_may_change_and_once_a_day(
    hall: Console, leader: Browser, business: Browser
) -> None:
    form = {"number": LI, "kind": "balance_low", "send": True}
    assert hall.ask("POST", TRY, form, business).status == 409  # 12.50 yuan are no occasion
    with hall.store.transaction() as connection:
        mine = update(subscribers).where(subscribers.c.msisdn == int(LI))
        connection.execute(mine.values(balance_fen=700))
    assert hall.ask("POST", TRY, form, leader).status == 403
    assert hall.ask("POST", TRY, form, business).json["sent"] is True
    assert hall.ask("POST", TRY, form, business).json["sent"] is False
    with hall.store.reading() as connection:
        assert connection.execute(select(unasked.c.phone)).scalars().all() == [int(LI)]
    assert hall.ask("GET", "/api/v1/reminders/waiting", by=leader).json["messages"] == 1


def test_nobody_is_tried_who_is_no_subscriber(hall: Console, leader: Browser) -> None:
    form = {"number": "13700000000", "kind": "arrears"}
    assert hall.ask("POST", TRY, form, leader).status == 404


def test_the_rules_are_those_of_the_file(hall: Console, leader: Browser) -> None:
    told = hall.ask("GET", "/api/v1/reminders/rules", by=leader).json
    assert (told["workdays"], told["other_days"]) == ("9:00-20:00", "10:00-20:00")
    rules = {rule["kind"]: rule for rule in told["rules"]}
    assert len(rules) == 10
    assert (rules["balance_low"]["below_fen"], rules["charge"]["to"]) == (1000, "wish")
