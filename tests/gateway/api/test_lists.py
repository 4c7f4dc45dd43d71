"""Customer lists by the API, as a shift leader, an agent and an attacker use them."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from tests.gateway.api.console import Answer, Browser, Console

ZHANG, LI = "13800138001", "13800138002"
MASKED = "138****8001"
FILE = "号码,原因,有效期\r\n13800138001,信用卡逾期,2099/12/31\r\n13800138002,,\r\n"


@pytest.fixture
def leader(logged_in: dict[str, Browser]) -> Browser:
    return logged_in["leader"]


@pytest.fixture
def kind(hall: Console, leader: Browser) -> Iterator[str]:
    """A new type of list each time."""
    types = hall.ask("GET", "/api/v1/lists/types", by=leader).json["types"]
    number = str(max(int(one["number"]) for one in types) + 1)
    form = {"number": number, "name": f"名单{number}", "classes": ["black"], "note": "试用"}
    assert hall.ask("POST", "/api/v1/lists/types", form, leader).status == 201
    yield number
    hall.ask("POST", f"/api/v1/lists/types/{number}/close", {}, leader)


def put(hall: Console, by: Browser, kind: str, **more: object) -> Answer:
    form = {"type": kind, "numbers": [ZHANG], "reason": "恶意欠费"} | more
    return hall.ask("POST", "/api/v1/lists/entries", form, by)


def send(hall: Console, by: Browser, kind: str, content: bytes, query: str = "") -> Answer:
    path = f"/api/v1/lists/types/{kind}/imports?reason=deal{query}"
    return hall.ask("POST", path, content, by, Content_Type="text/csv")


def listed(hall: Console, by: Browser, **wanted: object) -> list[dict[str, object]]:
    answer = hall.ask("POST", "/api/v1/lists/entries/search", wanted, by)
    assert answer.status == 200, answer
    return list(answer.json["entries"])


def classes(hall: Console, by: Browser, number: str = ZHANG) -> list[str]:
    answer = hall.ask("POST", "/api/v1/subscribers/lookups", {"number": number}, by)
    return list(answer.json["classes"])


def test_somebody_is_listed_and_taken_out(hall: Console, leader: Browser, kind: str) -> None:
    """Masked for who gives no reason; and each act is in the audit."""
    answer = put(hall, leader, kind, until="2099-06-30")
    assert answer.status == 201
    (entry,) = answer.json["entries"]
    assert (entry["number"], entry["in_force"], entry["operator"]) == (MASKED, True, "leader")
    assert entry["until"] == "2099-06-30T16:00:00Z"
    assert classes(hall, leader) == ["black"]
    assert [one["number"] for one in listed(hall, leader, type=kind)] == [MASKED]
    (full,) = listed(hall, leader, number=ZHANG, reason="投诉 1")
    assert full["number"] == ZHANG
    seen = hall.audit(action="subscribers.reveal")[0].entry
    assert (seen.subscriber, seen.reason) == (ZHANG, "投诉 1")
    close = {"type": kind, "numbers": [ZHANG], "reason": "已还清"}
    assert hall.ask("POST", "/api/v1/lists/entries/close", close, leader).json == {"count": 1}
    assert classes(hall, leader) == []
    assert hall.ask("POST", "/api/v1/lists/entries/close", close, leader).status == 404
    (past,) = listed(hall, leader, type=kind, past=True)
    assert (past["ended_by"], past["ended_reason"]) == ("leader", "已还清")
    acts = [one.entry.action for one in hall.audit(subscriber=ZHANG)]
    assert {"lists.add", "lists.close", "subscribers.reveal"} <= set(acts)


def test_full_numbers_are_for_who_may_reveal(
    hall: Console, leader: Browser, kind: str, logged_in: dict[str, Browser]
) -> None:
    """Marketing works with lists and sees nobody."""
    put(hall, leader, kind)
    search = "/api/v1/lists/entries/search"
    form = {"type": kind, "reason": "x"}
    assert hall.ask("POST", search, form, logged_in["marketing"]).status == 403
    assert hall.ask("POST", search, form, logged_in["agent"]).status == 200
    body = hall.ask("POST", search, {"type": kind}, logged_in["marketing"]).body
    assert ZHANG.encode() not in body
    export = {"type": kind, "reason": "x"}
    for role in ("agent", "marketing", "auditor"):
        assert hall.ask("POST", "/api/v1/lists/export", export, logged_in[role]).status == 403


def test_types_are_closed_and_never_deleted(hall: Console, leader: Browser, kind: str) -> None:
    put(hall, leader, kind)
    path = f"/api/v1/lists/types/{kind}"
    assert hall.ask("DELETE", path, by=leader).status in (404, 405)
    assert hall.ask("POST", f"{path}/change", {"name": "改名"}, leader).json["name"] == "改名"
    assert hall.ask("POST", f"{path}/change", {"classes": ["x"]}, leader).status == 409
    closed = hall.ask("POST", f"{path}/close", {"reason": "over"}, leader)
    assert closed.json["closed_at"]
    assert closed.json["own"] == 1
    assert classes(hall, leader) == []
    assert put(hall, leader, kind).status == 409
    assert hall.ask("POST", f"{path}/open", {}, leader).json["closed_at"] is None
    assert classes(hall, leader) == ["black"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_a_partners_file_is_previewed_and_applied(
    hall: Console, leader: Browser, kind: str, encoding: str
) -> None:
    """It replaces what that partner has sent before, and nothing else."""
    put(hall, leader, kind, numbers=["13800138003"])
    put(hall, leader, kind, numbers=["13800138004"], origin="bank-a")
    answer = send(hall, leader, kind, FILE.encode(encoding), "&origin=bank-a")
    assert answer.status == 201, answer
    told = answer.json
    assert (told["state"], told["new"], told["ended"], told["mistakes"]) == ("ready", 2, 1, 0)
    assert len(listed(hall, leader, type=kind)) == 2
    path = f"/api/v1/lists/imports/{told['id']}"
    assert hall.ask("POST", f"{path}/apply", {}, leader).json["state"] == "applied"
    assert hall.ask("POST", f"{path}/apply", {}, leader).status == 200
    found = {(one["number"], one["origin"]) for one in listed(hall, leader, type=kind, reason="x")}
    assert found == {(ZHANG, "bank-a"), (LI, "bank-a"), ("13800138003", "own")}
    assert hall.ask("GET", path, by=leader).json["state"] == "applied"
    export = hall.ask("POST", "/api/v1/lists/export", {"type": kind, "reason": "x"}, leader)
    assert export.headers["content-type"].startswith("text/csv")
    assert f"{ZHANG},信用卡逾期,2099-12-31,bank-a" in export.body.decode()
    again = send(hall, leader, kind, export.body).json
    assert (again["mistakes"], again["new"]) == (0, 2)


def test_mistakes_are_told_by_line_and_nothing_is_applied(
    hall: Console, leader: Browser, kind: str
) -> None:
    told = send(hall, leader, kind, f"{ZHANG},x\n138001,x\n{ZHANG},y\n".encode()).json
    assert [one["line"] for one in told["first_mistakes"]] == [2, 3]
    path = f"/api/v1/lists/imports/{told['id']}"
    refused = hall.ask("POST", f"{path}/apply", {}, leader)
    assert (refused.status, "2 lines have mistakes" in refused.problem) == (409, True)
    assert listed(hall, leader, type=kind) == []
    assert hall.audit(action="lists.change")[0].entry.result.startswith("refused: 2 lines")
    done = hall.ask("POST", f"{path}/apply", {"skip_mistakes": True}, leader)
    assert done.json["state"] == "applied"
    assert len(listed(hall, leader, type=kind)) == 1


def test_a_file_of_many_lines_is_taken(hall: Console, leader: Browser, kind: str) -> None:
    """More than any other request may send."""
    text = "".join(f"139{n:08},信用卡\n" for n in range(20_000))
    told = send(hall, leader, kind, text.encode("gbk"), "&origin=bank-a").json
    assert (told["new"], told["lines"]) == (20_000, 20_000)
    hall.ask("POST", f"/api/v1/lists/imports/{told['id']}/discard", {}, leader)
    too_long = {"Content-Length": str(2**30), "Content-Type": "text/csv"}
    connection = HTTPConnection("127.0.0.1", hall.port, timeout=30)
    connection.request(
        "POST", f"/api/v1/lists/types/{kind}/imports", headers=leader.headers("POST") | too_long
    )
    assert connection.getresponse().status == 413
    connection.close()


def test_what_an_attacker_sends_is_refused(
    hall: Console, leader: Browser, kind: str, agent: Browser
) -> None:
    """Without a right, without the token of the page, with what has no place there."""
    path = f"/api/v1/lists/types/{kind}/imports"
    assert hall.ask("POST", path, b"x", agent).status == 403
    forged = Browser(leader.cookie, None)
    assert hall.ask("POST", path, b"x", forged).status == 403
    forms: list[dict[str, object]] = [
        {"numbers": []}, {"numbers": ["1 OR 1=1"]}, {"reason": ""}, {"reason": "a\x00b"},
        {"until": "2001-01-01"}, {"until": "soon"}, {"origin": "../x"}, {"type": "x"},
        {"extra": 1},
    ]  # fmt: skip
    for form in forms:
        assert put(hall, leader, kind, **form).status == 422, form
    for number in ("0", "99999999999999999999", "-1", "x"):
        refused = hall.ask("POST", f"/api/v1/lists/imports/{number}/apply", {}, leader)
        assert refused.status in (404, 422), number


def test_the_same_key_lists_somebody_once(hall: Console, leader: Browser, kind: str) -> None:
    form = {"type": kind, "numbers": [ZHANG], "reason": "x"}
    answers = [
        hall.ask("POST", "/api/v1/lists/entries", form, leader, Idempotency_Key=f"key-{kind}")
        for _ in range(2)
    ]
    assert [one.status for one in answers] == [201, 201]
    assert answers[0].body == answers[1].body
    acts = [one.entry for one in hall.audit(subscriber=ZHANG, action="lists.add")]
    assert len([one for one in acts if one.result.startswith(kind)]) == 1
