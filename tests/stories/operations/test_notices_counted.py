"""What is said unasked, counted by an SMSC that is neither ours nor simulated by us."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
import pytest_twisted

from gateway.model.notices.notice import NoticeDraft, NoticeKind, NoticeState
from gateway.notices.campaigns import Campaigns
from gateway.notices.world import read_notice_world
from gateway.store.notices.results import NoticeResults
from tests.gateway.notices.office import person
from tests.stories.deployment import Deployment, link
from tests.stories.foreign_smsc import ForeignSmsc
from tests.stories.gateway_process import GatewayProcess
from tests.stories.operations.test_notices import APPROVER, WRITER
from tests.stories.sms.test_unasked import until

PEOPLE, WINDOW, PER_SECOND = 400, 16, 50


@pytest.fixture
def foreign() -> Iterator[ForeignSmsc]:
    smsc = ForeignSmsc()
    yield smsc
    smsc.close()


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_a_kill_tells_nobody_twice_and_a_stop_ends_it(
    place: Deployment, foreign: ForeignSmsc, start: Callable[..., GatewayProcess]
) -> None:
    """After a stop, a second's worth at most; and the figures add up."""
    always = {"hours": "00:00-24:00", "per_second": PER_SECOND}
    file = place.configure([link(foreign.port, window=WINDOW)], unasked=always)
    people = [person(n) for n in range(PEOPLE)]
    place.move_in(people)
    world = read_notice_world(place.settings)
    with place.store() as store, store.transaction() as connection:
        now = int(time.time())
        writer = Campaigns(connection, store.seal, world, WRITER, now)
        number = writer.add(NoticeDraft("升级", NoticeKind.SERVICE, "系统今晚升级。")).number
        Campaigns(connection, store.seal, world, APPROVER, now).approve(number)
    gateway = start("run", "--config", file)
    await until(lambda: len(foreign.taken) >= 40)
    await gateway.kill()
    gateway = start("run", "--config", file)
    await until(lambda: len(foreign.numbers()) >= 80)
    with place.store() as store:

        def results() -> NoticeResults:
            with store.transaction() as connection:
                done = Campaigns(connection, store.seal, world, WRITER, int(time.time()))
                return done.results(number)

        with store.transaction() as connection:
            done = Campaigns(connection, store.seal, world, WRITER, int(time.time()))
            assert done.stop(number).state is NoticeState.STOPPED
        at_the_stop = len(foreign.taken)
        await until(lambda: results().waiting == 0)
        assert await gateway.stop() == 0
        found = results()
    assert len(foreign.taken) - at_the_stop <= PER_SECOND + WINDOW
    assert max(foreign.numbers().values()) == 1
    assert found.told.people == found.sent
    assert found.sent <= len(foreign.numbers()) <= found.sent + found.unknown
    assert found.unknown <= WINDOW // 2
    assert found.dropped > 0
    assert found.drawn >= PEOPLE
