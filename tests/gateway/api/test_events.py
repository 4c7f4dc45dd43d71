"""What a BOSS tells by the API: kept once, refused where it does not fit."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, func, select

from gateway.store.tables import boss_events
from tests.gateway.api.console import NOBODY, Browser, Console

EVENTS = "/api/v1/events"
ZHANG = "13800138001"
AT = "2026-11-29T10:00:00+08:00"


@pytest.fixture(scope="module")
def boss(hall: Console) -> Browser:
    return hall.log_in("boss", bearer=True)


@pytest.fixture(autouse=True)
def nothing_told_yet(hall: Console) -> None:
    with hall.store.transaction() as connection:
        connection.execute(delete(boss_events))


def event(id: str = "e-1", kind: str = "charge", **facts: Any) -> dict[str, Any]:
    plain = {"fen": 500, "what": "LDXS"} if kind == "charge" and not facts else facts
    return {"id": id, "number": ZHANG, "kind": kind, "at": AT, **plain}


def kept(hall: Console) -> int:
    with hall.store.reading() as connection:
        return connection.execute(select(func.count()).select_from(boss_events)).scalar_one()


def test_an_event_is_kept_once_however_often_it_is_sent(hall: Console, boss: Browser) -> None:
    told = hall.ask("POST", EVENTS, {"events": [event(), event("e-2")]}, boss)
    assert (told.status, told.json) == (202, {"new": 2, "known": 0})
    again = hall.ask("POST", EVENTS, {"events": [event(), event("e-3"), event("e-3")]}, boss)
    assert again.json == {"new": 1, "known": 2}
    assert kept(hall) == 3


def test_the_same_key_has_the_same_answer(hall: Console, boss: Browser) -> None:
    form = {"events": [event()]}
    one, two = (hall.ask("POST", EVENTS, form, boss, Idempotency_Key="k1") for _ in range(2))
    assert one.json == two.json == {"new": 1, "known": 0}


def test_five_hundred_at_once_and_no_more(hall: Console, boss: Browser) -> None:
    many = [event(f"m-{n}") for n in range(501)]
    assert hall.ask("POST", EVENTS, {"events": many}, boss).status == 422
    assert kept(hall) == 0
    told = hall.ask("POST", EVENTS, {"events": many[:500]}, boss)
    assert told.json == {"new": 500, "known": 0}


@pytest.mark.parametrize(
    "wrong",
    [
        event(kind="flood"),
        event(kind="charge", what="LDXS"),  # how much?
        event(kind="balance_low", fen=5),
        event(kind="balance_low", balance_fen=5, points=3),
        event(kind="allowance", item="data_mb", used=5),
        event(kind="allowance", item="data_mb", used=5, total=0),
        event(kind="charge", fen=0),
        event(kind="charge", fen=-5),
        event(kind="charge", fen="500"),
        event(kind="charge", fen=True),
        event(kind="charge", fen=10**18),
        event(kind="charge", fen=5, what="a\nb"),
        event(kind="charge", fen=5, what="x" * 31),
        event(kind="plan_ending"),
        event(kind="plan_ending", until=1796054400),
        event(kind="plan_ending", until="9999-12-31T23:59:59Z"),
        event(kind="plan_ending", until="1970-01-01T00:00:00+08:00"),
        {**event(), "at": "9999-12-31T23:59:59Z"},
        event(kind="charge", fen=5, extra=1),
        event("", fen=5),
        event("a b", fen=5),
        event("é", fen=5),
        event("x" * 101, fen=5),
        {**event(), "number": "1380013800"},
        {**event(), "number": "１３８００１３８００１"},
        {**event(), "at": "yesterday"},
        {"id": "e"},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_whole(
    hall: Console, boss: Browser, wrong: dict[str, Any]
) -> None:
    """And the event beside it is not kept either: the batch can be sent again."""
    answer = hall.ask("POST", EVENTS, {"events": [event("good"), wrong]}, boss)
    assert answer.status == 422
    assert answer.json["errors"]
    assert kept(hall) == 0


@pytest.mark.parametrize("body", [{}, {"events": []}, [], event(), b"{", b""])
def test_a_body_that_is_no_list_of_events_is_refused(
    hall: Console, boss: Browser, body: Any
) -> None:
    assert hall.ask("POST", EVENTS, body, boss).status == 422


def test_a_program_with_this_right_has_no_other(hall: Console, boss: Browser) -> None:
    assert hall.ask("GET", "/api/v1/operators", by=boss).status == 403
    form = {"number": ZHANG}
    assert hall.ask("POST", "/api/v1/subscribers/lookups", form, boss).status == 403
    assert hall.ask("POST", "/api/v1/reminders/search", form, boss).status == 403


def test_nobody_else_tells_events(hall: Console, agent: Browser, admin: Browser) -> None:
    for by, status in ((NOBODY, 401), (agent, 403), (admin, 403)):
        assert hall.ask("POST", EVENTS, {"events": [event()]}, by).status == status
    assert kept(hall) == 0


def test_the_audit_says_who_told_how_much(hall: Console, boss: Browser) -> None:
    hall.ask("POST", EVENTS, {"events": [event(), event("e-2")]}, boss)
    newest = hall.audit()[0].entry
    assert (newest.operator, newest.action, newest.result) == (
        "boss", "events.write", "2 new, 0 known",
    )  # fmt: skip
