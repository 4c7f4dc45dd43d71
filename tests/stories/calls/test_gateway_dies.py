"""Calls while the gateway dies, the connection breaks, and callers hang up whenever they like."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from random import Random
from socket import gethostname

import pytest
import pytest_twisted
from sqlalchemy import select
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.task import deferLater

from gateway.store.tables import dialogues
from simulators.smsc.smsc import Smsc
from tests.stories.calls.simulated_callers import Caller, Exchange, furnish, listening
from tests.stories.deployment import Deployment
from tests.stories.gateway_process import GatewayProcess
from tests.stories.hall import opened
from tests.stories.operations.test_health import HTTP, get

pytestmark = pytest.mark.slow

CALLS = 50
NUMBERS = [f"138001380{n:02}" for n in (1, 6, 9)]


async def proven(caller: Caller) -> None:
    """As far as the price of a package, by password."""
    await caller.heard("For English")
    await caller.asks("1", "其他业务请按9。")
    await caller.asks("412", "按井号键结束。")


@pytest_twisted.ensureDeferred
async def test_calls_go_on_after_a_kill(
    place: Deployment,
    smscs: Callable[..., Smsc],
    exchange: Exchange,
    start: Callable[..., GatewayProcess],
) -> None:
    """Fifty calls in the middle of an order; the next gateway says the price again, and key 1 still
    orders, without the password being asked for once more."""
    smsc = smscs()
    furnish(place, smsc, exchange)
    first = start("run", "--config", place.file)
    await first.log.told("line", line="pbx-a", state="serving")
    callers = [exchange.calls(caller="13800138001") for _ in range(CALLS)]
    for caller in callers[1:]:
        await caller.heard("For English")
    await proven(callers[0])
    said = await callers[0].asks("739204#", "确认请按1。")
    assert "每月三十元" in said
    await first.kill()
    for caller in callers:
        caller.listens()
    second = start("run", "--config", place.file)
    said = await callers[0].heard("确认请按1。")
    assert "每月三十元" in said
    for caller in callers[1:]:
        await caller.heard("For English")
    assert "已开通" in await callers[0].asks("1", "短信已发送到您的手机。")
    for caller in callers:
        assert not caller.gone
        caller.hangs_up()
    for _ in callers:
        await second.log.told("call over", call=callers.pop().channel.uniqueid)
    assert await second.stop() == 0


@pytest_twisted.ensureDeferred
async def test_an_asterisk_is_served_by_one_gateway(
    place: Deployment, smscs: Callable[..., Smsc], exchange: Exchange
) -> None:
    """The other serves messages; when the first ends, it goes on with the calls."""
    smsc = smscs()
    furnish(place, smsc, exchange)
    async with AsyncExitStack() as first, AsyncExitStack() as second:
        hall = await first.enter_async_context(opened(place, smsc, ["smsc-a", "pbx-a"]))
        other = await second.enter_async_context(opened(place, smsc))
        caller = exchange.calls(caller="13800138001")
        said = await caller.heard("For English")
        assert said.count("普通话请按1") == 1
        assert len(exchange.pbx.managers) == 1
        held = b'hallgate_lease_held{what="asterisk/pbx-a"} 1.0'
        assert held in hall.gateway.counts.text()
        await caller.asks("1", "其他业务请按9。")
        caller.listens()
        assert b'hallgate_lease_held{what="asterisk/pbx-a"} 0.0' in other.gateway.counts.text()
        await first.aclose()
        hall = other
        await hall.log.told("line", line="pbx-a", state="serving")
        assert held in hall.gateway.counts.text()
        await hall.log.told("call resumed")
        await caller.heard("其他业务请按9。")
        assert "您的余额" in await caller.asks("11", "短信已发送到您的手机。")
        caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_two_asterisks_named_alike_are_found(
    place: Deployment, smscs: Callable[..., Smsc], exchange: Exchange
) -> None:
    """By mistake, in two configurations: the gateway whose Asterisk nobody serves says so, and the
    other goes on."""
    from twisted.internet import reactor

    smsc = smscs()
    furnish(place, smsc, exchange, http=HTTP)
    async with opened(place, smsc, ["smsc-a", "pbx-a"]) as hall, listening(reactor) as another:
        furnish(place, smsc, another, http=HTTP)
        async with opened(place, smsc, ["smsc-a"]) as other:
            told = await other.log.told("named alike")
            theirs = f"127.0.0.1:{exchange.pbx.port} on {gethostname()}"
            assert (told["what"], told["theirs"]) == ("asterisk/pbx-a", theirs)
            status, page = await get(other, "/readyz")
            assert (status, theirs in page) == (503, True)
            assert "pbx-a" not in (await get(hall, "/readyz"))[1]
            assert another.pbx.managers == []


@pytest_twisted.ensureDeferred
async def test_calls_go_on_when_the_connection_breaks(
    place: Deployment, smscs: Callable[..., Smsc], exchange: Exchange
) -> None:
    """A hundred calls, cut and restored three times: all stand where they stood."""
    smsc = smscs()
    furnish(place, smsc, exchange)
    async with opened(place, smsc, ["smsc-a", "pbx-a"]) as hall:
        callers = [exchange.calls(caller=number) for number in (NUMBERS * 34)[:100]]
        for caller in callers:
            await caller.heard("For English")
        for _ in range(3):
            mark = hall.log.mark()
            exchange.pbx.cut()
            await hall.log.told("line", since=mark, line="pbx-a", state="serving")
        for caller in callers:
            caller.presses("1")
        for caller in callers:
            await caller.heard("其他业务请按9。")
            caller.hangs_up()


@pytest_twisted.ensureDeferred
async def test_hanging_up_at_any_moment_leaves_nothing(
    place: Deployment, smscs: Callable[..., Smsc], exchange: Exchange
) -> None:
    """No call, no dialogue, no timer: whatever the caller was doing."""
    from twisted.internet import reactor

    chance = Random(7)
    smsc = smscs()
    furnish(place, smsc, exchange)

    async def one(number: str) -> None:
        caller = exchange.calls(caller=number)
        for key in "1412739204#1"[: chance.randrange(13)]:
            caller.presses(key)
            await deferLater(reactor, chance.random() * 0.05)
        caller.hangs_up()

    async with opened(place, smsc, ["smsc-a", "pbx-a"]) as hall:
        for _ in range(5):
            await gatherResults(
                [Deferred.fromCoroutine(one(chance.choice(NUMBERS))) for _ in range(20)]
            )
        for number in range(1, 101):
            await hall.log.told("call over", call=f"{number}.0")
        mark = 0
        for _ in range(100):
            gone = await hall.log.told("served", mark, action="menu", result="gone")
            mark = hall.log.all.index(gone, mark) + 1
        assert exchange.pbx.channels == {}
        assert b"hallgate_calls 0.0" in hall.gateway.counts.text()
        assert hall.rows(select(dialogues.c.who).where(dialogues.c.who.like("voice:%"))) == []
        assert hall.log.named("failed") == []
