"""Ready means ready: whatever keeps the hall from keeping anything is a reason, and passes."""

from __future__ import annotations

import fcntl
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psycopg
import pytest
import pytest_twisted
from smpplib import consts
from sqlalchemy import make_url
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

from simulators.smsc.smsc import Smsc
from tests.server import free_port
from tests.stories.deployment import Deployment, link, personas
from tests.stories.gateway_process import PATIENCE, GatewayProcess
from tests.stories.hall import Hall, opened
from tests.stories.operations.test_health import HTTP, get

pytestmark = pytest.mark.slow

Smscs = Callable[..., Smsc]
ME = "13800138001"


async def reasons(hall: Hall) -> list[str]:
    status, said = await get(hall, "/readyz")
    found: list[str] = json.loads(said)["reasons"]
    assert status == (503 if found else 200)
    return found


async def until_ready(hall: Hall) -> None:
    from twisted.internet import reactor

    while await reasons(hall):
        await deferLater(reactor, 0.1)


def say(url: str, *statements: str) -> None:
    """By another session."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


SESSIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
)
READ_ONLY = "default_transaction_read_only"
MEMBERS, GONE = "ALTER TABLE members", "ALTER TABLE gone"
SPOILT = {
    "read only": (
        [f"ALTER DATABASE {{name}} SET {READ_ONLY} = on", SESSIONS],
        [f"SET {READ_ONLY} = off", f"ALTER DATABASE {{name}} RESET {READ_ONLY}", SESSIONS],
        "ReadOnlySqlTransaction",
    ),
    "an empty schema": (
        ["ALTER SCHEMA public RENAME TO hidden", "CREATE SCHEMA public"],
        ["DROP SCHEMA public", "ALTER SCHEMA hidden RENAME TO public"],
        "has schema None",
    ),
    "an older schema": (
        ["UPDATE alembic_version SET version_num = '0001'", f"{MEMBERS} RENAME TO gone"],
        [f"{GONE} RENAME TO members", "UPDATE alembic_version SET version_num = '{newest}'"],
        "has schema 0001",
    ),
}  # fmt: skip


@pytest.mark.service
@pytest.mark.parametrize("how", SPOILT)
@pytest_twisted.ensureDeferred
async def test_a_server_that_keeps_nothing_is_a_reason(
    how: str, tmp_path: Path, postgres_url: str, smscs: Smscs
) -> None:
    """Also before anybody has written; and once it keeps again, all is answered by itself."""
    spoil, mend, why = SPOILT[how]
    smsc = smscs()
    house = Deployment(tmp_path, postgres_url)
    house.configure([link(smsc.listen())], http=HTTP)
    house.move_in(personas().values())
    name = make_url(postgres_url).database
    async with opened(house, smsc) as hall:
        phone = hall.phone(ME)
        assert "余额" in await phone.asks("YE")
        await until_ready(hall)
        with hall.gateway.store.reading() as connection:
            newest = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        words = {"name": name, "newest": newest}
        await deferToThread(say, postgres_url, *(each.format(**words) for each in spoil))
        mark = hall.log.mark()
        sent = phone.sends("YE")
        await hall.log.told("away", mark, what="store")
        assert any(why in reason for reason in await reasons(hall)), await reasons(hall)
        assert sent.outcome is None
        await deferToThread(say, postgres_url, *(each.format(**words) for each in mend))
        assert "余额" in await phone.reads()
        assert sent.mos[0].attempts[0].status == consts.SMPP_ESME_RMSGQFUL
        await until_ready(hall)
        assert [e["event"] for e in hall.log.all[mark:] if e["event"] == "failed"] == []
        assert len(hall.log.named("away")) == 1


@pytest_twisted.ensureDeferred
async def test_a_file_that_was_moved_away_is_a_reason(place: Deployment, smscs: Smscs) -> None:
    """What would be written then, nobody would find again; back in its place it is taken up."""
    from twisted.internet import reactor

    smsc = smscs()
    place.configure([link(smsc.listen())], http=HTTP)
    file = place.folder / "hall.db"
    async with opened(place, smsc) as hall:
        await until_ready(hall)
        file.rename(place.folder / "away.db")
        while not await reasons(hall):
            await deferLater(reactor, 0.1)
        phone = hall.smsc.phone(ME)
        sent = hall.smsc.send(ME, "YE")
        await hall.log.told("away", what="store")
        assert any("not where it was" in reason for reason in await reasons(hall))
        assert sent.outcome is None
        (place.folder / "away.db").rename(file)
        assert "余额" in (await phone.next()).text
        await until_ready(hall)


def ready(port: int) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as page:
            return page.status, page.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest_twisted.ensureDeferred
async def test_a_log_that_nobody_reads_stops_nobody(place: Deployment, smscs: Smscs) -> None:
    """A pipe to a program that sleeps: everybody is served, monitoring is told, and the end does
    not wait for it."""
    from twisted.internet import reactor

    smsc, port = smscs(window=20), free_port()
    place.configure([link(smsc.listen())], http={"listen": f"127.0.0.1:{port}"})
    out, into = os.pipe()
    os.write(into, b"-" * fcntl.fcntl(into, fcntl.F_GETPIPE_SZ))  # no octet more has room
    process = GatewayProcess(reactor, "run", "--config", place.file, stderr=into)
    try:
        numbers = [str(13_600_000_000 + n) for n in range(300)]
        texts = [smsc.send(number, "CXGSD#13800138001") for number in numbers for _ in range(2)]
        for number in numbers:
            await smsc.phone(number).next(PATIENCE)  # it is still starting, and cannot say
        for each in texts:
            assert await each.settled() == 0
        status, said = 200, ""
        while "the log is stuck" not in said:
            status, said = await deferToThread(ready, port)
            await deferLater(reactor, 0.2)
        assert status == 503
        assert "余额" in await asked(smsc)
        process.signal(signal.SIGTERM)
        assert await process.ended() == 0
    finally:
        await process.kill()
        os.close(out)
        os.close(into)


async def asked(smsc: Smsc) -> str:
    smsc.send(ME, "YE")
    return (await smsc.phone(ME).next()).text
