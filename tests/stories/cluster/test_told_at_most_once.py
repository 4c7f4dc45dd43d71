"""A notice is said to nobody twice, whatever is killed: counted on the wire by an SMSC of nobody we
know. Who may have missed it is counted, and not forgotten."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pytest
import pytest_twisted

from gateway.model.notices.notice import NoticeDraft, NoticeKind, NoticeState
from gateway.notices.campaigns import Campaigns
from gateway.notices.world import NoticeWorld, read_notice_world
from gateway.store.notices.results import NoticeResults
from gateway.store.store import Store
from tests.gateway.notices.office import person
from tests.stories.deployment import Deployment, link
from tests.stories.foreign_smsc import ForeignSmsc
from tests.stories.gateway_process import GatewayProcess
from tests.stories.operations.test_notices import APPROVER, WRITER
from tests.stories.sms.test_unasked import until
from tests.stories.standing_still import stand_still

pytestmark = pytest.mark.slow
PEOPLE, WINDOW, LAG = 400, 16, 0.05
DRAFT = NoticeDraft("升级", NoticeKind.SERVICE, "系统今晚升级。")
ALWAYS = {"hours": "00:00-24:00", "per_second": 100}


@pytest.fixture
def foreign() -> Iterator[ForeignSmsc]:
    smsc = ForeignSmsc(LAG)
    yield smsc
    smsc.close()


@dataclass
class Notice:
    store: Store
    world: NoticeWorld
    number: int = 0

    def begin(self) -> None:
        now = int(time.time())
        with self.store.transaction() as connection:
            written = Campaigns(connection, self.store.seal, self.world, WRITER, now)
            self.number = written.add(DRAFT).number
            Campaigns(connection, self.store.seal, self.world, APPROVER, now).approve(self.number)

    def _all(self, connection: object) -> Campaigns:
        return Campaigns(connection, self.store.seal, self.world, WRITER, int(time.time()))  # type: ignore[arg-type]

    def is_done(self) -> bool:
        with self.store.reading() as connection:
            return self._all(connection).find(self.number).state is NoticeState.DONE

    def results(self) -> NoticeResults:
        with self.store.reading() as connection:
            return self._all(connection).results(self.number)


@pytest.fixture
def notice(shared: Deployment) -> Iterator[Notice]:
    shared.move_in([person(n) for n in range(PEOPLE)])
    with shared.store() as store:
        yield Notice(store, read_notice_world(shared.settings))


@pytest_twisted.ensureDeferred
async def test_neither_kills_nor_lost_binds_tell_anybody_twice(
    shared: Deployment,
    notice: Notice,
    foreign: ForeignSmsc,
    start: Callable[..., GatewayProcess],
) -> None:
    """Four kills, three lost binds, in turn. Whose answer was lost and whose receipt comes later
    has it; only the others stay unknown, and those are whom the SMSC never heard of."""
    file = shared.configure([link(foreign.port, window=WINDOW)], unasked=ALWAYS)
    everybody = notice_people(notice)
    notice.begin()
    gateway = start("run", "--config", file)
    for cut in range(7):
        await until(partial(_has_taken, foreign, 40 * (cut + 1)))
        if cut % 2:
            foreign.hang_up()
        else:
            await gateway.kill()
            gateway = start("run", "--config", file)
    await until(notice.is_done)
    await until(lambda: notice.results().delivered == len(foreign.numbers()))
    assert await gateway.stop() == 0
    told, found = foreign.numbers(), notice.results()
    assert max(told.values()) == 1
    assert found.drawn == everybody
    assert (found.sent, found.failed, found.dropped, found.waiting) == (len(told), 0, 0, 0)
    assert found.unknown == everybody - len(told) <= 7 * WINDOW // 2


async def _serving(gateway: GatewayProcess) -> GatewayProcess:
    """Also beside much else: it starts, and is told of a takeover, when it is."""
    gateway.log.patience = 120.0
    await gateway.serving()
    return gateway


def _has_taken(foreign: ForeignSmsc, count: int) -> bool:
    return len(foreign.taken) >= count


def notice_people(notice: Notice) -> int:
    """How many it concerns: the furnished house has people as well."""
    with notice.store.transaction() as connection:
        all = notice._all(connection)
        number = all.add(DRAFT).number
        return all.preview(number).drawn.told


@pytest_twisted.ensureDeferred
async def test_what_one_has_marked_the_other_does_not_say(
    shared: Deployment,
    notice: Notice,
    foreign: ForeignSmsc,
    start: Callable[..., GatewayProcess],
) -> None:
    """One is killed, and one stands still until the other has taken over; then it goes on."""
    file = shared.configure([link(foreign.port, window=WINDOW)], unasked=ALWAYS)
    everybody = notice_people(notice)
    first = await _serving(start("run", "--config", file))
    second = await _serving(start("run", "--config", file))
    notice.begin()
    await until(lambda: len(foreign.taken) >= 60)
    await first.kill()
    third = await _serving(start("run", "--config", file))
    await until(lambda: len(foreign.taken) >= 120)
    await stand_still(second)
    await third.log.told("taken over")
    await until(notice.is_done)
    # whose answers were lost with the first, the others have heard of before anybody took over
    await until(lambda: notice.results().delivered == len(foreign.numbers()))
    second.signal(signal.SIGCONT)
    await second.log.told("membership lost")
    for gateway in (second, third):
        assert await gateway.stop() == 0
    told, found = foreign.numbers(), notice.results()
    assert max(told.values()) == 1
    assert found.drawn == everybody
    assert (found.sent, found.failed, found.waiting) == (len(told), 0, 0)
    assert found.unknown == everybody - len(told) <= 3 * WINDOW // 2
