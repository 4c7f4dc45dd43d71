"""Ready means ready, as a gateway in a process of its own says it: disks that are full or read
only, folders that cannot be used, a queue with nobody in it."""

from __future__ import annotations

import json
import resource
import shutil
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_twisted
from sqlalchemy import make_url
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

from simulators.smsc.smsc import Smsc
from tests.server import free_port
from tests.stories.calls.simulated_callers import listening
from tests.stories.deployment import Deployment, link, personas
from tests.stories.gateway_process import GatewayProcess
from tests.stories.operations.test_ready import ME, SPOILT, asked, ready, say

pytestmark = pytest.mark.slow

Smscs = Callable[..., Smsc]


class Watched:
    """A gateway process, and what it says of itself."""

    def __init__(self, process: GatewayProcess, port: int) -> None:
        self.process = process
        self._port = port

    async def reasons(self) -> list[str]:
        status, said = await deferToThread(ready, self._port)
        found: list[str] = json.loads(said)["reasons"]
        assert status == (503 if found else 200), said
        return found

    async def until(self, word: str) -> str:
        """The reason with that word, once there is one."""
        while True:
            for reason in await self.reasons():
                if word in reason:
                    return reason
            await _pause(0.1)

    async def until_ready(self) -> None:
        while await self.reasons():
            await _pause(0.1)


async def _pause(seconds: float) -> None:
    from twisted.internet import reactor

    await deferLater(reactor, seconds)


@asynccontextmanager
async def running(
    place: Deployment, smsc: Smsc, **sections: dict[str, Any]
) -> AsyncIterator[Watched]:
    """Ready, to begin with."""
    from twisted.internet import reactor

    port = free_port()
    place.configure([link(smsc.listen())], http={"listen": f"127.0.0.1:{port}"}, **sections)
    process = GatewayProcess(reactor, "run", "--config", place.file)
    try:
        await process.serving()
        watched = Watched(process, port)
        await watched.until_ready()
        yield watched
        await process.stop()
    finally:
        await process.kill()


def told_away(process: GatewayProcess, since: int) -> list[str]:
    """What it has logged of messages since: nothing but that the store was away, and is back."""
    ours = ("away", "back", "failed", "batch failed", "work failed", "error")
    return [e["event"] for e in process.log.all[since:] if e["event"] in ours]


@pytest_twisted.ensureDeferred
async def test_a_full_disk_is_a_reason_and_all_is_served_later(
    place: Deployment, smscs: Smscs
) -> None:
    """No file of the process may grow any more, as on a disk without room; messages are refused as
    a whole, with one line for all of them."""
    smsc = smscs(window=20)
    async with running(place, smsc) as watched:
        assert "余额" in await asked(smsc)
        mark = watched.process.log.mark()
        sizes = [file.stat().st_size for file in place.folder.glob("hall.db*")]
        full = (min(sizes), resource.RLIM_INFINITY)
        before = resource.prlimit(watched.process.pid, resource.RLIMIT_FSIZE, full)
        assert "keeps nothing" in await watched.until("the store keeps nothing")
        numbers = [str(13_600_000_000 + n) for n in range(50)]
        texts = [smsc.send(number, "CXGSD#13800138001") for number in numbers]
        await watched.process.log.told("away", mark)
        resource.prlimit(watched.process.pid, resource.RLIMIT_FSIZE, before)
        for text in texts:
            assert await text.settled() == 0
        await watched.until_ready()
        assert told_away(watched.process, mark) == ["away", "back"]
        assert "余额" in await asked(smsc)


@pytest.mark.service
@pytest_twisted.ensureDeferred
async def test_a_server_that_became_read_only_is_a_reason(
    tmp_path: Path, postgres_url: str, smscs: Smscs
) -> None:
    """As one that was made a standby, or whose disk is nearly full."""
    spoil, mend, why = SPOILT["read only"]
    words = {"name": make_url(postgres_url).database}
    house = Deployment(tmp_path, postgres_url)
    house.configure([])
    house.move_in(personas().values())
    smsc = smscs()
    async with running(house, smsc) as watched:
        assert "余额" in await asked(smsc)
        mark = watched.process.log.mark()
        await deferToThread(say, postgres_url, *(each.format(**words) for each in spoil))
        await watched.until(why)
        sent = smsc.send(ME, "YE")
        await watched.process.log.told("away", mark)
        assert sent.outcome is None
        await deferToThread(say, postgres_url, *(each.format(**words) for each in mend))
        assert "余额" in (await smsc.phone(ME).next()).text
        await watched.until_ready()
        assert told_away(watched.process, mark) == ["away", "back"]


@pytest.mark.parametrize("section", ["sounds", "recordings"])
@pytest_twisted.ensureDeferred
async def test_a_folder_that_cannot_be_used_is_a_reason(
    section: str, place: Deployment, smscs: Smscs
) -> None:
    """Somebody put a file in its place; with the folder back all is well."""
    from twisted.internet import reactor

    async with listening(reactor) as exchange:
        ivr = _ivr(place, exchange.listen())
        async with running(place, smscs(), ivr=ivr) as watched:
            folder = Path(ivr[section])
            await deferToThread(_put_in_the_way, folder)
            reason = await watched.until(f"ivr.{section}")
            assert str(folder) in reason
            await deferToThread(folder.unlink)
            await watched.until_ready()


def _put_in_the_way(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("in the way", encoding="utf-8")


def _ivr(place: Deployment, port: int) -> dict[str, Any]:
    asterisk = {"name": "pbx-a", "port": port, "username": "hallgate", "secret": "secret"}
    folders = {name: str(place.folder / name) for name in ("sounds", "recordings")}
    return {"asterisk": [asterisk], "make_missing": True, **folders}  # else sounds are missing


@pytest_twisted.ensureDeferred
async def test_a_queue_without_members_is_a_reason(place: Deployment, smscs: Smscs) -> None:
    """The people went home, or their phones lost the exchange; back at work, it is ready."""
    from twisted.internet import reactor

    async with (
        listening(reactor) as exchange,
        running(place, smscs(), ivr=_ivr(place, exchange.listen())) as watched,
    ):
        exchange.pbx.queue.people = 0
        assert "queue hall of pbx-a" in await watched.until("has no members")
        exchange.pbx.queue.people = 3
        await watched.until_ready()


@pytest_twisted.ensureDeferred
async def test_an_older_schema_is_refused_at_the_start(place: Deployment, smscs: Smscs) -> None:
    """With what to do; an empty store is made ready."""
    from twisted.internet import reactor

    with place.store() as store, store.transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0020'")
    place.configure([link(smscs().listen())])
    process = GatewayProcess(reactor, "run", "--config", place.file)
    assert await process.ended() == 1
    said = "".join(process.log.strange)
    assert "has schema 0020" in said
    assert "hallgate db upgrade" in said


@pytest_twisted.ensureDeferred
async def test_a_schema_that_is_gone_is_a_reason(place: Deployment, smscs: Smscs) -> None:
    """Somebody restored an empty file, or an old one, below a running gateway."""
    async with running(place, smscs()) as watched:
        with place.store() as store, store.transaction() as connection:
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0020'")
        assert "has schema 0020" in await watched.until("the store keeps nothing")
        with place.store_as_it_is() as store, store.transaction() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{found}'")
        await watched.until_ready()
        watched.process.signal(signal.SIGTERM)
        assert await watched.process.ended() == 0
