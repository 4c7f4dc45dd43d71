"""What CXXD's link opens: once, in its minutes, masked; filtered and downloaded from there."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
import pytest_twisted
from sqlalchemy import update
from twisted.internet.threads import deferToThread

from commands.model.one_time_links import OneTimeLink
from commands.model.request import Secret
from gateway.model.detailed_record import DetailedRecord
from gateway.model.figures import LocalDays
from gateway.store.detailed_records import SqlDetailedRecords
from gateway.store.tables import links
from simulators.boss.http_server import BossServer
from simulators.fault_timing import always
from tariffs.catalogue import SHANGHAI
from tests.gateway.api.console import Answer, Console, console
from tests.stories.conftest import boss

__all__ = ["boss"]

ZHANG, LI = "13800138001", "13800138002"
RECORDS = (
    DetailedRecord("call_out", "13912345678", 60, 61, 30),
    DetailedRecord("sms", "13700137034", 86_400, 1, 10),
    DetailedRecord("data", "", 2 * 86_400, 2_048, 0),
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Console]:
    """A console that has records: of one number, in May 2024."""
    folder = tmp_path_factory.mktemp("records")
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{folder / 'hall.db'}"
        else:
            server = request.getfixturevalue("postgres_server")
            url = stack.enter_context(server.fresh_database())
        running = stack.enter_context(console(url, folder, "service.records=store"))
        begins = LocalDays(running.store.calendar.zone).begins(date(2024, 5, 1))
        with running.store.transaction() as connection:
            moved = [one._replace(began_at=begins + one.began_at) for one in RECORDS]
            SqlDetailedRecords(connection).put(ZHANG, moved)
        yield running


def issued(place: Console, token: str, *, whose: str = ZHANG, seconds: int = 600) -> str:
    """A link's path."""
    now = int(time.time())
    with place.store.transaction() as connection:
        ours = place.store.ports(connection).links
        link = OneTimeLink("detail", whose, 202405)
        ours.issue(Secret(token), link, now + seconds, now)
    return f"/x/{token}"


def cookie(answer: Answer) -> str:
    """As a browser sends it back."""
    (kept,) = SimpleCookie(answer.headers["set-cookie"]).values()
    assert kept["httponly"]
    assert kept["samesite"] == "lax"
    return f"{kept.key}={kept.value}"


def rows(answer: Answer) -> list[list[str]]:
    lines = re.findall("<tr>(.*?)</tr>", answer.body.decode())
    return [re.findall("<td>(.*?)</td>", line) for line in lines if "<td>" in line]


def test_a_link_shows_records_once(place: Console) -> None:
    """With the other number masked; the second look is told to ask anew. Both are in the audit."""
    path = issued(place, "1" * 24)
    first = place.ask("GET", path)
    assert first.status == 200
    assert rows(first) == [
        ["主叫", "139****5678", "2024-05-01 00:01:00", "0:01:01", "0.30"],
        ["短信", "137****7034", "2024-05-02 00:00:00", "1", "0.10"],
        ["流量", "", "2024-05-03 00:00:00", "2.00 MB", "0.00"],
    ]
    assert "13912345678" not in first.body.decode()
    assert ZHANG not in first.body.decode()
    assert "script" not in first.body.decode()
    assert first.headers["cache-control"] == "no-store"
    again = place.ask("GET", path)
    assert again.status == 410
    assert rows(again) == []
    (entry,) = [one.entry for one in place.audit(action="records.opened")][:1]
    assert (entry.subscriber, entry.operator) == (ZHANG, "link")


def test_filters_and_download(place: Console) -> None:
    """With the cookie that the link left, and not without."""
    kept = cookie(place.ask("GET", issued(place, "2" * 24)))
    by_kind = place.ask("GET", "/x/view?kind=sms", Cookie=kept)
    assert [row[0] for row in rows(by_kind)] == ["短信"]
    by_other = place.ask("GET", "/x/view?other=5678", Cookie=kept)
    assert [row[0] for row in rows(by_other)] == ["主叫"]
    by_day = place.ask("GET", "/x/view?from=2024-05-02&to=2024-05-02", Cookie=kept)
    assert [row[0] for row in rows(by_day)] == ["短信"]
    odd = place.ask("GET", "/x/view?kind=x&from=y&other=%22%3E%3Cb%3E", Cookie=kept)
    assert len(rows(odd)) == 3
    assert "<b>" not in odd.body.decode()
    elsewhen = place.ask("GET", "/x/view?from=1999-01-01&to=2099-01-01", Cookie=kept)
    assert len(rows(elsewhen)) == 3  # never more than the link's month
    file = place.ask("GET", "/x/view.csv?kind=call_out", Cookie=kept)
    table = list(csv.reader(io.StringIO(file.body.decode("utf-8-sig"))))
    assert table[1:] == [["主叫", "139****5678", "2024-05-01 00:01:00", "0:01:01", "0.30"]]
    assert place.ask("GET", "/x/view").status == 410
    assert place.ask("GET", "/x/view.csv", Cookie="hallgate_records=" + "1" * 24).status == 410


def test_a_cookie_is_no_link_and_a_link_no_cookie(place: Console) -> None:
    path = issued(place, "3" * 24)
    assert place.ask("GET", "/x/view", Cookie=f"hallgate_records={'3' * 24}").status == 410
    name, _, value = cookie(place.ask("GET", path)).partition("=")
    assert name == "hallgate_records"
    assert place.ask("GET", f"/x/{value}").status == 410


def test_a_link_that_was_not_opened_yet_stays_good(place: Console) -> None:
    """Programs look at links before people do."""
    path = issued(place, "4" * 24)
    place.ask("HEAD", path)
    place.ask("GET", path, sec_purpose="prefetch")
    assert place.ask("GET", path).status == 200


def test_what_is_too_old_or_unknown(place: Console) -> None:
    assert place.ask("GET", issued(place, "5" * 24, seconds=-1)).status == 410
    assert place.ask("GET", f"/x/{'6' * 24}").status == 410
    assert place.ask("GET", "/x/abc").status == 410
    kept = cookie(place.ask("GET", issued(place, "7" * 24)))
    with place.store.transaction() as connection:  # as if its minutes had passed
        connection.execute(update(links).values(until_at=int(time.time())))
    assert place.ask("GET", "/x/view", Cookie=kept).status == 410


def test_a_number_without_records_has_an_empty_page(place: Console) -> None:
    answer = place.ask("GET", issued(place, "8" * 24, whose=LI))
    assert answer.status == 200
    assert "没有符合条件的记录" in answer.body.decode()


@pytest_twisted.ensureDeferred
async def test_records_of_the_boss_are_asked_for_and_not_kept(
    boss: BossServer, tmp_path: Path
) -> None:
    """Where it does not answer, the page says so, and the link is still good; so is the page that
    it was exchanged for."""
    begins = LocalDays(SHANGHAI).begins(date(2024, 5, 1))
    line = {"kind": "sms", "other": "13700137034", "at": begins + 60, "length": 1, "fen": 10}
    before = line | {"at": begins - 1}
    boss.book.records[ZHANG] = [line, before]
    settings = ("service.records=boss", f"boss.url=http://127.0.0.1:{boss.port}",
                "boss.token=t0ken", "boss.retries=0", "boss.failures=1000")  # fmt: skip
    url = f"sqlite:///{tmp_path / 'hall.db'}"
    with console(url, tmp_path, *settings) as hall:
        path = issued(hall, "9" * 24)
        boss.faults.fail = always()
        away = await deferToThread(hall.ask, "GET", path)
        assert away.status == 503
        assert "链接仍然有效" in away.body.decode()
        boss.faults.clear()
        opened = await deferToThread(hall.ask, "GET", path)
        assert rows(opened) == [["短信", "137****7034", "2024-05-01 00:01:00", "1", "0.10"]]
        assert (await deferToThread(hall.ask, "GET", path)).status == 410
        kept = cookie(opened)
        boss.faults.fail = always()
        again = await deferToThread(lambda: hall.ask("GET", "/x/view", Cookie=kept))
        assert again.status == 503
        boss.faults.clear()
        again = await deferToThread(lambda: hall.ask("GET", "/x/view?kind=sms", Cookie=kept))
        assert len(rows(again)) == 1
        with hall.store.reading() as connection:  # the sample has some, of other months
            assert not SqlDetailedRecords(connection).of(ZHANG, begins - 1, begins + 61)


def test_where_there_are_no_records_no_link_opens(hall: Console) -> None:
    """Links that were sent before stay closed."""
    assert hall.ask("GET", issued(hall, "9" * 24)).status == 410
