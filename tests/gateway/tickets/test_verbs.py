"""`hallgate tickets`, as a shift leader and agents use it on the command line."""

from __future__ import annotations

import csv
import io
import json
import time

import pytest

from gateway.store.store import Store
from gateway.store.tables import ticket_news
from tests.gateway.operators.test_verbs import USER, Place
from tests.gateway.tickets.counter import TicketCounter

ZHANG = "13800138001"


@pytest.fixture
def place(store: Store, capsys: pytest.CaptureFixture[str]) -> Place:
    """With the sample's subscribers, operators and tickets of a week."""
    place = Place(store, capsys)
    place.run("db", "sample")
    return place


def number_of(said: str) -> str:
    return said.split(":")[0].split()[0]


def test_a_week_of_tickets_in_all_states(place: Place) -> None:
    """Made once, however often the sample is loaded."""
    counts = json.loads(place.run("tickets", "count", "--state", "all", "--json"))
    assert set(counts["states"]) == {
        "open", "accepted", "assigned", "appointed", "reopened", "done", "rated", "joined",
    }  # fmt: skip
    place.run("db", "sample")
    assert json.loads(place.run("tickets", "count", "--state", "all", "--json")) == counts
    listed = json.loads(place.run("tickets", "list", "--state", "all", "--json"))
    assert len(listed) == counts["total"]
    late = json.loads(place.run("tickets", "list", "--late", "--json"))
    assert [(one["level"], one["late"]) for one in late] == [(1, True)]


def test_a_ticket_from_the_hotline_to_its_end(place: Place) -> None:
    said = place.run(
        "tickets", "open", "reservation", ZHANG, "周六上午办理过户", "--operator", "80002"
    )
    number = number_of(said)
    assert place.newest() == ("80002", "tickets.open", ZHANG, "")
    place.run("tickets", "accept", number, "--operator", "80002")
    place.run("tickets", "accept", number, "--operator", "80001", status=1)
    assert f"(80002) has ticket {number}" in place.errors
    assert place.audit()[-1].entry.result.startswith("refused: ")
    assert place.audit()[-1].entry.subscriber == ZHANG
    place.run("tickets", "assign", number, "--operator", "80002")
    day = time.strftime("%Y-%m-%d", time.localtime(time.time() + 2 * 24 * 3600))
    appointed = ("tickets", "appoint", number, f"{day}T09:00", f"{day}T11:00")
    place.run(*appointed, "--place", "东单营业厅")
    place.run("tickets", "note", number, "带齐证件")
    assert "done; whoever opened it is told" in place.run("tickets", "done", number, "已办理")
    shown = json.loads(place.run("tickets", "show", number, "--json"))
    assert [one["step"] for one in shown["history"]] == [
        "open", "accept", "assign", "appoint", "note", "done",
    ]  # fmt: skip
    assert (shown["phone"], shown["place"], shown["team"]) == (ZHANG, "东单营业厅", "北京")
    told = place.run("tickets", "show", number)
    assert "带齐证件" in told
    assert f"{day} 09:00 – {day} 11:00" in told


def test_an_operator_may_do_what_the_role_may(place: Place) -> None:
    """Who names nobody is the system's user, and may everything."""
    place.run("operators", "add", "9001", "刘洋", "--role", "auditor")
    number = number_of(place.run("tickets", "open", "complaint", ZHANG, "态度差"))
    place.run("tickets", "done", number, "x", "--operator", "9001", status=1)
    assert "tickets.change" in place.errors
    place.run("tickets", "escalate", number, "x", "--operator", "80002", status=1)
    assert "tickets.escalate" in place.errors
    assert place.run("tickets", "show", number, "--operator", "9001")
    assert "open" in place.run("tickets", "escalate", number, "第三次来电", "--operator", "80001")
    place.run("operators", "add", "9002", "x", "--role", "marketing")
    place.run("tickets", "list", "--operator", "9002", status=1)
    assert "tickets.read" in place.errors


def test_lists_are_filtered_paged_and_counted_as_a_whole(place: Place) -> None:
    rows = list(csv.DictReader(io.StringIO(place.run("tickets", "list", "--csv"))))
    found: list[str] = []
    page: list[str] = []
    while True:
        more = ("--after", page[-1]) if page else ()
        said = place.run("tickets", "list", "--limit", "2", "--json", *more)
        page = [one["number"] for one in json.loads(said)]
        assert f"of {len(rows)} tickets" in place.errors
        if not page:
            break
        found += page
    assert found == [row["number"] for row in rows]
    for words, expected in (
        (("--kind", "hold"), {"hold"}),
        (("--category", "network", "--state", "all"), {"complaint"}),
        (("--region", "Beijing", "--kind", "terminal"), {"terminal"}),
        (("--holder", "80002", "--kind", "reservation"), {"reservation"}),
        (("--state", "joined"), {"complaint"}),
        (("--since", "2030-01-01"), set()),
    ):
        listed = json.loads(place.run("tickets", "list", "--json", *words))
        assert {one["kind"] for one in listed} == expected, words
    place.run("tickets", "list", "--state", "lost", status=1)
    assert "no ticket is 'lost'" in place.errors
    place.run("tickets", "list", "--kind", "gossip", status=1)
    assert "there is no kind 'gossip'" in place.errors


def test_what_is_done_for_a_subscriber_takes_the_password(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """委托受理; never as an argument."""
    words = ("tickets", "open", "entrust", ZHANG, "停机保号")
    place.run(*words, status=1)
    assert "service password" in place.errors
    monkeypatch.setenv("SUBSCRIBER_PASSWORD", "111222")
    for _ in range(3):
        place.run(*words, status=1)
        assert "is wrong" in place.errors
    monkeypatch.setenv("SUBSCRIBER_PASSWORD", "739204")
    place.run(*words, status=1)
    assert "is locked" in place.errors
    assert place.newest() == (USER, "tickets.change", ZHANG, "")
    monkeypatch.setenv("SUBSCRIBER_PASSWORD", "580317")
    assert "open" in place.run("tickets", "open", "entrust", "13800138003", "停机保号")


def test_a_trace_is_masked_and_audited(
    hall: TicketCounter, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was sent before, and what came of it."""
    place = Place(hall.store, capsys)
    hall.office.hears("YE")
    hall.office.hears("MMXG#739204#111111#111111")
    number = hall.complain("TS#密码改不了,我的号码13800138001")
    rows = json.loads(place.run("tickets", "trace", number, "--json"))
    assert [row["action"] for row in rows] == ["q.balance", "pw.change"]
    assert "refused" in rows[1]["result"]
    assert "739204" not in json.dumps(rows)
    assert ZHANG not in json.dumps(rows)
    assert place.newest() == (USER, "tickets.read", ZHANG, "")


def test_kinds_are_those_of_the_file(place: Place) -> None:
    rows = {row["kind"]: row for row in json.loads(place.run("tickets", "kinds", "--json"))}
    assert rows["entrust"]["name"] == "委托受理"
    assert {"reservation", "entrust", "hold", "terminal"} <= set(rows)
    assert (rows["hold"]["due"], rows["callback"]["due"]) == ("2 working hours", "30 min")


def test_nothing_is_told_of_what_was_refused(place: Place) -> None:
    number = number_of(place.run("tickets", "open", "complaint", ZHANG, "态度差"))
    with place.store.transaction() as connection:
        connection.execute(ticket_news.delete())
    place.run("tickets", "appoint", number, "tomorrow", "later", status=1)
    assert "'tomorrow' is no moment" in place.errors
    place.run("tickets", "appoint", number, "2020-01-01T09:00", "2020-01-01T10:00", status=1)
    place.run("tickets", "hand-over", number, status=1)
    assert "no boss.url" in place.errors
    with place.store.reading() as connection:
        assert connection.execute(ticket_news.select()).first() is None


def test_an_answer_that_is_picked_is_filled_in(place: Place) -> None:
    """Only those that fit are offered; what is not filled in is asked for, and nothing is done."""
    listed = json.loads(place.run("tickets", "templates", "--kind", "complaint", "--json"))
    refund = next(one for one in listed if one["template"] == "refund")
    assert refund["blanks"] == ["amount", "days"]
    assert "repaired" not in {one["template"] for one in listed}
    number = number_of(place.run("tickets", "open", "complaint", ZHANG, "多收我5元话费"))
    done = ("tickets", "done", number)
    for words, why in (
        ((), "in words, or by --template"),
        (("好了", "--template", "refund"), "in words, or by --template"),
        (("--template", "refund", "--with", "amount=5"), "fill in days"),
        (("--template", "refund", "--with", "amount=5", "--with", "days= "), "fill in days"),
        (("--template", "repaired"), "has no template 'repaired'; there are: refund"),
        (("--template", "not_reached", "--with", "amount=5"), "no blank amount"),
    ):
        place.run(*done, *words, status=1)
        assert why in place.errors, words
    assert json.loads(place.run("tickets", "show", number, "--json"))["state"] == "open"
    place.run(*done, "--template", "refund", "--with", "amount=5", "--with", "days={amount}")
    shown = json.loads(place.run("tickets", "show", number, "--json"))
    assert shown["result"] == "经核实,已为您退还5元,预计{amount}天内到账。"


def test_an_answer_that_is_picked_is_in_the_subscribers_language(place: Place) -> None:
    with place.store.transaction() as connection:
        place.store.ports(connection).accounts.set_language(ZHANG, "en")
    number = number_of(place.run("tickets", "open", "fault", ZHANG, "no signal"))
    place.run("tickets", "done", number, "--template", "repaired")
    shown = json.loads(place.run("tickets", "show", number, "--json"))
    assert shown["result"].startswith("The fault that you told of is repaired.")
