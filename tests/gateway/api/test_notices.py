"""Notices by the API: written by one, approved by another, and what the audit says of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.gateway.api.console import Answer, Browser, Console

NOTICES = "/api/v1/notices"
ADVERT = {"name": "流量包", "zh": "回复KTLL30办理。", "target": {"brands": ["QQT"]}}


@pytest.fixture
def marketing(logged_in: dict[str, Browser]) -> Browser:
    return logged_in["marketing"]


@pytest.fixture
def leader(logged_in: dict[str, Browser]) -> Browser:
    return logged_in["leader"]


def written(hall: Console, by: Browser, **more: object) -> int:
    answer = hall.ask("POST", NOTICES, ADVERT | more, by)
    assert answer.status == 201, answer.body
    return int(answer.json["number"])


def act(hall: Console, number: int, what: str, by: Browser, **more: Any) -> Answer:
    return hall.ask("POST", f"{NOTICES}/{number}/{what}", more, by)


def test_it_is_approved_by_somebody_else(
    hall: Console, marketing: Browser, leader: Browser
) -> None:
    """Marketing may approve, too, but not its own; each act is an entry."""
    number = written(hall, marketing, reason="autumn")
    refused = act(hall, number, "approve", marketing)
    assert (refused.status, "colleague" in refused.problem) == (409, True)
    approved = act(hall, number, "approve", leader, reason="looks good")
    assert approved.json["state"] == "approved"
    assert (approved.json["written_by"], approved.json["approved_by"]) == ("marketing", "leader")
    newest = [(r.entry.operator, r.entry.action, r.entry.result) for r in hall.audit()[:3]]
    assert newest[0] == ("leader", "notices.approve", f"done: notice {number}")
    assert newest[1][1] == "notices.approve"
    assert newest[1][2].startswith("refused: ")
    assert newest[2] == ("marketing", "notices.add", f"done: notice {number}")
    assert act(hall, number, "change", marketing, **ADVERT).status == 409
    assert act(hall, number, "stop", marketing).json["state"] == "stopped"


def test_nobody_changes_what_he_has_not_read(hall: Console, marketing: Browser) -> None:
    """Of two who change a draft at once the second reads first what the other has written."""
    number = written(hall, marketing)
    read = hall.ask("GET", f"{NOTICES}/{number}", by=marketing).json["mark"]
    theirs = ADVERT | {"zh": "同事的话。", "seen": read}
    assert act(hall, number, "change", marketing, **theirs).status == 200
    refused = act(hall, number, "change", marketing, **ADVERT | {"zh": "我的话。", "seen": read})
    assert (refused.status, "read it again" in refused.problem) == (409, True)
    assert hall.ask("GET", f"{NOTICES}/{number}", by=marketing).json["zh"] == "同事的话。"


def test_what_was_read_is_approved_and_nothing_else(
    hall: Console, marketing: Browser, leader: Browser
) -> None:
    """Its writer may change it while somebody reads: then it is read again."""
    number = written(hall, marketing)
    read = hall.ask("GET", f"{NOTICES}/{number}", by=leader).json["mark"]
    assert act(hall, number, "change", marketing, **ADVERT | {"zh": "别的话。"}).status == 200
    refused = act(hall, number, "approve", leader, seen=read)
    assert (refused.status, "read it again" in refused.problem) == (409, True)
    again = hall.ask("GET", f"{NOTICES}/{number}", by=leader).json
    assert (again["state"], again["zh"]) == ("draft", "别的话。")
    assert act(hall, number, "approve", leader, seen=again["mark"]).json["state"] == "approved"
    act(hall, number, "stop", marketing)


def test_a_leader_approves_and_does_not_write(hall: Console, leader: Browser) -> None:
    assert hall.ask("POST", NOTICES, ADVERT, leader).status == 403


def test_it_is_looked_at_before(hall: Console, marketing: Browser) -> None:
    """How many, who not, in how many parts, for how much."""
    number = written(hall, marketing, en="Reply KTLL30.", control=20)
    seen = hall.ask("GET", f"{NOTICES}/{number}/preview", by=marketing).json
    assert seen["concerned"] == seen["told"] + seen["control"] + sum(seen["left_out"].values())
    assert seen["left_out"]["did not ask for advertising"] > 0
    assert [text["alphabet"] for text in seen["texts"]] == ["UCS-2", "GSM-7"]
    found = hall.ask("GET", f"{NOTICES}/{number}/results", by=marketing).json
    assert found["told"] == {"people": 0, "answered": 0, "ordered": 0}
    assert number in [
        each["number"] for each in hall.ask("GET", NOTICES, by=marketing).json["notices"]
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"zh": "{password}"},
        {"target": {"brands": ["NONE"]}},
        {"control": 51},
        {"start": "tomorrow"},
        {"numbers": ["110"]},
        {"kind": "spam"},
        {"name": "a\x00b"},
        {"more": 1},
    ],
)
def test_what_cannot_be_said_is_refused(
    hall: Console, marketing: Browser, wrong: dict[str, object]
) -> None:
    assert hall.ask("POST", NOTICES, ADVERT | wrong, marketing).status in (409, 422)


def test_works_are_told_three_days_before(
    hall: Console, marketing: Browser, leader: Browser
) -> None:
    now = datetime.now(UTC)

    def works(hours: int) -> int:
        happens, ends = now + timedelta(hours=hours), now + timedelta(hours=hours + 8)
        return written(
            hall, marketing, kind="works", happens=happens.isoformat(), ends=ends.isoformat()
        )

    late = act(hall, works(71), "approve", leader)
    assert (late.status, "72 hours" in late.problem) == (409, True)
    number = works(100)
    assert act(hall, number, "approve", leader).status == 200
    assert act(hall, number, "pause", marketing).json["state"] == "paused"
    assert act(hall, number, "resume", marketing).json["state"] == "approved"
    act(hall, number, "stop", marketing)


def test_a_trial_goes_to_ten_subscribers_at_most(hall: Console, marketing: Browser) -> None:
    """Each of them is an entry."""
    number = written(hall, marketing)
    phones = ["13800138001", "13800138002"]
    assert act(hall, number, "trial", marketing, phones=phones).json == {"told": 2}
    assert {record.entry.subscriber for record in hall.audit()[:2]} == set(phones)
    eleven = [f"138001380{n:02}" for n in range(11)]
    assert act(hall, number, "trial", marketing, phones=eleven).status == 422
    assert act(hall, number, "trial", marketing, phones=["13999999999"]).status == 409


def test_a_key_makes_one_notice(hall: Console, marketing: Browser) -> None:
    one, two = (
        hall.ask("POST", NOTICES, ADVERT, marketing, Idempotency_Key="autumn") for _ in range(2)
    )
    assert one.json == two.json


def test_what_is_not_there_is_not_found(hall: Console, leader: Browser) -> None:
    assert hall.ask("GET", f"{NOTICES}/999999", by=leader).status == 404
    assert act(hall, 999_999, "approve", leader).status == 404
