"""`hallgate run --processes N`: several gateways of one machine, kept up by one command."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from select import select as select_ready

import orjson
import pytest
import pytest_twisted
from sqlalchemy import select
from twisted.internet.threads import deferToThread

from gateway.store.tables import members
from simulators.fault_timing import always
from simulators.smsc.smsc import Smsc
from tests.server import free_port
from tests.stories.cluster.gateways import Gateways
from tests.stories.deployment import Deployment, link
from tests.stories.gateway_process import GatewayProcess

pytestmark = pytest.mark.slow
HTTP = {"listen": "127.0.0.1:0"}
ENDS = 60.0  # seconds: more than a gateway takes to drain, on a machine that does much else


class Supervised:
    """Gateways under a supervisor."""

    def __init__(self, process: GatewayProcess, port: int) -> None:
        self.process = process
        self._port = port

    async def page(self, path: str) -> tuple[int, bytes]:
        def read() -> tuple[int, bytes]:
            with closing(HTTPConnection("127.0.0.1", self._port, timeout=20)) as connection:
                connection.request("GET", path)
                answer = connection.getresponse()
                return answer.status, answer.read()

        return await deferToThread(read)

    def pid(self, number: int) -> int:
        """Of the process that has that number now."""
        started = [
            event
            for event in self.process.log.named("process started")
            if event["process"] == number
        ]
        return int(started[-1]["pid"])


@pytest.fixture
def supervised(
    place: Deployment, start: Callable[..., GatewayProcess]
) -> Callable[..., GatewayProcess]:
    return lambda: start("run", "--processes", "2", "--config", place.file)


@pytest.fixture
def hall(
    place: Deployment, smscs: Callable[..., Smsc], start: Callable[..., GatewayProcess]
) -> Gateways:
    """Whoever asks, by an SMSC that every process is bound to."""
    smsc = smscs(window=20)
    place.configure([link(smsc.listen())], http=HTTP)
    return Gateways(place, smsc, start)


async def up(process: GatewayProcess, since: int = 0, gateways: int = 2) -> Supervised:
    """So many have their bind."""
    told = await process.log.told("supervising")
    for _ in range(gateways):
        bound = await process.log.told("line", since, state="serving")
        since = process.log.all.index(bound, since) + 1
    return Supervised(process, int(told["http"]))


@pytest_twisted.ensureDeferred
async def test_two_processes_serve_one_store_and_answer_as_one(
    hall: Gateways, supervised: Callable[..., GatewayProcess]
) -> None:
    """Their questions are shared, their pages joined; SIGTERM ends all in order."""
    both = await up(supervised())
    hall.ask_all(20, 3)
    await hall.answered()
    assert hall.twice() == hall.out_of_order() == []
    status, told = await both.page("/readyz")
    assert (status, orjson.loads(told)) == (200, {"ready": True, "reasons": []})
    _, figures = await both.page("/metrics")
    for number in (1, 2):
        assert f'hallgate_process_up{{process="{number}"}} 1.0' in figures.decode()
        assert f'hallgate_link_up{{link="smsc-a",process="{number}"}} 1.0' in figures.decode()
    assert sorted(slot for slot, own, _ in hall.members() if own) == [0, 1]
    assert await both.process.stop() == 0
    assert [event["status"] for event in both.process.log.named("process ended")] == [0, 0]
    assert both.process.log.strange == []
    assert hall.members() == []


@pytest_twisted.ensureDeferred
async def test_of_two_that_go_at_once_the_last_sends_what_waits(
    hall: Gateways, supervised: Callable[..., GatewayProcess]
) -> None:
    """One hands over to the other, which goes as well: not to be found at the next start only."""
    both = await up(supervised())
    hall.smsc.faults.throttle = always("submit_sm")
    hall.ask_all(20, 3)
    await hall.acknowledged()
    both.process.signal(signal.SIGTERM)
    await both.process.log.told("closing")
    hall.smsc.faults.clear()
    assert await both.process.ended(ENDS) == 0
    assert hall.missing() == hall.twice() == hall.out_of_order() == []
    assert hall.waiting() == 0
    assert both.process.log.named("left in the outbox") == []


@pytest_twisted.ensureDeferred
async def test_one_that_dies_is_started_again_and_the_other_goes_on(
    hall: Gateways, supervised: Callable[..., GatewayProcess]
) -> None:
    """Nothing that was asked is lost, and what it is told meanwhile says which one is missing."""
    both = await up(supervised())
    mark = both.process.log.mark()
    os.kill(both.pid(1), signal.SIGKILL)
    hall.ask_all(10, 3)
    ended = await both.process.log.told("process ended", mark)
    assert (ended["process"], ended["status"]) == (1, -signal.SIGKILL)
    status, told = await both.page("/readyz")
    assert status == 200
    assert any("process 1: " in reason for reason in orjson.loads(told)["reasons"])
    await up(both.process, mark, gateways=1)
    await hall.answered()
    assert hall.out_of_order() == []
    assert await both.process.stop() == 0


@pytest_twisted.ensureDeferred
async def test_what_cannot_be_started_is_not_started_again_and_again(
    place: Deployment, supervised: Callable[..., GatewayProcess]
) -> None:
    """The reason is said, and the end has a status of its own."""
    nowhere = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/hall"
    place.configure([], store={"url": nowhere}, http=HTTP)
    process = supervised()
    assert await process.ended(ENDS) == 1
    assert len(process.log.named("process started")) == 2


@pytest_twisted.ensureDeferred
async def test_gateways_end_with_their_supervisor(
    place: Deployment, smscs: Callable[..., Smsc], supervised: Callable[..., GatewayProcess]
) -> None:
    """Also if it is killed, and in order: nobody else would ever end them."""
    smsc = smscs()
    place.configure([link(smsc.listen())], http=HTTP)
    both = await up(supervised())
    pids = [both.pid(number) for number in (1, 2)]
    ends = [os.pidfd_open(pid) for pid in pids]
    await both.process.kill()
    await deferToThread(wait_for_all, ends)
    # whoever has gone in order has given its slot back
    with place.store() as store, store.reading() as connection:
        assert connection.execute(select(members.c.slot).where(members.c.holder != "")).all() == []


def wait_for_all(ends: list[int]) -> None:
    """Processes have ended, whoever takes note of it."""
    for end in ends:
        with os.fdopen(end) as ended:
            assert select_ready([ended], [], [], ENDS)[0] == [ended]


@pytest_twisted.ensureDeferred
async def test_who_is_asked_twice_still_ends_in_order(
    place: Deployment,
    smscs: Callable[..., Smsc],
    start: Callable[..., GatewayProcess],
    supervised: Callable[..., GatewayProcess],
) -> None:
    """A terminal and a service manager ask all processes of a group; the supervisor asks its own
    again. What is on its way is waited for all the same."""
    smsc = smscs(window=20)
    hall = Gateways(place, smsc, start)
    place.configure([link(smsc.listen())], http=HTTP, limits={"drain": 4})
    both = await up(supervised())
    smsc.faults.silent = always("submit_sm")
    hall.ask_all(10)
    await hall.acknowledged()
    for number in (1, 2):
        os.kill(both.pid(number), signal.SIGTERM)
    await both.process.log.told("closing")
    assert await both.process.stop() == 0
    assert [event["status"] for event in both.process.log.named("process ended")] == [0, 0]


@pytest_twisted.ensureDeferred
async def test_a_second_signal_ends_all_at_once(
    place: Deployment,
    smscs: Callable[..., Smsc],
    start: Callable[..., GatewayProcess],
    supervised: Callable[..., GatewayProcess],
) -> None:
    """Whoever does not want to wait for the gateways need not."""
    smsc = smscs(window=20)
    hall = Gateways(place, smsc, start)
    place.configure([link(smsc.listen())], http=HTTP, limits={"drain": 600})
    both = await up(supervised())
    smsc.faults.silent = always("submit_sm")
    hall.ask_all(10)
    await hall.acknowledged()
    ends = [os.pidfd_open(both.pid(number)) for number in (1, 2)]
    both.process.signal(signal.SIGTERM)
    await both.process.log.told("closing")
    assert await both.process.stop() == -signal.SIGTERM
    await deferToThread(wait_for_all, ends)


@pytest_twisted.ensureDeferred
async def test_a_gateway_whose_supervisor_has_gone_does_not_begin(
    place: Deployment, start: Callable[..., GatewayProcess]
) -> None:
    """It may have been killed before its child could ask to be told."""
    alone = start("run", "--process", "1", "--supervisor", "1", "--config", place.file)
    assert await alone.ended() == 1
    assert alone.log.named("member") == []
