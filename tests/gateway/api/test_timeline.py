"""A subscriber's timeline over the API: masked, in full for a reason, and page by page."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import insert

from gateway.model.message_id import floor_at, reply_id
from gateway.store.tables import calls, dialogues, errands, inbox, outbox
from tests.gateway.api.console import Browser, Console

PHONE = 13800138008
LOOKUPS = "/api/v1/subscribers/lookups"


@pytest.fixture(scope="module")
def asked(hall: Console) -> float:
    """Three messages a minute apart with answers, one of them secret; a call; an errand."""
    begun = time.time() - 3_600
    seal = hall.store.seal
    with hall.store.transaction() as connection:
        for n, words in enumerate(("YE", "密码 739204 查详单", "CD")):
            id = floor_at(begun + 60 * n)
            connection.execute(insert(inbox).values(
                id=id, bind=0, fingerprint=b"x", phone=PHONE, port="10086", channel="sms",
                action="balance", result="ok", text_sealed=seal.seal(words),
            ))  # fmt: skip
            connection.execute(insert(outbox).values(
                id=reply_id(id, 1), link="a", source="1.1.10086", destination=f"1.1.86{PHONE}",
                secret=n == 1, receipt=False, text_sealed=seal.seal(f"答{n}"), state=0 if n else 1,
            ))  # fmt: skip
        at = floor_at(begun + 300)
        connection.execute(insert(calls).values(
            id=at, phone=PHONE, pbx="p", dialled="10086", lasted_ms=61_000, ended="caller",
            answers=1, queue="answered", waited_ms=5,
        ))  # fmt: skip
        connection.execute(insert(errands).values(
            id=at + 8, action="service.open", phone=PHONE, subject=PHONE, channel="sms",
            interface="10", level=1, asserted=True, placed_at=int(begun),
        ))  # fmt: skip
        connection.execute(insert(dialogues).values(
            who=f"sms:{PHONE}", state=b"x", until_at=int(time.time()) + 60,
        ))  # fmt: skip
    return begun


def line_of(hall: Console, by: Browser, reason: str = "", query: str = "") -> dict[str, object]:
    looked = hall.ask("POST", LOOKUPS, {"number": str(PHONE), "reason": reason}, by)
    answer = hall.ask("GET", f"{LOOKUPS}/{looked.json['id']}/timeline{query}", by=by)
    assert answer.status == 200, answer
    told: dict[str, object] = answer.json
    return told


@pytest.mark.usefixtures("asked")
def test_masked_it_has_no_words(hall: Console, agent: Browser) -> None:
    told = line_of(hall, agent)
    assert [one["what"] for one in told["lines"]][:5] == [  # type: ignore[attr-defined]
        "boss", "call", "message", "message", "message",
    ]  # fmt: skip
    assert "YE" not in str(told)
    assert "答" not in str(told)
    assert {one["what"] for one in told["open"]} >= {"boss", "dialogue", "outbox"}  # type: ignore[attr-defined]
    assert hall.audit()[0].entry.action == "subscribers.read"


@pytest.mark.usefixtures("asked")
def test_for_a_reason_it_has_words_but_no_secret_answer(hall: Console, agent: Browser) -> None:
    told = line_of(hall, agent, reason="来电")
    messages = [one for one in told["lines"] if one["what"] == "message"]  # type: ignore[attr-defined]
    assert [one["answers"] for one in messages] == [["答2"], [], ["答0"]]
    assert messages[2]["words"] == "YE"
    entry = hall.audit()[0].entry
    assert (entry.action, entry.subscriber, entry.reason) == (
        "subscribers.reveal", str(PHONE), "来电",
    )  # fmt: skip


@pytest.mark.usefixtures("asked")
def test_page_by_page_it_tells_each_once(hall: Console, agent: Browser) -> None:
    whole = line_of(hall, agent)["lines"]
    found: list[object] = []
    query = "?limit=2"
    while True:
        told = line_of(hall, agent, query=query)
        found += told["lines"]  # type: ignore[arg-type]
        if told["next"] is None:
            break
        query = f"?limit=2&before={told['next']}"
        assert len(found) < 50
    assert found == whole


@pytest.mark.usefixtures("asked")
def test_it_is_for_who_looked(hall: Console, agent: Browser, logged_in: dict[str, Browser]) -> None:
    looked = hall.ask("POST", LOOKUPS, {"number": str(PHONE)}, agent).json["id"]
    path = f"{LOOKUPS}/{looked}/timeline"
    assert hall.ask("GET", path, by=logged_in["leader"]).status == 404
    assert hall.ask("GET", path, by=logged_in["marketing"]).status == 403


def test_a_look_up_is_revealed_for_a_reason(
    hall: Console, agent: Browser, logged_in: dict[str, Browser]
) -> None:
    looked = hall.ask("POST", LOOKUPS, {"number": str(PHONE)}, agent).json["id"]
    path = f"{LOOKUPS}/{looked}/reveal"
    assert hall.ask("POST", path, {"reason": ""}, agent).status == 422
    shown = hall.ask("POST", path, {"reason": "来电"}, agent)
    assert (shown.status, shown.json["number"]) == (201, str(PHONE))
    business = logged_in["business"]
    looked = hall.ask("POST", LOOKUPS, {"number": str(PHONE)}, business).json["id"]
    refused = hall.ask("POST", f"{LOOKUPS}/{looked}/reveal", {"reason": "x"}, business)
    assert refused.status == 403


@pytest.mark.parametrize(
    ("form", "begins"), [("csv", "\ufeff表,对象".encode()), ("json", b"{"), ("xlsx", b"PK")]
)
def test_figures_are_had_as_a_file(
    hall: Console, logged_in: dict[str, Browser], form: str, begins: bytes
) -> None:
    for span in ("day", "month"):
        path = f"/api/v1/figures/{span}/file?form={form}"
        got = hall.ask("GET", path, by=logged_in["leader"])
        assert got.body.startswith(begins)
        assert f'.{form}"' in got.headers["content-disposition"]
        assert hall.audit()[0].entry.action == "figures.export"
        assert hall.ask("GET", path, by=logged_in["business"]).status == 403
