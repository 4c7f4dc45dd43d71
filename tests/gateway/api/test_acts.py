"""What is done by the API, and what the audit says of it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
from sqlalchemy import func, select, text, update

from gateway.store.operators.audit_check import check_chain
from gateway.store.tables import lookups, operators, tickets
from tests.gateway.api.console import Browser, Console

LOOKUPS, OPERATORS = "/api/v1/subscribers/lookups", "/api/v1/operators"
ZHANG = "13800138001"
REASON = "asks for the bill, ticket 5970023000101"


def test_a_look_is_masked_without_a_reason(hall: Console, agent: Browser) -> None:
    looked = hall.ask("POST", LOOKUPS, {"number": ZHANG}, agent)
    assert looked.status == 201
    told = looked.json
    assert (told["number"], told["plan"], told["state"]) == ("138****8001", "QQT128", "normal")
    assert told["full"] is None
    assert ZHANG.encode() not in looked.body
    assert b"5680" not in looked.body
    newest = hall.audit()[0].entry
    assert (newest.operator, newest.origin) == ("agent", "127.0.0.1")
    assert (newest.action, newest.subscriber) == ("subscribers.read", ZHANG)


def test_a_reason_opens_for_minutes(hall: Console, agent: Browser) -> None:
    """Then it is masked again, for whoever still has the page."""
    looked = hall.ask("POST", LOOKUPS, {"number": ZHANG, "reason": REASON}, agent)
    assert (looked.json["number"], looked.json["full"]["balance_fen"]) == (ZHANG, 5680)
    newest = hall.audit()[0].entry
    assert (newest.action, newest.reason) == ("subscribers.reveal", REASON)
    path = f"{LOOKUPS}/{looked.json['id']}"
    assert hall.ask("GET", path, by=agent).json["number"] == ZHANG
    with hall.store.transaction() as connection:
        connection.execute(update(lookups).values(open_until=int(time.time())))
    later = hall.ask("GET", path, by=agent)
    assert (later.json["number"], later.json["full"]) == ("138****8001", None)
    assert [record.entry.action for record in hall.audit()[:3]] == [
        "subscribers.read", "subscribers.reveal", "subscribers.reveal",
    ]  # fmt: skip


def test_a_key_does_not_keep_a_look_open(hall: Console, agent: Browser) -> None:
    """An answer that was kept would show in a day what may be seen for minutes."""
    form = {"number": ZHANG, "reason": REASON}
    one, two = (hall.ask("POST", LOOKUPS, form, agent, Idempotency_Key="look") for _ in range(2))
    assert one.json["id"] != two.json["id"]


def test_words_of_tickets_are_shown_for_a_reason(hall: Console, agent: Browser) -> None:
    with hall.store.transaction() as connection:
        hall.store.ports(connection).tickets.open(
            "complaint", "13800138002", "信号不好", int(time.time()) + 60, int(time.time()), 1 << 40
        )
    masked = hall.ask("POST", LOOKUPS, {"number": "13800138002"}, agent)
    assert masked.json["open_tickets"] == 1
    assert "信号不好" not in masked.body.decode()
    full = hall.ask("POST", LOOKUPS, {"number": "13800138002", "reason": REASON}, agent)
    assert full.json["full"]["tickets"][0]["said"] == "信号不好"


def test_a_look_is_closed_when_the_right_to_it_is_gone(hall: Console, admin: Browser) -> None:
    """Somebody is moved to another desk while a number lies open on the screen."""
    hall.hire("mover", "agent")
    mover = hall.log_in("mover")
    look = hall.ask("POST", LOOKUPS, {"number": ZHANG, "reason": REASON}, mover).json
    assert look["full"] is not None
    role = {"role": "business"}
    assert hall.ask("POST", "/api/v1/operators/mover/role", role, admin).status == 200
    again = hall.ask("GET", f"{LOOKUPS}/{look['id']}", by=mover).json
    assert (again["full"], "*" in again["number"]) == (None, True)


def test_a_look_needs_its_right_and_is_ones_own(
    hall: Console, logged_in: dict[str, Browser]
) -> None:
    """业务 sees masked only."""
    business = logged_in["business"]
    assert hall.ask("POST", LOOKUPS, {"number": ZHANG}, business).status == 201
    refused = hall.ask("POST", LOOKUPS, {"number": ZHANG, "reason": REASON}, business)
    assert (refused.status, refused.problem) == (
        403, "your role has not the right subscribers.reveal",
    )  # fmt: skip
    looked = hall.ask("POST", LOOKUPS, {"number": ZHANG, "reason": REASON}, logged_in["agent"])
    path = f"{LOOKUPS}/{looked.json['id']}"
    assert hall.ask("GET", path, by=logged_in["leader"]).status == 404


def test_a_number_that_is_nobodys(hall: Console, agent: Browser) -> None:
    """That somebody looked is kept all the same."""
    assert hall.ask("POST", LOOKUPS, {"number": "13899999999"}, agent).status == 404
    newest = hall.audit()[0].entry
    assert newest.subscriber == "13899999999"
    assert newest.result.startswith("refused")


@pytest.mark.parametrize("number", ["123", "138001380011", "", None, 13800138001, "１３８00138001"])
def test_what_is_no_number(hall: Console, agent: Browser, number: object) -> None:
    assert hall.ask("POST", LOOKUPS, {"number": number}, agent).status == 422


def test_an_operator_comes_and_works(hall: Console, admin: Browser) -> None:
    form = {"number": "n1", "name": "李雷", "role": "agent", "organisation": "东单营业厅"}
    made = hall.ask("POST", OPERATORS, form, admin)
    assert made.status == 201
    assert made.json["app"].startswith("otpauth://totp/Hallgate%3An1?secret=")
    listed = hall.ask("GET", OPERATORS, by=admin).json["operators"]
    (mine,) = [one for one in listed if one["number"] == "n1"]
    assert (mine["name"], mine["organisation"], mine["state"]) == ("李雷", "东单营业厅", "active")
    assert hall.ask("GET", f"{OPERATORS}/n1", by=admin).json == mine
    assert hall.ask("POST", OPERATORS, form, admin).status == 409
    secrets = (made.json["password"], made.json["totp"])
    everything = hall.ask("GET", OPERATORS, by=admin).body + hall.log.read_bytes()
    assert [one for one in secrets if one.encode() in everything] == []
    assert hall.audit(action="operators.add")[0].entry.result == "n1: role agent"


def test_who_left_a_machine_open_is_logged_out_everywhere(hall: Console, admin: Browser) -> None:
    """And may log in again; nobody does it to themselves from there."""
    number = hall.hire("lost", "agent", "丢了电脑")
    two = [hall.log_in(number, bearer=bearer) for bearer in (True, False)]
    path = f"/api/v1/operators/{number}/logout"
    told = hall.ask("POST", path, {"reason": "电脑丢失"}, admin)
    assert (told.status, told.json["state"]) == (200, "active")
    entry = hall.audit()[0].entry
    assert (entry.action, entry.reason) == ("operators.logout", "电脑丢失")
    assert [hall.ask("GET", "/api/v1/session", by=one).status for one in two] == [401, 401]
    assert hall.ask("GET", "/api/v1/session", by=hall.log_in(number)).status == 200
    assert hall.ask("POST", "/api/v1/operators/admin/logout", {}, admin).status == 409


def test_the_same_key_has_its_effect_once(hall: Console, admin: Browser) -> None:
    """The same answer, with the same password; another request under it is refused."""
    form = {"number": "once", "name": "x", "role": "agent"}
    answers = [hall.ask("POST", OPERATORS, form, admin, Idempotency_Key="k-1") for _ in range(3)]
    assert {(answer.status, answer.body) for answer in answers} == {(201, answers[0].body)}
    assert answers[1].headers["idempotency-replayed"] == "true"
    other = form | {"number": "twice"}
    assert hall.ask("POST", OPERATORS, other, admin, Idempotency_Key="k-1").status == 409
    assert hall.ask("GET", f"{OPERATORS}/twice", by=admin).status == 404
    assert len([r for r in hall.audit(action="operators.add") if "once" in r.entry.result]) == 1
    assert hall.ask("POST", OPERATORS, other, admin, Idempotency_Key="bad\x7f").status == 422


def test_the_same_key_many_times_at_once(hall: Console, admin: Browser) -> None:
    form = {"number": "atonce", "name": "x", "role": "agent"}

    def ask(_: int) -> int:
        return hall.ask("POST", OPERATORS, form, admin, Idempotency_Key="k-2").status

    with ThreadPoolExecutor(6) as pool:
        statuses = set(pool.map(ask, range(6)))
    assert 201 in statuses
    assert statuses <= {201, 409}
    with hall.store.reading() as connection:
        mine = operators.c.number == "atonce"
        count = connection.execute(select(func.count()).select_from(operators).where(mine))
        assert count.scalar() == 1


def test_a_key_is_its_operators_own(hall: Console, admin: Browser) -> None:
    """Nobody reads what was answered to somebody else."""
    hall.hire("admin2", "admin")
    other, form = hall.log_in("admin2"), {"number": "mine", "name": "x", "role": "agent"}
    assert hall.ask("POST", OPERATORS, form, admin, Idempotency_Key="k-3").status == 201
    assert hall.ask("POST", OPERATORS, form, other, Idempotency_Key="k-3").status == 409


def test_an_auditor_searches(hall: Console, agent: Browser, auditor: Browser) -> None:
    """Masked without a reason; pages; the total is of the whole table."""
    named = {"number": "13800138006", "reason": "13800138006 called, card 110101199003078888"}
    for _ in range(3):
        hall.ask("POST", LOOKUPS, named, agent)
    wanted = {"subscriber": "13800138006", "operator": "agent", "limit": 2}
    first = hall.ask("POST", "/api/v1/audit/search", wanted, auditor).json
    assert (len(first["entries"]), first["total"]) == (2, 3)
    assert {entry["subscriber"] for entry in first["entries"]} == {"138****8006"}
    assert {entry["reason"] for entry in first["entries"]} == {"138****8006 called, card ***"}
    more = wanted | {"before": first["next"], "reason": "quarterly review"}
    rest = hall.ask("POST", "/api/v1/audit/search", more, auditor).json
    assert [entry["subscriber"] for entry in rest["entries"]] == ["13800138006"]
    assert rest["entries"][0]["reason"] == named["reason"]
    assert (rest["next"], rest["total"]) == (None, 3)
    looked = hall.audit(action="audit.read")[0].entry
    assert (looked.operator, looked.reason) == ("auditor", "quarterly review")


def test_an_auditor_sees_what_is_suspicious(
    hall: Console, agent: Browser, auditor: Browser
) -> None:
    """A look with its ticket's number is none; one with another subscriber's is."""
    with hall.store.transaction() as connection:
        opened = hall.store.ports(connection).tickets.open(
            "fault", "13800138009", "断线", int(time.time()), int(time.time()), 3 << 40
        )
        connection.execute(update(tickets).where(tickets.c.id == 3 << 40).values(state="working"))
    since = hall.audit()[0].id
    for number in ("13800138009", "13800138010"):
        form = {"number": number, "reason": f"ticket {opened.number}"}
        assert hall.ask("POST", LOOKUPS, form, agent).status == 201
    wanted = {"suspicious": True, "operator": "agent", "reason": "review"}
    found = hall.ask("POST", "/api/v1/audit/search", wanted, auditor).json["entries"]
    mine = [
        entry["subscriber"]
        for entry in found
        if entry["id"] > since and "without a ticket" in entry["why"]
    ]
    assert mine == ["13800138010"]


def test_an_export_is_whole_and_says_why(hall: Console, auditor: Browser) -> None:
    assert hall.ask("POST", "/api/v1/audit/export", {}, auditor).status == 422
    told = hall.ask("POST", "/api/v1/audit/export", {"reason": "review"}, auditor)
    rows = [orjson.loads(line) for line in told.body.splitlines()]
    assert told.headers["content-type"] == "application/x-ndjson"
    assert [row["id"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[-1]["action"] == "audit.export"
    assert all(len(row["hash"]) == 64 for row in rows)


def test_the_api_says_whether_the_audit_is_whole(hall: Console, auditor: Browser) -> None:
    """Bent in the database, and bent back."""

    def verify(**more: object) -> dict[str, object]:
        told: dict[str, object] = hall.ask("POST", "/api/v1/audit/verify", more, auditor).json
        return told

    whole = verify()
    assert (whole["whole"], whole["findings"]) == (True, [])
    assert verify(anchors=[whole["anchor"]])["whole"]
    forged = f"{str(whole['anchor']).partition(':')[0]}:{'0' * 64}"
    assert not verify(anchors=[forged])["whole"]
    for change in ("|| 'x'", "= substr(reason, 1, length(reason) - 1)"):
        with hall.store.transaction() as connection:
            value = f"reason {change}" if change.startswith("|") else change[2:]
            connection.execute(text(f"UPDATE audit SET reason = {value} WHERE id = 2"))
        if change.startswith("|"):
            assert "row 2 does not fit" in str(verify()["findings"])
    assert verify()["whole"]


def test_everything_that_was_done_is_in_one_whole_chain(hall: Console) -> None:
    assert check_chain(hall.store).findings == ()
    assert "request failed" not in hall.log.read_text()
