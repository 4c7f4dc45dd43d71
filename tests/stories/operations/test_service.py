"""A gateway under a service manager: ready when it serves, alive while its reactor is, ending when
it is asked to."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_twisted
from twisted.internet.task import deferLater

from simulators.smsc.smsc import Smsc
from tests.stories.deployment import Deployment, link
from tests.stories.standing_still import stopped

SOON = 90.0  # seconds; a busy machine takes most of them to read conf/


class Told:
    """systemd's socket, and what came on it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.setblocking(False)

    def lines(self) -> list[str]:
        found: list[str] = []
        while True:
            try:
                found += self._socket.recv(4096).decode().splitlines()
            except BlockingIOError:
                return found

    async def until(self, wanted: str, within: float = SOON) -> list[str]:
        """All that was told up to a line that begins so."""
        from twisted.internet import reactor

        found: list[str] = []
        until = reactor.seconds() + within
        while not any(line.startswith(wanted) for line in found):
            assert reactor.seconds() < until, found
            await deferLater(reactor, 0.02)
            found += self.lines()
        return found

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    told = Told(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", str(told.path))
    monkeypatch.setenv("WATCHDOG_USEC", "900000")
    yield told
    told.close()


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_ready_is_told_when_the_smsc_is_bound(
    place: Deployment, systemd: Told, smscs: Callable[..., Smsc], start: Callable[..., Any],
    free_port: int,
) -> None:  # fmt: skip
    """Before, what is waited for; then signs of life, unless it stands still; then the end."""
    place.configure([link(free_port)])
    process = start("run", "--config", place.file)
    early = await systemd.until("STATUS=link smsc-a is not up")
    assert "READY=1" not in early
    smsc = smscs()
    smsc.listen(port=free_port)
    await systemd.until("READY=1")
    await systemd.until("WATCHDOG=1")
    await stopped(process)
    systemd.lines()
    from twisted.internet import reactor

    await deferLater(reactor, 1.0)  # longer than the watchdog: the silence is what is looked for
    assert systemd.lines() == []
    process.signal(signal.SIGCONT)
    await systemd.until("WATCHDOG=1")
    process.signal(signal.SIGTERM)
    await systemd.until("STOPPING=1")
    assert await process.ended() == 0


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_of_several_gateways_the_supervisor_speaks(
    place: Deployment, systemd: Told, smscs: Callable[..., Smsc], start: Callable[..., Any]
) -> None:
    """When one of them can work; they themselves say nothing."""
    place.configure([link(smscs().listen())])
    process = start("run", "--config", place.file, "--processes", "2", "--set", "http.listen=off")
    told = await systemd.until("READY=1", within=180)
    assert told.count("READY=1") == 1
    process.signal(signal.SIGTERM)
    await systemd.until("STOPPING=1")
    assert await process.ended() == 0
