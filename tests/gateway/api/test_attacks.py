"""What an attacker tries, and somebody whose rights are taken away."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update

from gateway.security import totp
from gateway.store.tables import operator_sessions, operators, strikes
from tests.gateway.api.console import NOBODY, Browser, Console

SESSION, LOOKUPS = "/api/v1/session", "/api/v1/subscribers/lookups"
ZHANG = {"number": "13800138001"}
WRONG = "operator, password or code is wrong, or the operator is locked"


@pytest.fixture(autouse=True)
def forgiven(hall: Console) -> None:
    """Wrong logins of one test are not counted in the next."""
    with hall.store.transaction() as connection:
        connection.execute(delete(strikes))


# -- requests from elsewhere -----------------------------------------------------------------------


def test_without_the_csrf_token_nothing_is_done(hall: Console, agent: Browser) -> None:
    before = len(hall.audit())
    for token in (None, "", "0" * 64, "é"):
        refused = hall.ask("POST", LOOKUPS, ZHANG, replace(agent, csrf=token and token[:64]))
        assert refused.status == 403
        assert "X-CSRF-Token" in refused.problem
    assert len(hall.audit()) == before


def test_a_token_of_another_session_is_none(hall: Console, agent: Browser, admin: Browser) -> None:
    assert hall.ask("POST", LOOKUPS, ZHANG, replace(agent, csrf=admin.csrf)).status == 403


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1",
     "http://127.0.0.1:{port}.evil.example", ""],
)  # fmt: skip
def test_a_foreign_origin_is_refused_even_with_everything_right(
    hall: Console, agent: Browser, origin: str
) -> None:
    from_there = replace(agent, origin=origin.format(port=hall.port))
    assert hall.ask("POST", LOOKUPS, ZHANG, from_there).status == 403


def test_our_own_pages_are_heard(hall: Console, agent: Browser) -> None:
    for name in ("127.0.0.1", "localhost", "LOCALHOST"):
        ours = replace(agent, origin=f"http://{name}:{hall.port}")
        assert hall.ask("POST", LOOKUPS, ZHANG, ours).status == 201


def test_a_login_from_elsewhere_is_refused(hall: Console) -> None:
    """Or somebody would work under the attacker's name."""
    evil = replace(NOBODY, origin="http://evil.example")
    assert hall.ask("POST", SESSION, hall.form("agent"), evil).status == 403


def test_what_the_browser_says_of_other_sites_counts(hall: Console, agent: Browser) -> None:
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 201)):
        told = hall.ask("POST", LOOKUPS, ZHANG, agent, Sec_Fetch_Site=site)
        assert told.status == status


def test_another_hosts_name_is_not_ours(hall: Console) -> None:
    """DNS rebinding: the attacker's name leads to our address."""
    refused = hall.ask("GET", SESSION, Host=f"evil.example:{hall.port}")
    assert refused.status == 400
    assert "no such host" in refused.problem


# -- sessions --------------------------------------------------------------------------------------


def test_a_cookie_is_as_safe_as_browsers_can_make_it(hall: Console) -> None:
    answer = hall.ask("POST", SESSION, hall.form("agent"))
    told = answer.headers["set-cookie"].lower()
    for word in ("secure", "httponly", "samesite=strict", "path=/"):
        assert word in told
    assert "domain" not in told
    assert answer.json["token"] is None


def test_only_marks_of_sessions_are_kept(hall: Console) -> None:
    """Who reads the database cannot step in."""
    browser = hall.log_in("leader")
    with hall.store.reading() as connection:
        kept = [str(row) for row in connection.execute(select(operator_sessions))]
    assert kept
    assert [row for row in kept if str(browser.cookie) in row] == []
    with hall.store.reading() as connection:
        marks = connection.execute(select(operator_sessions.c.id_mark)).scalars().all()
    for mark in marks:
        assert hall.ask("GET", SESSION, by=Browser(mark, None)).status == 401


@pytest.mark.parametrize("id", ["", "x", "A" * 43, "../../etc/passwd", "' OR 1=1 --", "%00"])
def test_an_invented_session_is_none(hall: Console, id: str) -> None:
    assert hall.ask("GET", SESSION, by=Browser(id, None)).status == 401
    assert hall.ask("GET", SESSION, by=replace(NOBODY, bearer=id)).status == 401


def test_a_session_that_was_logged_out_is_over(hall: Console) -> None:
    """Also for whoever has stolen it."""
    browser = hall.log_in("leader")
    assert hall.ask("DELETE", SESSION, by=browser).status == 204
    assert hall.ask("GET", SESSION, by=browser).status == 401
    assert hall.ask("POST", LOOKUPS, ZHANG, browser).status == 401


@pytest.mark.parametrize("column", ["until_at", "seen_at"])
def test_a_session_ends_by_time(hall: Console, column: str) -> None:
    """After its hours, and after half an hour without a request."""
    browser, now = hall.log_in("leader"), int(time.time())
    moment = now if column == "until_at" else now - 1_800
    with hall.store.transaction() as connection:
        mine = operator_sessions.c.operator == "leader"
        connection.execute(update(operator_sessions).where(mine).values({column: moment}))
    assert hall.ask("GET", SESSION, by=browser).status == 401


def test_a_cookie_beside_a_bearer_token_lends_it_nothing(hall: Console, agent: Browser) -> None:
    """A wrong token is not made good by a right cookie."""
    mixed = replace(agent, csrf=None, bearer="wrong")
    assert hall.ask("POST", LOOKUPS, ZHANG, mixed).status == 401
    assert hall.ask("POST", LOOKUPS, ZHANG, agent, Authorization="Basic eDp4").status == 401


# -- logins ----------------------------------------------------------------------------------------


def test_a_code_works_once(hall: Console) -> None:
    """Whoever looked over a shoulder comes too late."""
    form = hall.form("leader")
    assert hall.ask("POST", SESSION, form).status == 201
    again = hall.ask("POST", SESSION, form)
    assert (again.status, again.problem) == (401, WRONG)


def test_a_code_works_once_also_for_many_at_once(hall: Console) -> None:
    form = hall.form("leader")
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda _: hall.ask("POST", SESSION, form).status, range(4)))
    assert statuses.count(201) == 1


def test_an_older_code_does_not_work_after_a_newer_one(hall: Console) -> None:
    secret, step = hall.people["leader"].totp, totp.step_at(time.time())
    form = hall.form("leader")
    newer = form | {"code": totp.code_of(secret, step + 1)}
    assert hall.ask("POST", SESSION, newer).status == 201
    assert hall.ask("POST", SESSION, form).status == 401


def test_nobody_learns_which_part_was_wrong(hall: Console) -> None:
    """Unknown, wrong password, wrong code, locked: the same words."""
    hall.hire("gone", "agent")
    with hall.store.transaction() as connection:
        mine = operators.c.number == "gone"
        connection.execute(update(operators).where(mine).values(state="locked"))
    tried = [
        hall.form("agent", operator="nobody"),
        hall.form("agent", password="wrong"),
        hall.form("agent", code="000000"),
        hall.form("gone"),
    ]
    told = [hall.ask("POST", SESSION, form) for form in tried]
    assert {answer.status for answer in told} == {401}
    assert len({answer.body for answer in told}) == 1
    headers = [{n: v for n, v in a.headers.items() if n != "date"} for a in told]
    assert headers.count(headers[0]) == 4


def test_nobody_learns_by_time_who_works_here(hall: Console) -> None:
    """The password of an unknown operator takes as long to be refused."""

    hall.hire("timed", "agent", cheap=False)

    def seconds(number: str) -> float:
        with hall.store.transaction() as connection:
            connection.execute(delete(strikes))
        form, began = hall.form("agent", operator=number, password="wrong"), time.perf_counter()
        assert hall.ask("POST", SESSION, form).status == 401
        return time.perf_counter() - began

    pairs = [(seconds("timed"), seconds("nobody")) for _ in range(5)]
    known, unknown = (statistics.median(each) for each in zip(*pairs, strict=True))
    assert unknown > known / 2
    assert known > unknown / 2


@pytest.mark.parametrize("name", ["business", "no-such-one"])
def test_wrong_logins_are_counted_by_name(hall: Console, name: str) -> None:
    """Whether there is such a name or not; then the right password does not help either."""
    wrong = hall.form("business", operator=name, password="wrong")
    statuses = [hall.ask("POST", SESSION, wrong).status for _ in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    right = hall.form("business", operator=name)
    throttled = hall.ask("POST", SESSION, right)
    assert throttled.status == 429
    assert 0 < int(throttled.headers["retry-after"]) <= 900
    assert "wait" in throttled.problem
    with hall.store.transaction() as connection:
        connection.execute(update(strikes).values(struck_at=int(time.time()) - 901))
    assert hall.ask("POST", SESSION, right).status == (201 if name == "business" else 401)


def test_wrong_logins_are_counted_by_address(hall: Console) -> None:
    """One password tried on many names."""
    statuses = [
        hall.ask("POST", SESSION, hall.form("agent", operator=f"name{n}", password="wrong")).status
        for n in range(22)
    ]
    assert statuses == [401] * 20 + [429] * 2


def test_many_at_once_are_no_way_around(hall: Console) -> None:
    wrong = hall.form("business", password="wrong")
    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(lambda _: hall.ask("POST", SESSION, wrong).status, range(12)))
    assert statuses.count(401) <= 6
    assert set(statuses) == {401, 429}


def test_a_right_login_in_between_forgives_the_name(hall: Console) -> None:
    for _ in range(4):
        assert hall.ask("POST", SESSION, hall.form("business", password="no")).status == 401
    assert hall.log_in("business").cookie
    assert hall.ask("POST", SESSION, hall.form("business", password="no")).status == 401


def test_a_wrong_name_is_not_kept(hall: Console) -> None:
    """It may be a password in the wrong field."""
    hall.ask("POST", SESSION, hall.form("agent", operator="Tr0ub4dor"))
    newest = hall.audit()[0].entry
    assert (newest.operator, newest.action, newest.result) == ("?", "session.login", "refused")
    assert "Tr0ub4dor" not in hall.log.read_text()


# -- what changes while somebody is logged in ------------------------------------------------------


def test_a_locked_operator_is_out_at_once(hall: Console, admin: Browser) -> None:
    hall.hire("lockme", "agent")
    browser = hall.log_in("lockme")
    assert hall.ask("GET", SESSION, by=browser).status == 200
    locked = hall.ask("POST", "/api/v1/operators/lockme/lock", {"reason": "left"}, admin)
    assert (locked.status, locked.json["state"]) == (200, "locked")
    assert hall.ask("GET", SESSION, by=browser).status == 401
    assert hall.ask("POST", SESSION, hall.form("lockme")).problem == WRONG
    assert hall.ask("POST", "/api/v1/operators/lockme/unlock", {}, admin).status == 200
    assert hall.ask("GET", SESSION, by=browser).status == 401
    assert hall.log_in("lockme").cookie


def test_another_role_holds_from_the_next_request(hall: Console, admin: Browser) -> None:
    hall.hire("moved", "agent")
    browser = hall.log_in("moved")
    assert hall.ask("POST", LOOKUPS, ZHANG, browser).status == 201
    role = "/api/v1/operators/moved/role"
    assert hall.ask("POST", role, {"role": "marketing"}, admin).status == 200
    assert hall.ask("POST", LOOKUPS, ZHANG, browser).status == 403
    assert hall.ask("POST", role, {"role": "no_such"}, admin).status == 409
    assert "subscribers.read" not in hall.ask("GET", SESSION, by=browser).json["rights"]


def test_new_secrets_end_sessions_and_old_secrets(hall: Console, admin: Browser) -> None:
    hall.hire("renew", "agent")
    browser, old = hall.log_in("renew"), hall.form("renew")
    reset = hall.ask("POST", "/api/v1/operators/renew/reset", {}, admin)
    assert reset.status == 200
    assert hall.ask("GET", SESSION, by=browser).status == 401
    assert hall.ask("POST", SESSION, old).status == 401
    code = totp.code_of(reset.json["totp"], totp.step_at(time.time()))
    new = {"operator": "renew", "password": reset.json["password"], "code": code}
    assert hall.ask("POST", SESSION, new).status == 201


def test_nobody_gives_themselves_rights(hall: Console, admin: Browser) -> None:
    for what, body in (("role", {"role": "agent"}), ("reset", {}), ("lock", {}), ("unlock", {})):
        refused = hall.ask("POST", f"/api/v1/operators/admin/{what}", body, admin)
        assert refused.status == 409, what
        assert "themselves" in refused.problem


def test_a_password_of_ones_own(hall: Console) -> None:
    """Other sessions end, this one goes on; a weak one, or the old one wrong, changes nothing."""
    hall.hire("chooser", "agent")
    other, browser = hall.log_in("chooser"), hall.log_in("chooser")
    old, path = hall.people["chooser"].password, f"{SESSION}/password"
    assert hall.ask("GET", SESSION, by=browser).json["password_initial"]
    for form, status in (
        ({"old": "wrong", "new": "correct horse battery"}, 403),
        ({"old": old, "new": "short"}, 409),
        ({"old": old, "new": "chooser-chooser"}, 409),
        ({"old": old, "new": old}, 409),
        ({"old": old, "new": "correct horse battery"}, 204),
    ):
        assert hall.ask("POST", path, form, browser).status == status, form
    assert hall.ask("GET", SESSION, by=other).status == 401
    assert not hall.ask("GET", SESSION, by=browser).json["password_initial"]
    assert hall.ask("POST", SESSION, hall.form("chooser")).status == 401
    new = hall.form("chooser", password="correct horse battery")
    assert hall.ask("POST", SESSION, new).status == 201


def test_guessing_the_old_password_is_throttled(hall: Console) -> None:
    """Somebody found an unlocked screen."""
    hall.hire("away", "agent")
    browser = hall.log_in("away")
    wrong = {"old": "wrong", "new": "correct horse battery"}
    path = f"{SESSION}/password"
    statuses = [hall.ask("POST", path, wrong, browser).status for _ in range(6)]
    assert statuses == [403] * 5 + [429]
