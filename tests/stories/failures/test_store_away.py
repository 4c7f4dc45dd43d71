"""The store or the sessions go away and come back: nobody is told nonsense, all are answered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import pytest_twisted
from smpplib import consts
from twisted.internet.threads import deferToThread

from simulators.fault_timing import always
from simulators.smsc.smsc import Smsc
from tests.services import PostgresServer, RedisServer
from tests.stories.deployment import Deployment, link, personas
from tests.stories.hall import opened
from tests.stories.operations.test_health import HTTP, get

pytestmark = pytest.mark.slow

Smscs = Callable[..., Smsc]


@pytest.fixture
def away(tmp_path: Path, postgres_url: str, redis_url: str) -> Deployment:
    """A house whose store and sessions are elsewhere."""
    house = Deployment(tmp_path, postgres_url, redis_url)
    house.configure([])
    house.move_in(personas().values())
    return house


@pytest_twisted.ensureDeferred
async def test_while_the_store_is_away_the_smsc_keeps_the_messages(
    away: Deployment, smscs: Smscs, postgres_server: PostgresServer
) -> None:
    """It crashes in the middle of a dialogue, and recovers."""
    smsc = smscs()
    away.configure([link(smsc.listen())])
    async with opened(away, smsc) as hall:
        phone = hall.somebody()
        assert "正在订购" in await phone.asks("KTEDU40")
        await hall.calm()
        await deferToThread(postgres_server.kill)
        try:
            sent = phone.sends("是")
            await hall.log.told("away", what="store")
            assert sent.outcome is None
        finally:
            await deferToThread(postgres_server.start)
        await hall.log.told("back")
        assert "【办理成功】校园WLAN 40小时" in await phone.reads()
        assert "校园WLAN 40小时" in await phone.asks("CXYW")
    assert sent.mos[0].attempts[0].status == consts.SMPP_ESME_RMSGQFUL
    assert len(hall.log.named("away")) == 1
    assert hall.log.strange == []


@pytest_twisted.ensureDeferred
@pytest.mark.parametrize("kept", ["kept all", "kept nothing"])
async def test_while_redis_is_away_everybody_is_served_and_dialogues_begin_anew(
    away: Deployment, smscs: Smscs, redis_server: RedisServer, kept: str
) -> None:
    """Nobody waits for it. What was open before is so no more, though Redis may remember it."""
    smsc = smscs()
    away.configure([link(smsc.listen())], http=HTTP)
    async with opened(away, smsc) as hall:
        one, other = hall.somebody(), hall.somebody()
        assert "正在订购" in await one.asks("KTEDU40")
        assert "正在订购" in await other.asks("KTEDU40")
        await hall.calm()
        assert (await get(hall, "/readyz"))[0] == 200
        await deferToThread(redis_server.kill)
        try:
            assert "余额" in await one.asks("YE")
            await hall.log.told("away", what="sessions")
            assert "【办理成功】" not in await one.asks("是")
            assert "正在订购" in await one.asks("KTEDU100")
            status, said = await get(hall, "/readyz")
            assert status == 503
            assert "Redis does not answer" in said
            assert "dialogues begin anew" in said
        finally:
            await deferToThread(redis_server.start)
            if kept == "kept nothing":
                redis_server.empty()
        await hall.log.told("back")
        assert "【办理成功】" not in await other.asks("是")
        assert "正在订购" in await other.asks("KTEDU40")
        assert "【办理成功】校园WLAN 40小时" in await other.asks("是")
    refused = [mo.sent.text for mo in smsc.audit.redelivered() if mo.sent]
    assert refused == [], hall.log.tail(40)
    assert len(hall.log.named("away")) == 1
    assert hall.log.strange == []


@pytest_twisted.ensureDeferred
async def test_a_link_that_ends_while_the_store_is_away_is_remembered(
    away: Deployment, smscs: Smscs, postgres_server: PostgresServer
) -> None:
    """What was kept on it and comes again by the next link is known again."""
    smsc = smscs()
    away.configure([link(smsc.listen())])
    async with opened(away, smsc) as hall:
        phone = hall.somebody()
        assert "正在订购" in await phone.asks("KTEDU40")
        await hall.calm()
        mark = hall.log.mark()
        smsc.faults.silent = always("deliver_sm_resp", "submit_sm", "enquire_link")
        sent = phone.sends("是")
        await hall.log.told("served", mark, action="sv.order", result="ok")
        await deferToThread(postgres_server.kill)
        try:
            smsc.drop()
            smsc.faults.clear()
            await hall.log.told("line", mark, state="serving")
            await hall.log.told("away", mark)
        finally:
            await deferToThread(postgres_server.start)
        said = await phone.reads()
        assert "【办理成功】校园WLAN 40小时" in said
        assert await sent.settled() == 0
        await phone.hears_nothing_but(said)
