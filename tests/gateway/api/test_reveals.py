"""What is shown in full: to some each day, and to nobody whose right to it is gone."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway.model.operators.audit import Actor
from gateway.store.operators.audit import IN_FULL, SqlAudit
from tests.gateway.api.console import ROLES, Browser, Console

LOOKUPS = "/api/v1/subscribers/lookups"
ZHANG, REASON = "13800138001", "asks for the bill"
MOST = ROLES["agent"].reveals


def has_seen(hall: Console, who: str, count: int, at: float) -> None:
    """So many subscribers, none of whom is one of the samples."""
    did = Actor(who, "192.0.2.7").did
    numbers = [str(13_700_000_000 + n) for n in range(count)]
    entries = [did(IN_FULL, at, subscriber=number, reason=REASON) for number in numbers]
    with hall.store.transaction() as connection:
        SqlAudit(connection, hall.store.seal).append(*entries)


def asks(hall: Console, who: Browser, number: str = ZHANG, reason: str = REASON) -> int:
    return hall.ask("POST", LOOKUPS, {"number": number, "reason": reason}, who).status


def test_an_agent_sees_so_many_in_full_in_a_day(hall: Console) -> None:
    """Each counts once; masked they are shown all the same, and tomorrow is another day."""
    hall.hire("curious", "agent")
    curious = hall.log_in("curious")
    has_seen(hall, "curious", MOST, time.time() - 25 * 3600)
    has_seen(hall, "curious", MOST - 1, time.time())
    assert [asks(hall, curious) for _ in range(2)] == [201, 201]
    refused = hall.ask("POST", LOOKUPS, {"number": "13800138002", "reason": REASON}, curious)
    assert (refused.status, f"{MOST} subscribers" in refused.problem) == (429, True)
    assert 0 < int(refused.headers["retry-after"]) <= 24 * 3600
    assert hall.audit()[0].entry.result.startswith("refused")
    masked = hall.ask("POST", LOOKUPS, {"number": "13800138002"}, curious)
    assert masked.status == 201
    again = hall.ask("POST", f"{LOOKUPS}/{masked.json['id']}/reveal", {"reason": REASON}, curious)
    assert again.status == 429
    one = {"number": "13800138003", "kind": "arrears", "reason": REASON}
    assert hall.ask("POST", "/api/v1/reminders/try", one, curious).status in (403, 429)
    assert asks(hall, curious) == 201


def test_many_at_once_are_no_way_around_that(hall: Console) -> None:
    hall.hire("hasty", "agent")
    hasty = hall.log_in("hasty")
    has_seen(hall, "hasty", MOST - 1, time.time())
    numbers = [f"1380013800{n}" for n in range(1, 7)]
    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda number: asks(hall, hasty, number), numbers))
    assert sorted(statuses) == [201] + [429] * 5


@pytest.mark.parametrize("path", ["/api/v1/trace?lookup={id}", f"{LOOKUPS}/{{id}}/timeline"])
def test_nothing_is_open_to_whose_right_is_gone(hall: Console, admin: Browser, path: str) -> None:
    """The look is not over yet; who looks is somebody else now."""
    hall.hire(name := f"moved{len(path)}", "agent")
    moved = hall.log_in(name)
    form = {"number": ZHANG, "reason": REASON}
    id = hall.ask("POST", LOOKUPS, form, moved).json["id"]
    business = {"role": "business"}
    assert hall.ask("POST", f"/api/v1/operators/{name}/role", business, admin).status == 200
    assert hall.ask("GET", path.format(id=id), by=moved).status == 200
    assert hall.audit()[0].entry.action == "subscribers.read"


def test_two_who_lock_each_other_leave_one(hall: Console, admin: Browser) -> None:
    """Who may still unlock the other."""
    hall.hire("second", "admin")
    second, locks = hall.log_in("second"), "/api/v1/operators/{}/lock"
    with ThreadPoolExecutor(2) as pool:
        asked = [
            pool.submit(hall.ask, "POST", locks.format(whom), {}, by)
            for whom, by in (("second", admin), ("admin", second))
        ]
        statuses = [one.result().status for one in asked]
    try:
        assert statuses.count(200) == 1
    finally:
        for whom, by in (("second", admin), ("admin", second)):
            hall.ask("POST", f"/api/v1/operators/{whom}/unlock", {}, by)
