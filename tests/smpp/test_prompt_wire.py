"""Octets that leave and are read at once, over real sockets: none is lost or overtaken."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
import pytest_twisted
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.task import Clock, deferLater
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from smpp.prompt_wire import PromptWire, SmppTransport

SOON = 30.0  # seconds: far more than any of this takes


class Ear(Protocol):
    """Remembers what it hears; a full stop offends it."""

    def __init__(self) -> None:
        self.heard = b""
        self.on_hearing: Callable[[], None] = lambda: None
        self.lost: Deferred[None] = Deferred()

    def connectionMade(self) -> None:
        self.clock = Clock()
        self.wire = PromptWire(self.rope, self.clock)

    @property
    def rope(self) -> SmppTransport:
        return cast(SmppTransport, self.transport)

    def dataReceived(self, data: bytes) -> None:
        self.heard += data
        self.on_hearing()
        if data.endswith(b"."):
            raise ValueError("a full stop")

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.lost.callback(None)


@pytest.fixture
def peer() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(SOON)
        yield server


@pytest.fixture
def reactor() -> Any:
    from twisted.internet import reactor as installed

    return installed


@pytest.fixture
def ear(peer: socket.socket, reactor: Any) -> Iterator[Ear]:
    endpoint = TCP4ClientEndpoint(reactor, *peer.getsockname())
    made: Ear = pytest_twisted.blockon(connectProtocol(endpoint, Ear()))
    yield made
    if not made.lost.called:
        made.rope.abortConnection()
        pytest_twisted.blockon(made.lost)


@pytest.fixture
def other(peer: socket.socket, ear: Ear) -> Iterator[socket.socket]:
    """Our end of what the ear is at."""
    connection, _ = peer.accept()
    connection.settimeout(SOON)
    with connection:
        yield connection


def readable(ear: Ear) -> None:
    """Waits until something is there to read, without a turn of the reactor."""
    handle = ear.transport.getHandle()  # type: ignore[union-attr]
    assert select.select([handle], [], [], SOON)[0]


def exactly(octets: int, connection: socket.socket) -> bytes:
    """So many, as they come."""
    came = bytearray()
    while len(came) < octets and (more := connection.recv(octets - len(came))):
        came += more
    return bytes(came)


def test_what_is_written_leaves_before_the_reactor_turns(ear: Ear, other: socket.socket) -> None:
    ear.wire.write(b"one")
    assert exactly(3, other) == b"one"


@pytest_twisted.ensureDeferred
async def test_a_peer_that_reads_late_gets_all_in_order(ear: Ear, other: socket.socket) -> None:
    """More than the sockets have room for; then little again, which leaves at once again."""
    pieces = [bytes([n % 251]) * 100_000 for n in range(200)]
    for piece in pieces:
        ear.wire.write(piece)
    whole = b"".join(pieces)
    assert await deferToThread(exactly, len(whole), other) == whole
    ear.wire.write(b"then")
    assert await deferToThread(exactly, 4, other) == b"then"
    ear.wire.write(b"at once")
    assert exactly(7, other) == b"at once"


@pytest_twisted.ensureDeferred
async def test_nothing_is_read_in_a_rest(ear: Ear, other: socket.socket, reactor: Any) -> None:
    """However often the reactor turns; at its end all that has come is read at once."""
    ear.wire.rest(2.0, since=0.5)
    other.sendall(b"hello")
    readable(ear)
    ear.clock.advance(2.4)
    await deferLater(reactor, 0)
    assert ear.heard == b""
    ear.clock.advance(0.1)
    assert ear.heard == b"hello"
    other.sendall(b", again")
    readable(ear)
    await deferLater(reactor, 0)
    assert ear.heard == b"hello, again"


def test_who_rests_again_is_read_once_in_between(ear: Ear, other: socket.socket) -> None:
    ear.wire.rest(1.0, since=0.0)
    ear.on_hearing = lambda: ear.wire.rest(1.0, since=ear.clock.seconds())
    for time in (1, 2):
        other.sendall(b"hello")
        readable(ear)
        ear.clock.advance(1.0)
        assert ear.heard == b"hello" * time
    ear.wire.end()
    assert ear.clock.getDelayedCalls() == []


@pytest_twisted.ensureDeferred
async def test_a_rest_that_ends_early_is_over(ear: Ear, other: socket.socket, reactor: Any) -> None:
    ear.wire.rest(1.0, since=0.0)
    other.sendall(b"hello")
    readable(ear)
    ear.wire.read_on()
    await deferLater(reactor, 0)
    assert ear.heard == b"hello"
    assert ear.clock.getDelayedCalls() == []


@pytest_twisted.ensureDeferred
async def test_who_is_choked_reads_nothing(ear: Ear, other: socket.socket, reactor: Any) -> None:
    """Whether he rests besides or not, until he is not choked any more."""
    ear.wire.choke(True)
    ear.wire.rest(1.0, since=0.0)
    other.sendall(b"hello")
    readable(ear)
    ear.clock.advance(1.0)
    await deferLater(reactor, 0)
    assert ear.heard == b""
    ear.wire.choke(False)
    await deferLater(reactor, 0)
    assert ear.heard == b"hello"


@pytest_twisted.ensureDeferred
async def test_an_end_that_is_read_is_found_by_the_reactor(
    ear: Ear, other: socket.socket, reactor: Any
) -> None:
    ear.wire.rest(1.0, since=0.0)
    other.close()
    readable(ear)
    ear.clock.advance(1.0)
    assert not ear.lost.called
    await ear.lost.addTimeout(SOON, reactor)


@pytest_twisted.ensureDeferred
async def test_who_fails_to_read_is_cut_off(ear: Ear, other: socket.socket, reactor: Any) -> None:
    """As the reactor does, and the failure is not swallowed."""
    ear.wire.rest(1.0, since=0.0)
    other.sendall(b"no.")
    readable(ear)
    with pytest.raises(ValueError, match="a full stop"):
        ear.clock.advance(1.0)
    await ear.lost.addTimeout(SOON, reactor)


@pytest_twisted.ensureDeferred
async def test_a_peer_that_is_gone_is_told_to_the_user(
    ear: Ear, other: socket.socket, reactor: Any
) -> None:
    other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset
    other.close()
    readable(ear)
    for _ in range(3):
        ear.wire.write(b"anybody?")
    await ear.lost.addTimeout(SOON, reactor)
