"""A message walked again: what it would be answered today, and because of what that differs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select, update

from gateway.config.editions.conf_files import conf_files
from gateway.editions.publishing import Publisher
from gateway.model.messages import ScreenAct, SendOutcome, SendOutcomes
from gateway.serving.batch import BatchServer
from gateway.store.editions.editions import SqlEditions
from gateway.store.tables import audit, lookups, metadata, outbox, subscribers
from tests.commands.fakes import OWN_CONF
from tests.gateway.api.console import Browser, Console
from tests.gateway.api.served import ZHANG, desk_beside, pressed, said, typed

TRACE, LOOKUPS = "/api/v1/trace", "/api/v1/subscribers/lookups"
LI = "13800138006"
PASSWORD = "739204"
HELP = "replies/zh/help.yaml"
LOOKS = {audit.name, lookups.name, "audit_heads"}


@pytest.fixture(scope="module")
def desk(hall: Console) -> Iterator[BatchServer]:
    with desk_beside(hall) as counter:
        yield counter


def taken(hall: Console, desk: BatchServer, message: int) -> None:
    """The network has taken the answer to it."""
    with hall.store.reading() as connection:
        query = select(outbox.c.asks_for).where(outbox.c.id == message + 1)
        order = int(connection.execute(query).scalar_one())
    now_ms = int(time.time() * 1000)
    outcome = SendOutcome(message + 1, True, now_ms, "smsc-a", asks_for=order)
    desk.serve([SendOutcomes((outcome,))])


def looked_up(hall: Console, by: Browser, reason: str, phone: str) -> str:
    return str(hall.ask("POST", LOOKUPS, {"number": phone, "reason": reason}, by).json["id"])


def again(
    hall: Console, by: Browser, id: int, reason: str = "ticket 7", phone: str = ZHANG
) -> dict[str, Any]:
    lookup = looked_up(hall, by, reason, phone)
    answer = hall.ask("GET", f"{TRACE}/{id}/again?lookup={lookup}", by=by)
    assert answer.status == 200, answer
    told: dict[str, Any] = answer.json
    return told


def rows(hall: Console) -> dict[str, int]:
    with hall.store.reading() as connection:
        return {
            table.name: int(
                connection.execute(select(func.count()).select_from(table)).scalar_one()
            )
            for table in metadata.sorted_tables
            if table.name not in LOOKS
        }


def with_balance(hall: Console, phone: str, fen: int) -> None:
    with hall.store.transaction() as connection:
        mine = subscribers.c.msisdn == int(phone)
        connection.execute(update(subscribers).where(mine).values(balance_fen=fen))


@pytest.fixture
def leader(logged_in: dict[str, Browser]) -> Browser:
    return logged_in["leader"]


def test_what_would_be_answered_the_same_does_not_differ(
    hall: Console, desk: BatchServer, leader: Browser
) -> None:
    """With its texts, the data that they were filled with and where they are written."""
    id = said(desk, "YE")
    told = again(hall, leader, id)
    assert (told["reach"], told["before"]) == ("whole", None)
    assert not [one for one in told["differences"] if one["what"] != "words"]  # it says the hour
    assert told["edition_then"] == told["edition_now"] != ""
    now = told["now"]
    assert (now["action"], now["result"]) == ("q.balance", "ok")
    assert (now["rule"]["level"], now["rule"]["interface"]) == ("A1", "10")
    reply = now["replies"][0]
    assert reply["name"] == now["texts"][0]
    assert reply["template"] in (OWN_CONF / reply["file"]).read_text()
    assert reply["facts"]
    assert "元" in now["words"][0]


def test_data_that_changed_since_are_told_as_the_reason(
    hall: Console, desk: BatchServer, leader: Browser
) -> None:
    with_balance(hall, LI, 12_345)
    id = said(desk, "YE", LI)
    with_balance(hall, LI, 54_321)
    told = again(hall, leader, id, phone=LI)
    (one,) = told["differences"]
    assert (one["what"], one["because"]) == ("words", "data")
    assert "123.45" in one["then"][0]
    assert "543.21" in one["now"][0]


def test_an_order_is_walked_with_what_it_confirms_and_nothing_comes_of_it(
    hall: Console, desk: BatchServer, leader: Browser
) -> None:
    """Neither rows nor money."""
    asked = said(desk, "KTLL30")
    before = rows(hall)
    told = again(hall, leader, asked)
    assert (told["now"]["result"], told["differences"]) == ("asked", [])  # it is proposed anew
    assert rows(hall) == before
    taken(hall, desk, asked)
    id = said(desk, "是")
    before = rows(hall)
    told = again(hall, leader, id)
    assert rows(hall) == before
    assert told["steps"][-1]["result"] == "ok"
    assert rows(hall) == before
    assert [step["said"] for step in told["steps"][-2:]] == ["KTLL30", "是"]
    assert {one["because"] for one in told["differences"]} == {"data"}  # he has it by now


def test_of_what_had_a_secret_only_the_reading_is_tried(
    hall: Console, desk: BatchServer, leader: Browser
) -> None:
    id = said(desk, f"CXYE#13800138002#{PASSWORD}")
    told = again(hall, leader, id)
    assert (told["reach"], told["differences"]) == ("reading", [])
    assert (told["now"]["action"], told["now"]["words"]) == ("q.balance", [])
    assert PASSWORD not in str(told)


def test_a_menu_is_walked_from_where_it_was_dialled(
    hall: Console, desk: BatchServer, leader: Browser
) -> None:
    typed(desk, "*139#", ScreenAct.BEGIN)
    id = typed(desk, "1")
    told = again(hall, leader, id)
    assert [step["said"] for step in told["steps"]] == ["*139#", "1"]
    assert (told["differences"], told["now"]["chosen"] != []) == ([], True)
    alone = typed(desk, "1")  # a wrong key, or one more step
    assert len(again(hall, leader, alone)["steps"]) == 3


def test_a_call_that_is_over_is_walked_as_a_whole(
    hall: Console, desk: BatchServer, leader: Browser
) -> None:
    pressed(desk, "", ScreenAct.BEGIN)
    pressed(desk, "1")
    id = pressed(desk, "", ScreenAct.END)
    told = again(hall, leader, id)
    assert [step["said"] for step in told["steps"]] == ["10086", "1"]
    assert not [step for step in told["steps"] if step["differs"]]


def test_masked_no_words_and_no_data_are_told(
    hall: Console, desk: BatchServer, leader: Browser
) -> None:
    """But that they differ is; and each look is noted, with what it was for."""
    with_balance(hall, LI, 77_777)
    id = said(desk, "YE", LI)
    with_balance(hall, LI, 88_888)
    told = again(hall, leader, id, "", LI)
    assert told["masked"]
    assert [(one["what"], one["then"], one["now"]) for one in told["differences"]] == [
        ("words", [], [])
    ]
    assert (told["now"]["words"], told["now"]["replies"][0]["facts"]) == ([], {})
    assert LI not in str(told)
    assert not {"777.77", "888.88"} & set(str(told).replace("'", " ").split())
    newest = hall.audit()[0].entry
    assert (newest.action, newest.subscriber) == ("subscribers.read", LI)
    again(hall, leader, id, "ticket 7", LI)
    newest = hall.audit()[0].entry
    assert (newest.action, newest.reason) == ("subscribers.reveal", "ticket 7")
    assert newest.result == f"message {id} walked again"


def test_what_cannot_be_walked_again_says_why(
    hall: Console, desk: BatchServer, leader: Browser, auditor: Browser
) -> None:
    agent = looked_up(hall, leader, "", ZHANG)
    assert hall.ask("GET", f"{TRACE}/8/again", by=leader).status == 404
    id = said(desk, "   ")
    assert again(hall, leader, id)["why_not"] == "never served"
    said(desk, f"CXYE#13800138002#{PASSWORD}")
    lone = said(desk, "RG")
    assert hall.ask("GET", f"{TRACE}/{lone}/again?lookup={agent}", by=auditor).status == 403
    assert again(hall, leader, lone)["reach"] == "whole"


def test_another_wording_is_told_as_the_reason(
    hall: Console, desk: BatchServer, leader: Browser
) -> None:
    """Last: what is published holds for the other tests, too."""
    id = said(desk, "xyzzy plugh", LI)
    files = conf_files(OWN_CONF)
    changed = files[HELP].replace("help.lost: 抱歉", "help.lost: 没看懂")
    with hall.store.transaction() as connection:
        soon = Publisher(SqlEditions(connection), "li", int(time.time()) + 60)
        soon.publish({**files, HELP: changed})
    told = again(hall, leader, id, phone=LI)
    (one,) = told["differences"]
    assert (one["what"], one["because"]) == ("words", "edition")
    assert one["then"] == one["before"] == told["before"]["words"]
    assert "没看懂" in one["now"][0]
    assert told["now"]["replies"][0]["file"] == HELP
