"""Editions by the API: drafted, checked at the line, compared, proposed by one and approved by
another, taken back; and roles that an edition brings hold for the console at once."""

from __future__ import annotations

import time

import pytest

from gateway.config.editions.conf_files import conf_files
from gateway.editions.publishing import Publisher
from gateway.store.editions.editions import SqlEditions
from tests.commands.fakes import OWN_CONF
from tests.gateway.api.console import Answer, Browser, Console

EDITIONS = "/api/v1/editions"
SERVICES, HALL, TARIFF = "menus/services.yaml", "menus/hall.yaml", "tariffs/services.yaml"


@pytest.fixture
def business(logged_in: dict[str, Browser]) -> Browser:
    return logged_in["business"]


def post(hall: Console, path: str, by: Browser, **body: object) -> Answer:
    return hall.ask("POST", f"{EDITIONS}{path}", body, by)


def other(name: str, old: str, new: str) -> dict[str, str]:
    """One file of the shipped conf/, with something else in it."""
    text = conf_files(OWN_CONF)[name]
    assert old in text
    return {name: text.replace(old, new)}


def noted(note: str) -> dict[str, str]:
    """Another edition, in which nothing is otherwise."""
    return other("holidays.yaml", "holidays:", f"# {note}\nholidays:")


def colleague(hall: Console) -> Browser:
    """Somebody else with the same rights."""
    if "colleague" not in hall.people:
        hall.hire("colleague", "business")
    return hall.log_in("colleague")


def test_a_draft_is_checked_at_the_line(hall: Console, business: Browser) -> None:
    """Nothing of it is kept."""
    wrong = other(HALL, "to: more", "to: mroe")
    told = post(hall, "/check", business, files=wrong).json
    assert told["version"] == ""
    (finding,) = [one for one in told["findings"] if "mroe" in one["what"]]
    lines = wrong[HALL].splitlines()
    assert finding["file"] == HALL
    assert "to: mroe" in lines[finding["line"] - 1]
    refused = post(hall, "", business, files=wrong)
    assert (refused.status, "mroe" in refused.problem) == (409, True)
    sound = post(hall, "/check", business, files={}).json
    assert (len(sound["version"]), sound["findings"]) == (12, [])


def test_what_is_doubtful_is_noted_and_may_be_published(hall: Console, business: Browser) -> None:
    """With its line, as `hallgate check` does."""
    old = "cancel_code: QXLL50\n"
    same = other(TARIFF, old, f"{old}    changes: [{{from: 2027-01-01, fee: 50}}]\n")
    told = post(hall, "/check", business, files=same).json
    assert (len(told["version"]), told["findings"]) == (12, [])
    (note,) = [one for one in told["notes"] if one["file"] == TARIFF]
    assert "fee: 50}" in same[TARIFF].splitlines()[note["line"] - 1]
    assert (note["what"], note["fix"]) == (
        "LL50: what it changes is so without it", "Correct it, or take it out",
    )  # fmt: skip
    assert "内容也是一样" in note["what_zh"]


def test_a_file_leads_nowhere_else(hall: Console, business: Browser) -> None:
    for name in ("../secret.yaml", "/etc/passwd", "menus/../../x.yaml", "sample/x.yaml"):
        told = post(hall, "/check", business, files={name: "a: 1"}).json
        assert told["findings"][0]["what"] == "is no name of a file in conf/"


def test_one_drafts_another_approves(hall: Console, business: Browser) -> None:
    """What it changes is seen before; it is in force when the colleague has said so."""
    files = other(HALL, "zh: 移动营业厅", "zh: 新营业厅")
    changes = post(hall, "/difference", business, files=files).json["changes"]
    assert any(one["subject"] == "menus" and "新营业厅" in one["now"] for one in changes)
    seen = post(hall, "/preview", business, files=files, names=["hall"], channel="ussd").json
    assert any("新营业厅" in line for line in seen["lines"])
    kept = post(hall, "", business, files=files, reason="a new name")
    assert kept.status == 201
    version = kept.json["version"]
    proposal = post(hall, f"/{version}/publish", business).json["proposal"]
    own = f"/proposals/{proposal['number']}/approve"
    refused = post(hall, own, business)
    assert (refused.status, "ask a colleague" in refused.problem) == (403, True)
    assert hall.ask("GET", EDITIONS, by=business).json["in_force"] != version
    done = post(hall, own, colleague(hall), reason="looks good").json["decision"]
    assert (done["version"], done["author"]) == (version, "business, approved by colleague")
    assert hall.ask("GET", EDITIONS, by=business).json["in_force"] == version
    newest = hall.audit()[0].entry
    assert (newest.operator, newest.action) == ("colleague", "editions.approve")


def test_it_is_tried_out_and_taken_back(hall: Console, business: Browser) -> None:
    files = other(HALL, "zh: 移动营业厅", "zh: 五号厅")
    version = post(hall, "", business, files=files).json["version"]
    asked = post(hall, f"/{version}/canary", business, percent=5, numbers=["13800138001"]).json[
        "proposal"
    ]
    assert (asked["percent"], asked["numbers"]) == (5, 1)
    post(hall, f"/proposals/{asked['number']}/approve", colleague(hall))
    told = post(hall, "/of", business, number="13800138001").json
    assert told == {"version": version, "why": "it is one of the numbers that were chosen"}
    assert hall.ask("GET", EDITIONS, by=business).json["canary"] == version
    back = post(hall, "/rollback", business, reason="too soon").json["decision"]
    assert back["what"] == "canary ended"
    assert hall.ask("GET", EDITIONS, by=business).json["canary"] == ""


def test_all_files_of_a_version_are_told(hall: Console, business: Browser) -> None:
    version = post(hall, "", business, files=noted("told")).json["version"]
    found = hall.ask("GET", f"{EDITIONS}/{version}", by=business).json
    assert set(found["files"]) == set(conf_files(OWN_CONF))
    assert found["files"]["holidays.yaml"] == noted("told")["holidays.yaml"]
    assert found["files"]["roles.yaml"] == conf_files(OWN_CONF)["roles.yaml"]
    assert hall.ask("GET", f"{EDITIONS}/000000000000", by=business).status == 404


def test_who_may_only_look_changes_nothing(hall: Console, logged_in: dict[str, Browser]) -> None:
    looking = logged_in["marketing"]
    assert hall.ask("GET", EDITIONS, by=looking).status == 200
    assert post(hall, "", looking, files=noted("no")).status == 403
    assert post(hall, "/rollback", looking).status == 403
    assert hall.ask("GET", EDITIONS, by=logged_in["agent"]).status == 403


def test_roles_that_are_published_hold_within_seconds(
    hall: Console, logged_in: dict[str, Browser]
) -> None:
    """Without a signal; and without who may change operators nobody publishes them."""
    admin, agent = logged_in["admin"], logged_in["agent"]
    own = conf_files(OWN_CONF)["roles.yaml"]
    admins = own.index("  admin:")
    roles = own[:admins] + own[admins:].replace("editions: [read]", "editions: [read, change]")
    assert roles != own
    assert post(hall, "", admin, files=noted("roles")).status == 403
    with hall.store.transaction() as connection:
        publisher = Publisher(SqlEditions(connection), "li", int(time.time()))
        publisher.publish(conf_files(OWN_CONF) | {"roles.yaml": roles})
    until = time.monotonic() + 20
    while post(hall, "", admin, files=noted("roles")).status == 403 and time.monotonic() < until:
        time.sleep(0.2)
    assert post(hall, "", admin, files=noted("roles")).status == 201
    assert hall.ask("GET", EDITIONS, by=agent).status == 403
