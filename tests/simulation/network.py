"""TCP in memory: octets take their time, arrive in order, cut anywhere; connections are lost."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any, Final

from twisted.internet.address import IPv4Address
from twisted.internet.error import (
    ConnectionAborted,
    ConnectionDone,
    ConnectionLost,
    ConnectionRefusedError,
)
from twisted.internet.interfaces import (
    IHostnameResolver,
    IReactorPluggableNameResolver,
    IReactorTime,
)
from twisted.python.failure import Failure
from zope.interface import implementer

from tests.simulation.world import Event, Process, World

LATENCY: Final = (0.0002, 0.004)  # seconds on the way


class Network:
    def __init__(self, world: World) -> None:
        self.world = world
        self.ports: dict[int, ListeningPort] = {}
        self.wires: list[Wire] = []
        self.cut_into_pieces = False
        self._numbers = count(20_001)

    def number(self) -> int:
        return next(self._numbers)

    def latency(self) -> float:
        return self.world.chance.uniform(*LATENCY)

    def between(self, process: Process) -> list[Wire]:
        """Its connections."""
        return [wire for wire in self.wires if process in (wire.one.process, wire.other.process)]


class ListeningPort:
    def __init__(self, network: Network, process: NetworkedProcess, port: int, factory: Any):
        self.network, self.process, self.port, self.factory = network, process, port, factory
        self.clients: list[Process] = []
        """Of all its connections, those that are over as well, in the order in which they came."""

    def getHost(self) -> IPv4Address:
        return IPv4Address("TCP", "127.0.0.1", self.port)

    def stopListening(self) -> None:
        self.network.ports.pop(self.port, None)


class Connector:
    """twisted.internet.interfaces.IConnector, as far as endpoints use it."""

    def __init__(self, process: NetworkedProcess, port: int, factory: Any) -> None:
        self._process, self._port, self._factory = process, port, factory
        self._stopped = False

    def getDestination(self) -> IPv4Address:
        return IPv4Address("TCP", "127.0.0.1", self._port)

    def stopConnecting(self) -> None:
        self._stopped = True

    def connect(self) -> None:
        self._factory.doStart()
        self._factory.startedConnecting(self)
        network = self._process.network
        self._process.callLater(2 * network.latency(), self._arrived)

    def _arrived(self) -> None:
        network = self._process.network
        port = network.ports.get(self._port)
        if self._stopped:
            return
        if port is None or not port.process.alive:
            self._factory.clientConnectionFailed(self, Failure(ConnectionRefusedError()))
            return
        Wire(network, self._process, port.process).begin(self._factory, port)


class Wire:
    """One connection and its two ends."""

    def __init__(self, network: Network, client: Process, server: Process) -> None:
        self.network = network
        self.one = End(self, client)
        self.other = End(self, server)
        self.one.peer, self.other.peer = self.other, self.one

    def begin(self, client: Any, port: ListeningPort) -> None:
        self.network.wires.append(self)
        self.other.process.callLater(0, self._accepted, port)
        self.one.made(client)

    def _accepted(self, port: ListeningPort) -> None:
        port.clients.append(self.one.process)
        self.other.made(port.factory)

    def cut(self) -> None:
        """Each end hears of it in its own time, and what was on its way has gone or not."""
        for end in (self.one, self.other):
            end.lost_soon(ConnectionLost(), self.network.latency())

    def stand_still(self, seconds: float) -> None:
        """What is said from now on arrives when that is over, as after lost packets."""
        self.one.stand_still(seconds)
        self.other.stand_still(seconds)


class End:
    """A transport."""

    peer: End

    def __init__(self, wire: Wire, process: Process) -> None:
        self.process = process
        self.disconnecting = False
        self.connected = False
        self._wire = wire
        self._protocol: Any = None
        self._arrives = 0.0  # when the last that was written does
        self._reading = True
        self._waiting: list[bytes] = []
        self._lost: Event | None = None
        self._over = False
        self._after: Callable[[], None] | None = None

    def made(self, factory: Any) -> None:
        self._protocol = factory.buildProtocol(IPv4Address("TCP", "127.0.0.1", 1))
        if self._protocol is None:
            self.peer.lost_soon(ConnectionDone(), self._wire.network.latency())
            return
        self.connected = True
        self._protocol.makeConnection(self)
        self._read()

    # -- what a protocol does with it ------------------------------------------------------------

    def write(self, data: bytes) -> None:
        if self._over or self.disconnecting or not data:
            return
        for piece in self._pieces(data):
            self._on_its_way(self.peer.arrived, piece)

    def writeSequence(self, pieces: list[bytes]) -> None:
        self.write(b"".join(pieces))

    def loseConnection(self) -> None:
        if self._over or self.disconnecting:
            return
        self.disconnecting = True
        self._on_its_way(self.peer.lost_soon, ConnectionDone(), 0.0)
        self.lost_soon(ConnectionDone(), 0.0)

    def abortConnection(self) -> None:
        if self._over:
            return
        self.disconnecting = True
        self._on_its_way(self.peer.lost_soon, ConnectionLost(), 0.0)
        self.lost_soon(ConnectionAborted(), 0.0)

    def setTcpNoDelay(self, enabled: bool) -> None:
        """It is."""

    def setTcpKeepAlive(self, enabled: bool) -> None:
        """Nobody waits so long."""

    def registerProducer(self, producer: object, streaming: bool) -> None:
        """It is never told to stop: there is room."""

    def unregisterProducer(self) -> None:
        """It was told nothing."""

    def pauseProducing(self) -> None:
        self._reading = False

    def resumeProducing(self) -> None:
        self._reading = True
        if self._waiting:
            self.process.callLater(0, self._read)

    def getPeer(self) -> IPv4Address:
        return IPv4Address("TCP", "127.0.0.1", 1)

    getHost = getPeer

    # -- what comes ------------------------------------------------------------------------------

    def stand_still(self, seconds: float) -> None:
        self._arrives = max(self._arrives, self.process.world.now + seconds)

    def arrived(self, data: bytes) -> None:
        self._waiting.append(data)
        self._read()

    def lost_soon(self, reason: Exception, seconds: float) -> None:
        """Behind what has arrived before."""
        if self._lost is None and not self._over:
            self._lost = self.process.callLater(seconds, self._end, Failure(reason))

    def died(self) -> None:
        """Its process did: the system says so to the other end, behind what was written."""
        self._over = True
        self._on_its_way(self.peer.lost_soon, ConnectionLost(), 0.0)

    def _read(self) -> None:
        if self._reading and self.connected and self._waiting and not self._over:
            data, self._waiting = b"".join(self._waiting), []
            self._protocol.dataReceived(data)

    def _end(self, reason: Failure) -> None:
        if self._over:
            return
        self._read()
        self._over = True
        if self._wire in self._wire.network.wires and self.peer._over:
            self._wire.network.wires.remove(self._wire)
        if self.connected:
            self.connected = False
            self._protocol.connectionLost(reason)

    def _on_its_way(self, then: Callable[..., None], *args: object) -> None:
        now = self.process.world.now
        self._arrives = max(self._arrives, now + self._wire.network.latency())
        self.peer.process.callLater(self._arrives - now, then, *args).by_socket = True

    def _pieces(self, data: bytes) -> list[bytes]:
        chance = self.process.world.chance
        if not self._wire.network.cut_into_pieces or len(data) < 2 or chance.random() < 0.7:
            return [data]
        at = chance.randint(1, len(data) - 1)
        return [data[:at], data[at:]]


@implementer(IReactorTime, IReactorPluggableNameResolver)
class NetworkedProcess(Process):
    """What a program takes for its reactor: gateway.model.hall_reactor.IHallReactor."""

    def __init__(self, world: World, name: str, network: Network) -> None:
        super().__init__(world, name)
        self.network = network
        self.nameResolver: Any = _Names()
        self.dying.append(self._disconnect)

    def installNameResolver(self, resolver: Any) -> Any:
        before, self.nameResolver = self.nameResolver, resolver
        return before

    def listenTCP(
        self, port: int, factory: Any, backlog: int = 50, interface: str = ""
    ) -> ListeningPort:
        port = port or self.network.number()
        factory.doStart()
        listening = self.network.ports[port] = ListeningPort(self.network, self, port, factory)
        return listening

    def connectTCP(
        self, host: str, port: int, factory: Any, timeout: float = 30, bindAddress: Any = None
    ) -> Connector:
        connector = Connector(self, port, factory)
        connector.connect()
        return connector

    def _disconnect(self) -> None:
        for wire in self.network.between(self):
            (wire.one if wire.one.process is self else wire.other).died()


@implementer(IHostnameResolver)
class _Names:
    """Every name is an address of this world."""

    def resolveHostName(self, receiver: Any, hostName: str, portNumber: int = 0, *_: Any) -> Any:
        receiver.resolutionBegan(None)
        receiver.addressResolved(IPv4Address("TCP", hostName, portNumber))
        receiver.resolutionComplete()
        return receiver
