"""Tickets over the API, as agents, a leader, an auditor and somebody from outside meet them."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from gateway.model.message_id import floor_at, spoken_number
from gateway.store.tables import ticket_news, ticket_steps, tickets
from tests.gateway.api.console import Browser, Console

TICKETS = "/api/v1/tickets"
SHEN = "13800138004"  # nobody else's tests look at
SAID = "投诉内容,回电13900001111"
COUNT = iter(range(1, 1_000))


def opened(hall: Console, kind: str = "complaint", phone: str = SHEN) -> str:
    now = int(time.time())
    id = floor_at(now) | next(COUNT) << 3
    with hall.store.transaction() as connection:
        port = hall.store.ports(connection).tickets
        port.open(kind, phone, SAID, now + 3600, now, id)
    return spoken_number(id)


def step(hall: Console, by: Browser, number: str, name: str, **form: object) -> tuple[int, str]:
    """The status, and the state then or why not."""
    answer = hall.ask("POST", f"{TICKETS}/{number}/{name}", form, by)
    return answer.status, answer.json["state"] if answer.status < 400 else answer.problem


def news(hall: Console, number: str) -> list[str]:
    with hall.store.reading() as connection:
        query = select(ticket_news.c.what).join(tickets, tickets.c.id == ticket_news.c.ticket)
        found = connection.execute(query.where(tickets.c.number == number))
        return list(found.scalars())


def test_a_ticket_is_moved_on_and_its_subscriber_is_to_hear(hall: Console, agent: Browser) -> None:
    number = opened(hall)
    assert step(hall, agent, number, "accept") == (200, "accepted")
    assert step(hall, agent, number, "assign", region="Shanghai") == (200, "assigned")
    assert step(hall, agent, number, "accept") == (200, "assigned")
    at, until = (datetime.fromtimestamp(time.time() + n, UTC).isoformat() for n in (3600, 7200))
    form = {"at": at, "until": until, "place": "东单营业厅"}
    assert step(hall, agent, number, "appoint", **form) == (200, "appointed")
    assert step(hall, agent, number, "done", result="已处理") == (200, "done")
    assert step(hall, agent, number, "done", result="又一次")[0] == 409
    assert news(hall, number) == ["accepted", "appointed", "done"]
    acts = [(r.entry.action, r.entry.subscriber, r.entry.operator) for r in hall.audit()[:6]]
    assert acts == [("tickets.change", SHEN, "agent")] + [
        (f"tickets.{name}", SHEN, "agent")
        for name in ("close", "appoint", "accept", "assign", "accept")
    ]
    steps = hall.ask("GET", f"{TICKETS}/{number}", by=agent).json["history"]
    (told,) = (one["detail"] for one in steps if one["step"] == "appoint")
    assert re.fullmatch(r"\d{4}(-\d\d){2} \d\d:\d\d – \d{4}(-\d\d){2} \d\d:\d\d", told)


def test_words_are_shown_to_who_has_it_and_for_a_reason(
    hall: Console, logged_in: dict[str, Browser]
) -> None:
    """Nobody else, and never in a list."""
    number = opened(hall)
    agent, leader, auditor = (logged_in[each] for each in ("agent", "leader", "auditor"))
    path = f"{TICKETS}/{number}"
    masked = hall.ask("GET", path, by=agent)
    assert (masked.json["ticket"]["subscriber"], masked.json["ticket"]["said"]) == (
        "138****8004", None,
    )  # fmt: skip
    step(hall, agent, number, "accept")
    full = hall.ask("GET", path, by=agent).json
    assert (full["ticket"]["subscriber"], full["ticket"]["said"]) == (SHEN, SAID)
    newest = hall.audit()[0].entry
    assert (newest.action, newest.reason) == ("subscribers.reveal", f"ticket {number}")
    for other in (leader, auditor):
        told = hall.ask("GET", path, by=other)
        assert SHEN.encode() not in told.body
        assert SAID.encode() not in told.body
    reveal = hall.ask("POST", f"{path}/reveal", {"reason": "complains again"}, leader)
    assert reveal.json["ticket"]["said"] == SAID
    assert hall.ask("POST", f"{path}/reveal", {"reason": "x"}, auditor).status == 403
    assert hall.ask("POST", f"{path}/reveal", {"reason": ""}, leader).status == 422
    listed = hall.ask("POST", f"{TICKETS}/search", {"subscriber": SHEN, "state": "all"}, leader)
    assert SHEN.encode() not in listed.body
    assert SAID.encode() not in listed.body


def test_of_many_who_take_it_at_once_one_gets_it(hall: Console) -> None:
    """The others are told who."""
    people = [hall.log_in(hall.hire(f"taker{n}", "agent", f"Taker {n}")) for n in range(4)]
    number = opened(hall)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda by: step(hall, by, number, "accept"), people))
    assert sorted(status for status, _ in answers) == [200, 409, 409, 409]
    has = next(n for n, (status, _) in enumerate(answers) if status == 200)
    whys = {why for status, why in answers if status == 409}
    assert whys == {f"Taker {has} (taker{has}) has ticket {number}"}
    with hall.store.reading() as connection:
        query = select(func.count()).select_from(ticket_steps).join(
            tickets, tickets.c.id == ticket_steps.c.ticket
        ).where(tickets.c.number == number, ticket_steps.c.step == "accept")  # fmt: skip
        assert connection.execute(query).scalar_one() == 1


def test_an_idempotency_key_opens_one_ticket(hall: Console, agent: Browser) -> None:
    form = {"kind": "reservation", "subscriber": SHEN, "said": "周六上午办理过户"}
    one, two = (hall.ask("POST", TICKETS, form, agent, Idempotency_Key="open") for _ in range(2))
    assert (one.status, two.status) == (201, 201)
    assert one.json == two.json
    assert (one.json["opened_by"], one.json["region"]) == ("agent", "北京")
    assert news(hall, one.json["number"]) == ["opened"]


def test_a_ticket_for_a_subscriber_who_must_have_proven_to_be_one(
    hall: Console, agent: Browser
) -> None:
    """委托受理: three wrong passwords, and no right one opens it."""
    form = {"kind": "entrust", "subscriber": "13800138008", "said": "停机保号"}
    assert hall.ask("POST", TICKETS, form, agent).status == 409
    right = form | {"password": "258096"}
    assert hall.ask("POST", TICKETS, right, agent).status == 201
    for _ in range(3):
        refused = hall.ask("POST", TICKETS, form | {"password": "111222"}, agent)
        assert (refused.status, refused.problem) == (403, "the service password is wrong")
    assert hall.audit()[0].entry.result == "refused: the service password is wrong"
    locked = hall.ask("POST", TICKETS, right, agent)
    assert (locked.status, "locked" in locked.problem) == (403, True)


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"kind": "gossip"}, "there is no kind of ticket"),
        ({"kind": "complaint", "category": "weather"}, "no category"),
        ({"kind": "complaint", "subscriber": "13912340000"}, "nobody's here"),
    ],
)
def test_what_cannot_be_opened_is_refused_with_why(
    hall: Console, agent: Browser, form: dict[str, str], why: str
) -> None:
    told = hall.ask("POST", TICKETS, {"subscriber": SHEN, "said": "x"} | form, agent)
    assert (told.status, why in told.problem) == (409, True)


def test_what_takes_a_leader(hall: Console, logged_in: dict[str, Browser]) -> None:
    agent, leader = logged_in["agent"], logged_in["leader"]
    number = opened(hall)
    assert step(hall, leader, number, "accept")[0] == 200
    assert step(hall, agent, number, "done", result="x") == (
        409, f"the leader (leader) has ticket {number}",
    )  # fmt: skip
    assert step(hall, agent, number, "escalate", reason="x")[0] == 403
    assert step(hall, leader, number, "escalate", reason="第三次来电")[0] == 200
    assert step(hall, leader, number, "assign", operator="agent") == (200, "assigned")
    assert step(hall, leader, number, "assign", operator="nobody-there")[0] == 409
    free = opened(hall)
    assert step(hall, agent, free, "assign", operator="leader")[0] == 403
    assert step(hall, agent, number, "hand-over") == (
        409, "there is no boss.url in the configuration to hand it over to",
    )  # fmt: skip


def test_pages_hold_each_ticket_once_and_counts_are_whole(hall: Console, agent: Browser) -> None:
    numbers = {opened(hall, "spam") for _ in range(7)}
    with hall.store.transaction() as connection:  # the same moment for all of them
        mine = tickets.c.number.in_(numbers)
        connection.execute(update(tickets).where(mine).values(due_at=2_000_000_000))
    found: list[str] = []
    form: dict[str, object] = {"kind": "spam", "limit": 3}
    while True:
        page = hall.ask("POST", f"{TICKETS}/search", form, agent).json
        assert (page["total"], page["states"]) == (7, {"open": 7})
        found += [one["number"] for one in page["tickets"]]
        if page["next"] is None:
            break
        form["after"] = page["next"]
    assert sorted(found) == sorted(numbers)
    assert hall.ask("POST", f"{TICKETS}/search", {"after": "4711"}, agent).status == 404


def test_a_trace_shows_no_number(hall: Console, agent: Browser) -> None:
    number = opened(hall)
    told = hall.ask("GET", f"{TICKETS}/{number}/trace?hours=24", by=agent)
    assert (told.status, told.json) == (200, {"steps": []})
    newest = hall.audit()[0].entry
    assert (newest.action, newest.subscriber) == ("tickets.read", SHEN)


def test_an_answer_that_is_picked(hall: Console, agent: Browser) -> None:
    listed = hall.ask("GET", f"{TICKETS}/templates?kind=complaint", by=agent).json["templates"]
    assert "refund" in [one["code"] for one in listed]
    number = opened(hall)
    for form, status in (
        ({}, 422),
        ({"result": "x", "template": "refund"}, 422),
        ({"result": "x", "values": {"amount": "5"}}, 422),
        ({"template": "refund", "values": {"amount": "5", "days": "3\n"}}, 200),
    ):
        answer = hall.ask("POST", f"{TICKETS}/{number}/done", form, agent)
        assert answer.status == status, (form, answer)
    other = opened(hall)
    refused = {"template": "refund", "values": {"amount": "5"}}
    assert step(hall, agent, other, "done", **refused)[0] == 409
    assert step(hall, agent, other, "done", template="no_such")[0] == 409
