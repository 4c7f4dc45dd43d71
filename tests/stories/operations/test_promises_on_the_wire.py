"""KTYETX, SFTX and CXXD as a subscriber has them: a gateway and a console as processes, an SMSC of
nobody we know, a browser."""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import pytest_twisted
from sqlalchemy import func, select, update
from twisted.internet.threads import deferToThread

from gateway.model.detailed_record import DetailedRecord
from gateway.model.figures import LocalDays
from gateway.store.detailed_records import SqlDetailedRecords
from gateway.store.store import Store
from gateway.store.tables import links, reminder_marks, subscribers
from tests.gateway.api.console import Console
from tests.gateway.console.visitors import Desk, desk
from tests.octets import octets
from tests.stories.deployment import Deployment, link
from tests.stories.foreign_smsc import ForeignSmsc
from tests.stories.gateway_process import GatewayProcess
from tests.stories.operations.test_reminders import at_any_hour
from tests.stories.sms.test_secrets import forms
from tests.stories.sms.test_unasked import until

pytestmark = [pytest.mark.slow, pytest.mark.service]
RED, ZHANG = "13800138006", "13800138001"
PASSWORDS = {RED: "471925", ZHANG: "739204"}
BASE = "https://10086.example"
SECTIONS: dict[str, dict[str, Any]] = {
    "reminders": {"every": 0.2},
    "unasked": {"hours": "00:00-24:00"},
    "service": {"records": "store"},
    "console": {"listen": "127.0.0.1:0"},
}


class RawPhone(NamedTuple):
    smsc: ForeignSmsc
    number: str

    async def asks(self, text: str) -> str:
        """And what it shows next."""
        before = len(self.smsc.shown(self.number))
        self.smsc.brings(self.number, text)
        return await self.reads(before)

    async def reads(self, before: int) -> str:
        await until(lambda: len(self.smsc.shown(self.number)) > before)
        return self.smsc.shown(self.number)[before]

    async def shows(self, words: str) -> None:
        await until(lambda: self.times(words) > 0)

    def times(self, words: str) -> int:
        """How often it has shown that."""
        return sum(words in text for text in self.smsc.shown(self.number))


@pytest.fixture
def foreign() -> Iterator[ForeignSmsc]:
    smsc = ForeignSmsc()
    yield smsc
    smsc.close()


def falls(store: Store, number: str, fen: int) -> None:
    with store.transaction() as connection:
        mine = update(subscribers).where(subscribers.c.msisdn == int(number))
        connection.execute(mine.values(balance_fen=fen))


def looked_at(store: Store) -> bool:
    with store.reading() as connection:
        now = reminder_marks.c.due_at == 0
        return not connection.execute(select(func.count()).where(now)).scalar_one()


@pytest_twisted.ensureDeferred
async def test_a_reminder_that_was_asked_for_comes_once(
    place: Deployment, foreign: ForeignSmsc, start: Callable[..., GatewayProcess]
) -> None:
    """When the balance falls below the amount, and when something is charged; and no more while
    it goes on falling."""
    at_any_hour(place)
    gateway = start("run", "--config", place.configure([link(foreign.port)], **SECTIONS))
    gateway.log.patience = 120.0
    await gateway.serving()
    zhang, red = RawPhone(foreign, ZHANG), RawPhone(foreign, RED)
    assert "50元" in await zhang.asks("KTYETX#50")
    assert "【办理成功】" in await zhang.asks("Y")
    assert "扣费提醒" in await red.asks("SFTX")
    for phone, told in (
        (zhang, "46.80元,已低于您设定的50元"),
        (red, "扣费10.00元(10元流量包),当前余额850.00元"),
    ):
        assert "10元流量包" in await phone.asks("KTLL10")
        assert "成功" in await phone.asks("是")
        await phone.shows(told)
    with place.store() as store:
        for fen in (4_000, 3_000):
            falls(store, ZHANG, fen)
            await until(lambda: looked_at(store))
    assert "30.00元" in await zhang.asks("YE")
    assert zhang.times("已低于您设定的50元") == 1
    assert red.times("扣费10.00元") == 1
    assert await gateway.stop() == 0


@pytest_twisted.ensureDeferred
async def test_the_link_of_cxxd_opens_once_in_a_browser(
    place: Deployment,
    foreign: ForeignSmsc,
    start: Callable[..., GatewayProcess],
    tmp_path: Path,
) -> None:
    """With the records, filtered and downloaded from there; not a second time, and not after its
    minutes."""
    file = place.configure([link(foreign.port)], **SECTIONS)
    gateway, console = start("run", "--config", file), start("console", "--config", file)
    gateway.log.patience = 120.0
    await gateway.serving()
    await until(lambda: b"API: http://" in console.said)
    port = int(console.said.split(b"/api/")[0].rpartition(b":")[2])
    with place.store() as store:
        month = _put_records(store)
        first = await _link(RawPhone(foreign, ZHANG), month)
        await deferToThread(_looked_at_it, port, first, tmp_path)
        late = await _link(RawPhone(foreign, RED), month)  # one code a minute for each
        with store.transaction() as connection:
            connection.execute(update(links).values(until_at=int(time.time()) - 1))
        assert first != late
        await deferToThread(_opens_no_more, port, late)
    shown = [text for number in PASSWORDS for text in foreign.shown(number)]
    told = re.findall(r"随机码([0-9]{6})", " ".join(shown))
    secrets = [*told, first.rpartition("/")[2], late.rpartition("/")[2]]
    assert len(secrets) == 4
    there = octets(place.folder)
    assert [word for word in secrets for form in forms(word) if form in there] == []
    for process in (gateway, console):
        words = logged_by(process)
        assert [word for word in secrets if word in words] == []
    assert await gateway.stop() == 0


def logged_by(process: GatewayProcess) -> str:
    """In words; an id may look like a code."""
    facts = [v for event in process.log.all for v in event.values()]
    words = [str(fact) for fact in facts if not isinstance(fact, int | float)]
    return "\n".join([*words, *process.log.strange])


def _put_records(store: Store) -> str:
    """Of last month, which it returns: it is whole."""
    today = store.calendar.at(int(time.time())).date()
    first = date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)
    begins = LocalDays(store.calendar.zone).begins(first)
    records = [
        DetailedRecord("call_out", "13912345678", begins + 60, 61, 30),
        DetailedRecord("sms", "13700137034", begins + 86_400, 1, 10),
    ]
    with store.transaction() as connection:
        for number in PASSWORDS:
            SqlDetailedRecords(connection).put(number, records)
    return f"{first:%Y%m}"


async def _link(phone: RawPhone, month: str) -> str:
    """As it came by SMS, without where it leads."""
    before = len(phone.smsc.shown(phone.number))
    assert "随机码" in await phone.asks(f"CXXD#{month}#{PASSWORDS[phone.number]}")
    code = re.search(r"随机码([0-9]{6})", await phone.reads(before + 1))
    assert code
    assert "回复Y确认" in await phone.asks(code[1])
    found = re.search(rf"{BASE}(/x/[0-9]{{24}}) ", await phone.asks("Y"))
    assert found
    return found[1]


def _browser(port: int) -> Any:
    return desk(Console(port, None, Path(), None))  # type: ignore[arg-type]  # only its port


def _looked_at_it(port: int, path: str, folder: Path) -> None:
    with _browser(port) as screen:
        screen.go(path)
        assert _kinds(screen) == ["主叫", "短信"]
        assert "139****5678" in screen.driver.page_source
        assert "13912345678" not in screen.driver.page_source
        screen.one("select[name=kind] option[value=sms]").click()
        screen.one("form button").click()
        screen.until("tbody, table")
        assert _kinds(screen) == ["短信"]
        where = {"behavior": "allow", "downloadPath": str(folder)}
        screen.driver.execute_cdp_cmd("Browser.setDownloadBehavior", where)
        screen.one("a[href*='view.csv']").click()
        rows = list(csv.reader(_downloaded(folder).read_text("utf-8-sig").splitlines()))
        assert [row[:2] for row in rows[1:]] == [["短信", "137****7034"]]
    _opens_no_more(port, path)


def _kinds(screen: Desk) -> list[str]:
    return [cell.text for cell in screen.all("tr td:first-child")]


def _downloaded(folder: Path) -> Path:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        if found := list(folder.glob("records-*.csv")):
            return found[0]
        time.sleep(0.05)
    raise AssertionError("nothing was downloaded")


def _opens_no_more(port: int, path: str) -> None:
    with _browser(port) as screen:
        screen.go(path)
        assert _kinds(screen) == []
        assert "CXXD" in screen.driver.page_source
