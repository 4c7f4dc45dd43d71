"""A notice whose gateway is killed again and again, from the drawing of its people to its end:
counted on the wire."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pytest
import pytest_twisted
from sqlalchemy import func, select

from gateway.model.notices.notice import NoticeDraft, NoticeKind, NoticeState
from gateway.notices.campaigns import Campaigns
from gateway.notices.world import read_notice_world
from gateway.store.store import Store
from gateway.store.tables import notice_people, unasked
from simulators.smsc.smsc import Smsc
from tests.gateway.notices.office import person
from tests.stories.deployment import Deployment, link
from tests.stories.gateway_process import GatewayProcess
from tests.stories.operations.test_notices import APPROVER, WRITER
from tests.stories.sms.test_unasked import until

PEOPLE = 450
WINDOW = 16
DRAFT = NoticeDraft("升级", NoticeKind.SERVICE, "系统今晚升级。", control=0)


def rows_of(store: Store, table: object) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_each_of_its_people_is_told_or_known_to_be_in_doubt(
    place: Deployment, smscs: Callable[..., Smsc], start: Callable[..., GatewayProcess]
) -> None:
    """Nobody twice; in doubt is only whose message was on its way at a kill; then it is done."""
    smsc = smscs()
    always = {"hours": "00:00-24:00", "per_second": 100}
    file = place.configure([link(smsc.listen(), window=WINDOW)], unasked=always)
    people = [person(n) for n in range(PEOPLE)]
    numbers = [one.account.msisdn for one in people]
    place.move_in(people)
    world = read_notice_world(place.settings)

    def told() -> int:
        return sum(bool(smsc.phone(number).received) for number in numbers)

    with place.store() as store:

        def state() -> NoticeState:
            with store.reading() as connection:
                now = int(time.time())
                return Campaigns(connection, store.seal, world, WRITER, now).find(number).state

        with store.transaction() as connection:
            now = int(time.time())
            written = Campaigns(connection, store.seal, world, WRITER, now)
            number = written.add(DRAFT).number
            Campaigns(connection, store.seal, world, APPROVER, now).approve(number)
        for killed_when in (
            lambda: rows_of(store, notice_people) > 0,
            lambda: rows_of(store, unasked) > 0,
            partial(lambda count: told() >= count, 50),
            partial(lambda count: told() >= count, 200),
        ):
            gateway = start("run", "--config", file)
            await until(killed_when)
            await gateway.kill()
        gateway = start("run", "--config", file)
        await until(lambda: state() is NoticeState.DONE)
        assert await gateway.stop() == 0
        assert rows_of(store, unasked) == PEOPLE
        with store.reading() as connection:
            done = Campaigns(connection, store.seal, world, WRITER, int(time.time()))
            found = done.results(number)
    messages = [len(smsc.phone(number).received) for number in numbers]
    assert max(messages) == 1
    assert found.sent + found.unknown == PEOPLE
    assert PEOPLE - sum(messages) <= found.unknown <= 4 * (WINDOW // 2)
