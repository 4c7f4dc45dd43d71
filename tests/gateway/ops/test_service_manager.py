"""What systemd is told, on a socket like its own."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from gateway.ops.service_beat import SOON, ServiceBeat
from gateway.ops.service_manager import ServiceManager, service_manager


class Manager:
    """systemd's end: a datagram socket, and what was told on it."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + path[1:] if path.startswith("@") else path)
        self._socket.setblocking(False)

    def told(self) -> list[str]:
        """All lines since the last look."""
        lines: list[str] = []
        while True:
            try:
                lines += self._socket.recv(4096).decode().splitlines()
            except BlockingIOError:
                return lines

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["path", "abstract"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "notify") if request.param == "path" else f"@hallgate-{os.getpid()}"


@pytest.fixture
def manager(address: str) -> Iterator[Manager]:
    made = Manager(address)
    yield made
    made.close()


def service(address: str, **more: str) -> ServiceManager:
    found = service_manager({"NOTIFY_SOCKET": address, **more})
    assert found is not None
    return found


def test_nobody_is_told_where_nobody_asked() -> None:
    assert service_manager({}) is None


def test_programs_that_we_start_are_not_asked(address: str) -> None:
    """They would speak for us."""
    environment = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "1", "WATCHDOG_PID": "1", "A": "b"}
    assert service_manager(environment) is not None
    assert environment == {"A": "b"}


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({}, 5.0),
        ({"WATCHDOG_USEC": "30000000"}, 5.0),
        ({"WATCHDOG_USEC": "3000000"}, 1.0),
        ({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": str(os.getpid())}, 1.0),
        ({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "1"}, 5.0),
    ],
)
def test_signs_of_life_come_well_within_the_watchdog(
    address: str, given: dict[str, str], seconds: float
) -> None:
    """Three in its time, if it is ours that is watched."""
    assert service(address, **given).every == seconds


def test_it_starts_once_there_is_no_reason_against_it(manager: Manager, address: str) -> None:
    """Until then it asks for time, and says why."""
    us = service(address)
    assert not us.lives(["smsc-a is not bound", "two\nlines"], started=False)
    status, alive, more = manager.told()
    assert (status, alive) == ("STATUS=smsc-a is not bound; two lines", "WATCHDOG=1")
    assert more.startswith("EXTEND_TIMEOUT_USEC=")
    assert us.lives([], started=False)
    assert manager.told() == ["STATUS=serving", "WATCHDOG=1", "READY=1"]
    assert us.lives(["the store keeps nothing"], started=True)
    assert manager.told() == ["STATUS=the store keeps nothing", "WATCHDOG=1"]
    us.ends()
    assert manager.told()[0] == "STOPPING=1"


def test_a_manager_that_has_gone_hurts_nobody(address: str) -> None:
    service(address).ends()


def test_the_beat_is_the_reactors(manager: Manager, address: str) -> None:
    """It asks for reasons, and tells what it knows while they are looked for."""
    reactor, reasons = Clock(), [Deferred[list[str]]()]
    beat = ServiceBeat(reactor, service(address))

    async def ask() -> list[str]:
        return await reasons[-1]

    beat.reasons = ask
    beat.start()
    assert manager.told()[0] == "STATUS=opening"
    reactor.advance(SOON)
    assert "READY=1" not in manager.told()
    reasons.append(Deferred())
    reasons[0].callback([])
    reactor.advance(SOON)
    assert manager.told() == ["STATUS=serving", "WATCHDOG=1", "READY=1"]
    reactor.pump([SOON] * 40)
    assert manager.told() == ["STATUS=serving", "WATCHDOG=1"] * 4
    beat.ends()
    beat.stop()
    assert reactor.getDelayedCalls() == []


def test_a_check_that_fails_is_told(manager: Manager, address: str) -> None:
    """And the next is asked for all the same."""
    reactor = Clock()
    beat = ServiceBeat(reactor, service(address))

    async def ask() -> list[str]:
        raise ValueError("no such table")

    beat.reasons = ask
    beat.start()
    reactor.advance(SOON)
    assert "STATUS=no such table" in manager.told()
    beat.stop()
