"""The door for other interfaces, over HTTP: as a partner, an operator at a counter, and whoever
would like to be one of them knock."""

from __future__ import annotations

import json
import time
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import func, select, update

from gateway.store.tables import interfaces, ledger, strikes, subscribers
from tests.gateway.api.console import NOBODY, Answer, Browser, Console

WEB = "630000000063.sample-web-key-for-trying-things-out-63"
BANK = "620000000062.sample-bank-key-for-trying-things-out-62"
HALL = "610000000061.sample-hall-key-for-trying-things-out-61"
ZHANG, PASSWORD = "13800138001", "739204"
BALANCE = {"number": ZHANG, "action": "q.balance", "password": PASSWORD}
_KEYS = count(1)


def asks(
    hall: Console, body: object, key: str | None = WEB, by: Browser = NOBODY, **more: str
) -> Answer:
    headers = {"Idempotency_Key": f"test-{next(_KEYS)}-{time.time_ns()}"} | more
    if key is not None:
        headers["X_Interface_Key"] = key
    return hall.ask("POST", "/api/v1/requests", body, by, **headers)


@pytest.fixture(scope="module", autouse=True)
def patient(hall: Console, logged_in: dict[str, Browser]) -> None:
    """So many tests ask as the same few."""
    for number in ("60", "61", "62", "63"):
        path = f"/api/v1/interfaces/{number}/change"
        assert hall.ask("POST", path, {"per_minute": 6000}, logged_in["admin"]).status == 200


@pytest.fixture
def admin_of(hall: Console, admin: Browser) -> Any:
    """What an administrator does to an interface."""

    def act(path: str, **form: object) -> Any:
        answer = hall.ask("POST", f"/api/v1/interfaces{path}", form, admin)
        assert answer.status in (200, 201), answer
        return answer.json

    return act


@pytest.fixture
def own(admin_of: Any) -> tuple[str, str]:
    """An interface of a test's own: its number and key."""
    number = f"7{next(_KEYS):05}"
    admin_of("", number=number, kind="web", name="测试网站", per_minute=6000)
    return number, admin_of(f"/{number}/keys")["key"]


# -- who knocks ----------------------------------------------------------------------------------


def test_a_request_without_an_origin_is_refused(hall: Console, agent: Browser) -> None:
    """Nor is an operator's login, or half a key, one."""
    for key in (None, "", "63", "630000000063.", WEB[:-1], WEB.replace("63.", "62."), "٣" * 20):
        answer = asks(hall, BALANCE, key and key.encode().decode("latin-1"), by=agent)
        assert answer.status == 401, key
    assert asks(hall, BALANCE, None, X_Interface="63").status == 401


def test_a_key_is_shown_once_and_two_open_at_once(
    hall: Console, own: tuple[str, str], admin: Browser, admin_of: Any
) -> None:
    number, first = own
    second = admin_of(f"/{number}/keys")["key"]
    assert [asks(hall, BALANCE, key).status for key in (first, second)] == [200, 200]
    third = hall.ask("POST", f"/api/v1/interfaces/{number}/keys", {}, admin)
    assert third.status == 409
    assert first.partition(".")[0] in third.problem
    told = admin_of(f"/{number}/keys/{first.partition('.')[0]}/end")
    assert first.partition(".")[2] not in json.dumps(told)
    assert [asks(hall, BALANCE, key).status for key in (first, second)] == [401, 200]
    assert second.partition(".")[2] not in hall.log.read_text()


def test_the_brake_holds_at_once(
    hall: Console, own: tuple[str, str], admin_of: Any, logged_in: dict[str, Browser]
) -> None:
    """A shift leader may pull it, and not let it go."""
    number, key = own
    leader = logged_in["leader"]
    where = f"/api/v1/interfaces/{number}"
    assert hall.ask("POST", f"{where}/stop", {"reason": "猜密码"}, leader).status == 200
    answer = asks(hall, BALANCE, key)
    assert (answer.status, answer.problem) == (403, f"interface {number} is stopped")
    assert hall.ask("POST", f"{where}/open", {}, leader).status == 403
    admin_of(f"/{number}/open")
    assert asks(hall, BALANCE, key).status == 200
    admin_of(f"/{number}/close")
    assert asks(hall, BALANCE, key).status == 401


def test_another_number_keeps_the_keys(
    hall: Console, own: tuple[str, str], admin_of: Any, admin: Browser
) -> None:
    number, key = own
    moved = admin_of(f"/{number}/renumber", number=f"8{number}")
    assert moved["number"] == f"8{number}"
    assert asks(hall, BALANCE, key).status == 200
    old = hall.ask("GET", f"/api/v1/interfaces/{number}", None, admin).json
    assert (old["state"], old["became"]) == ("closed", f"8{number}")


def test_each_has_a_rate_of_its_own(hall: Console, own: tuple[str, str], admin_of: Any) -> None:
    number, key = own
    admin_of(f"/{number}/change", per_minute=6)
    told = [asks(hall, {**BALANCE, "password": ""}, key) for _ in range(12)]
    assert 429 in [answer.status for answer in told]
    assert "retry-after" in next(answer for answer in told if answer.status == 429).headers
    assert asks(hall, BALANCE).status == 200


def test_a_certificate_is_believed_from_a_proxy_of_ours_only(
    hall: Console, own: tuple[str, str], admin_of: Any
) -> None:
    """This console has none: whatever is sent, nobody has seen a certificate."""
    number, key = own
    admin_of(f"/{number}/change", certificate="ab" * 32)
    for header in (
        "ab" * 32,
        quote("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"),
    ):
        assert asks(hall, BALANCE, key, X_Client_Certificate=header).status == 401
        with_number = asks(hall, BALANCE, None, X_Interface=number, X_Client_Certificate=header)
        assert with_number.status == 401


def test_where_people_act_a_request_names_one_of_them(
    hall: Console, admin_of: Any, logged_in: dict[str, Browser]
) -> None:
    admin_of("/61/change", operators=["agent", "auditor"])
    assert asks(hall, BALANCE, HALL).status == 401
    assert asks(hall, BALANCE, HALL, logged_in["leader"]).status == 403
    assert asks(hall, BALANCE, HALL, logged_in["auditor"]).status == 403  # his role reads nobody
    told = asks(hall, BALANCE, HALL, logged_in["agent"])
    assert (told.status, told.json["state"]) == (200, "done")
    newest = hall.audit(operator="agent")[0].entry
    assert (newest.action, newest.subscriber) == ("requests.q.balance", ZHANG)
    assert newest.reason.startswith("interface 61, ")


# -- what is asked -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "1380013800１"},
        {"number": "٠٣٨٠٠١٣٨٠٠١"},
        {"number": "13800138001#739204"},
        {"action": "q.balance#13800138002"},
        {"action": "Q.BALANCE"},
        {"action": "vw.invited"},
        {"action": "otp.send"},
        {"action": "sv.order.data"},
        {"action": "sv.order.data", "parameters": {"service": "EDU250"}},
        {"action": "sv.order.data", "parameters": {"service": "LL30#LL50"}},
        {"action": "sv.order.data", "parameters": {"service": "LL30", "fee": "0"}},
        {"action": "sv.order.data", "parameters": {"service": "LL30", "subject": "13800138002"}},
        {"action": "sv.forward", "parameters": {"target": "1380013８002"}},
        {"action": "sv.forward", "parameters": {"target": "13800138002 1"}},
        {"action": "rc.self", "parameters": {"card": "860000000000000001#1"}},
        {"action": "rc.self", "parameters": {"card": "８60000000000000001"}},
        {"action": "tk.complaint", "parameters": {"content": "x\u0000y"}},
        {"parameters": {"password": PASSWORD}},
        {"operator": "80001"},
        {"agreed": "yes"},
        {"confirm": "sms", "agreed": True},
    ],
)
def test_what_does_not_fit_is_told_and_does_nothing(hall: Console, wrong: dict[str, Any]) -> None:
    answer = asks(hall, {**BALANCE, **wrong})
    assert answer.status == 422, answer
    assert answer.problem
    assert PASSWORD not in answer.body.decode()


def test_signs_are_text_where_text_is_asked_for(hall: Console) -> None:
    """Nothing is put together from it, so nothing can be put into it."""
    said = "扣费#YE#13800138002 ' OR 1=1 {{ 7*7 }} 是"
    told = asks(hall, {**BALANCE, "action": "tk.complaint", "parameters": {"content": said}}).json
    assert (told["state"], told["action"]) == ("done", "tk.complaint")


def test_unicode_digits_are_no_password(hall: Console) -> None:
    """Nor a guess that is counted."""
    told = asks(hall, {**BALANCE, "password": "７３９２０４"}).json
    assert (told["state"], told["code"]) == ("refused", "auth.pw_shape")


def test_only_what_its_kind_and_its_own_row_allow(
    hall: Console, own: tuple[str, str], admin_of: Any
) -> None:
    order = {"number": ZHANG, "action": "sv.order.data", "parameters": {"service": "LL30"}}
    for key in (BANK,):
        told = asks(hall, {**order, "password": PASSWORD}, key).json
        assert (told["state"], told["code"]) == ("refused", "sys.channel")
    number, key = own
    admin_of(f"/{number}/change", operations=["query"])
    assert asks(hall, BALANCE, key).json["state"] == "done"
    told = asks(hall, {**order, "password": PASSWORD}, key).json
    assert told["code"] == "sys.channel"


def test_after_hours_nothing_is_done_but_what_is_open_day_and_night(
    hall: Console, own: tuple[str, str], admin_of: Any
) -> None:
    number, key = own
    now = time.gmtime(time.time() + 8 * 3600)
    closed = f"{(now.tm_hour + 2) % 24}:00-{(now.tm_hour + 3) % 24 or 24}:00"
    admin_of(f"/{number}/change", hours=closed)
    told = asks(hall, BALANCE, key).json
    assert (told["state"], told["code"]) == ("refused", "sys.window")
    lost = {"number": ZHANG, "action": "st.suspend", "password": PASSWORD}
    assert asks(hall, lost, key).json["state"] == "proposed"


# -- once, and one's own -------------------------------------------------------------------------


def test_a_key_is_asked_for_and_served_once(hall: Console) -> None:
    body = {"number": ZHANG, "action": "tk.suggestion", "password": PASSWORD,
            "parameters": {"content": "增加网点"}}  # fmt: skip
    headers: dict[str, Any] = {"X_Interface_Key": WEB}
    assert hall.ask("POST", "/api/v1/requests", body, **headers).status == 400
    first = asks(hall, body, Idempotency_Key="once").json
    again = asks(hall, body, Idempotency_Key="once").json
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert again["words"] == first["words"]
    assert asks(hall, BALANCE, Idempotency_Key="once").status == 409
    other = asks(hall, BALANCE, BANK, Idempotency_Key="once")  # another's keys are another's
    assert other.json["replayed"] is False


def test_nobody_sees_or_answers_anothers_request(hall: Console) -> None:
    order = {"number": ZHANG, "action": "sv.order.data", "parameters": {"service": "LL50"}}
    made = asks(hall, {**order, "password": PASSWORD}).json
    assert made["state"] == "proposed"
    where = f"/api/v1/requests/{made['id']}"
    for id in (made["id"], "1", str(2**63 - 1)):
        path = f"/api/v1/requests/{id}"
        assert hall.ask("GET", path, X_Interface_Key=BANK).status == 404
        yes = hall.ask("POST", f"{path}/answer", {"yes": True}, X_Interface_Key=BANK)
        assert yes.status == 404
    beyond = hall.ask("GET", "/api/v1/requests/9999999999999999999", X_Interface_Key=WEB)
    assert beyond.status == 422
    assert hall.ask("GET", where, X_Interface_Key=WEB).json["words"] == made["words"]
    no = hall.ask("POST", f"{where}/answer", {"yes": False}, X_Interface_Key=WEB)
    assert no.json["state"] == "declined"
    yes = hall.ask("POST", f"{where}/answer", {"yes": True}, X_Interface_Key=WEB)
    assert (yes.json["state"], yes.json["replayed"]) == ("declined", True)


def test_who_pays_in_hears_no_balance(hall: Console) -> None:
    body = {"number": ZHANG, "action": "rc.self", "parameters": {"card": "860000000000000002"}}
    told = asks(hall, body, BANK).json
    assert told["state"] == "done"
    assert "balance" not in json.dumps(told)
    with hall.store.reading() as connection:
        query = select(func.count()).where(ledger.c.msisdn == int(ZHANG), ledger.c.fen == 10_000)
        assert connection.execute(query).scalar() == 1


def test_a_partner_that_tries_many_numbers_has_to_rest(hall: Console, own: tuple[str, str]) -> None:
    """And no number is locked by what it tries meanwhile."""
    _, key = own
    codes = []
    for n in range(34):
        guess = {"number": f"1390700{n:04}", "action": "q.balance", "password": f"{n:06}"}
        codes.append(asks(hall, guess, key).json["code"])
    assert codes[0] == "auth.pw_wrong"
    assert codes[-1] == "auth.resting"
    assert asks(hall, BALANCE, key).json["code"] == "auth.resting"
    assert asks(hall, BALANCE).json["state"] == "done"


def test_what_was_typed_stands_nowhere(hall: Console) -> None:
    """Neither in the log nor, in the clear, in the store."""
    asks(hall, {**BALANCE, "password": "604827"})
    assert "604827" not in hall.log.read_text()
    with hall.store.reading() as connection:
        for table in (strikes, interfaces, subscribers):
            rows = connection.execute(select(table)).all()
            assert "604827" not in str([tuple(row) for row in rows if table is not subscribers])
    with hall.store.transaction() as connection:
        mine = subscribers.c.msisdn == int(ZHANG)
        connection.execute(update(subscribers).where(mine).values(language="zh"))
