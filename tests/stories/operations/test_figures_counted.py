"""Reports against the log of an SMSC of nobody we know: what people wrote, what they were answered,
notices, reminders and receipts, while the gateway is killed and links are lost."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
import pytest_twisted
from sqlalchemy import func, select, update
from twisted.internet.threads import deferToThread

from commands.model.accounts import NumberState
from gateway.notices.world import read_notice_world
from gateway.store.messages import ACCEPTED, FAILED, UNKNOWN
from gateway.store.store import Store
from gateway.store.tables import outbox, reminder_marks, subscribers, unasked
from gateway.store.unasked import WAITING
from tests.gateway.notices.office import person
from tests.stories.cluster.test_told_at_most_once import DRAFT, Notice
from tests.stories.deployment import Deployment, link
from tests.stories.foreign_smsc import ForeignSmsc
from tests.stories.gateway_process import GatewayProcess
from tests.stories.operations.test_figures import DayReport
from tests.stories.operations.test_reminders import at_any_hour
from tests.stories.sms.test_unasked import until

pytestmark = pytest.mark.slow
PROGRAM = Path(sys.executable).with_name("hallgate")
PEOPLE, STOPPED, POOR, WINDOW = 120, 30, 25, 16
AT_ONCE = 45  # messages that are brought between two breaks
LOW = "【余额提醒】"
SECTIONS: dict[str, dict[str, Any]] = {
    "unasked": {"hours": "00:00-24:00", "per_second": 100},
    "reminders": {"every": 0.2},
}


@pytest.fixture
def foreign() -> Iterator[ForeignSmsc]:
    smsc = ForeignSmsc(0.03)
    yield smsc
    smsc.close()


def reported(house: Deployment, span: str) -> DayReport:
    words = [str(PROGRAM), "report", span, "--json", "--config", str(house.file)]
    made = subprocess.run(words, capture_output=True, check=True)
    return DayReport(json.loads(made.stdout))


def acts(chance: Random) -> list[tuple[str, str, str]]:
    """By whom, what is written, and how it ends; nobody the same twice, so that each answer can be
    told from every other."""
    found = []
    for n in range(PEOPLE):
        number = str(13_800_138_100 + n)
        if n < STOPPED:
            found.append((number, "KTLL30", "refused"))
        if n % 3:
            found.append((number, "YE", "ok"))
        if n % 2:
            found.append((number, "咕噜咕噜呱呱", "unknown"))
    chance.shuffle(found)
    return found


@pytest_twisted.ensureDeferred
async def test_a_report_says_what_the_smsc_has_seen(
    place: Deployment, foreign: ForeignSmsc, start: Callable[..., GatewayProcess]
) -> None:
    """Each message counts once, however often it was brought and answered; the month says the
    same as its day."""
    at_any_hour(place)
    file = place.configure([link(foreign.port, window=WINDOW)], **SECTIONS)
    people = [
        person(100 + n, state=NumberState.ARREARS if n < STOPPED else NumberState.NORMAL)
        for n in range(PEOPLE)
    ]
    place.move_in(people)
    with place.store() as store:
        notice = Notice(store, read_notice_world(place.settings))
        written = acts(Random(11))
        await _lived(store, notice, foreign, start, file, written)
        found = notice.results()
    told, month = [await deferToThread(reported, place, span) for span in ("day", "month")]
    _agree(told, foreign, written, drawn=found.drawn)
    assert month.row("总览") == told.row("总览")


async def _lived(
    store: Store,
    notice: Notice,
    foreign: ForeignSmsc,
    start: Callable[..., GatewayProcess],
    file: Path,
    written: list[tuple[str, str, str]],
) -> None:
    """Two kills and a lost bind; then all that was begun comes to its end."""
    gateway = start("run", "--config", file)
    gateway.log.patience = 120.0  # it may start beside much else
    await gateway.serving()
    notice.begin()
    _impoverish(store)
    rest, breaks = list(written), [60, 130, 220]
    while rest or breaks:
        for number, text, _ in rest[:AT_ONCE]:
            foreign.brings(number, text)
        del rest[:AT_ONCE]
        if breaks:
            await until(partial(_has_taken, foreign, breaks.pop(0)))
            if len(breaks) == 1:
                foreign.hang_up()
            else:
                await gateway.kill()
                gateway = start("run", "--config", file)
    await until(lambda: not foreign.owes())
    await until(notice.is_done)
    await until(lambda: not _waits(store) and not foreign.owes())
    assert await gateway.stop() == 0


def _has_taken(foreign: ForeignSmsc, count: int) -> bool:
    return len(foreign.log) >= count


def _impoverish(store: Store) -> None:
    """So that they are reminded of it."""
    poor = [13_800_138_100 + PEOPLE - 1 - n for n in range(POOR)]
    with store.transaction() as connection:
        mine = update(subscribers).where(subscribers.c.msisdn.in_(poor))
        connection.execute(mine.values(balance_fen=300))


def _waits(store: Store) -> bool:
    """Whether anything is to be looked at, said, or on its way."""
    ended = (ACCEPTED, FAILED, UNKNOWN)
    queries = (
        select(func.count()).where(outbox.c.state.not_in(ended)),
        select(func.count()).where(unasked.c.state == WAITING),
        select(func.count()).where(reminder_marks.c.due_at == 0),
    )
    with store.reading() as connection:
        return any(connection.execute(each).scalar_one() for each in queries)


def _agree(
    told: DayReport, foreign: ForeignSmsc, written: list[tuple[str, str, str]], *, drawn: int
) -> None:
    brought = Counter(ended for _, _, ended in written)
    seen = {(one.number, one.text) for one in foreign.log if one.part == 1}  # again is the same
    notices = {number for number, text in seen if text.startswith(DRAFT.zh)}
    reminders = {number for number, text in seen if text.startswith(LOW)}
    answers = [one for one in seen if one[0] not in notices or not one[1].startswith(DRAFT.zh)]
    sms, all = told.row("分渠道", "短信"), told.row("总览")
    assert sms["请求数"] == len(written) == len(answers) - len(reminders)
    assert (sms["完成数"], sms["拒绝数"], sms["未理解数"], sms["故障数"]) == (
        brought["ok"], brought["refused"], brought["unknown"], 0,
    )  # fmt: skip
    assert all["消息数"] >= len(written)
    assert (all["通知发出数"], all["通知送达数"]) == (len(notices), len(notices))
    assert all["通知发出数"] + all["通知存疑数"] == drawn
    assert all["送达率"] == 100.0
    reminded = told.row("通知与提醒", "提醒")
    assert reminded["发出数"] == all["提醒发出数"]
    assert len(reminders) >= all["提醒发出数"] > 0
    assert len(reminders) <= all["提醒发出数"] + reminded["存疑数"] == POOR
    assert all["下行数"] == len(written) + drawn + POOR
