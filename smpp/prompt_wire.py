"""A transport without detours: octets leave when they are written, and are read in rounds where one
asks for it.

Twisted's own `write` asks epoll(7) whether the socket has room, lets the reactor turn, writes, and
asks no more: two system calls and a turn for each answer, though there is room nearly always.
"""

from __future__ import annotations

from typing import Protocol, cast

from twisted.internet.interfaces import IDelayedCall, IPushProducer, IReactorTime
from twisted.internet.tcp import Connection


class SmppTransport(Protocol):
    """What we need of a transport; Twisted has it in four interfaces."""

    def write(self, data: bytes) -> None: ...
    def loseConnection(self) -> None: ...
    def abortConnection(self) -> None: ...
    def setTcpNoDelay(self, enabled: bool) -> None: ...
    def registerProducer(self, producer: IPushProducer, streaming: bool) -> None: ...
    def unregisterProducer(self) -> None: ...
    def pauseProducing(self) -> None: ...
    def resumeProducing(self) -> None: ...


class PromptWire:
    """Over TCP; any other transport, such as TLS, is used as it comes."""

    def __init__(self, transport: SmppTransport, clock: IReactorTime) -> None:
        plain = isinstance(transport, Connection) and not transport.TLS
        self._tcp = cast(Connection, transport) if plain else None
        self._transport = transport
        self._clock = clock
        self._behind = False  # the transport holds what the socket had no room for
        self._resting: IDelayedCall | None = None  # until when nothing is read
        self._choked = False  # nothing is read, however long
        self._reading = True

    def write(self, data: bytes) -> None:
        """What the socket has no room for, and whatever is wrong with it, is left to the
        transport."""
        if self._tcp is not None and self._tcp.connected and not self._is_behind(self._tcp):
            sent = self._tcp.writeSomeData(data)
            if sent == len(data):
                return
            self._behind = True
            if isinstance(sent, int):
                data = data[sent:]
        self._transport.write(data)

    def _is_behind(self, tcp: Connection) -> bool:
        if self._behind:
            self._behind = tcp in tcp.reactor.getWriters()
        return self._behind

    def rest(self, seconds: float, since: float) -> None:
        """Nothing is read for so many seconds from `since` on, by the clock: what comes meanwhile
        is taken together."""
        if self._resting is None:
            left = max(0.0, since + seconds - self._clock.seconds())
            self._resting = self._clock.callLater(left, self._rested)
            self._mind_reading()

    def read_on(self) -> None:
        """A rest ends before its time."""
        if self._resting is not None:
            self.end()
            self._mind_reading()

    def choke(self, choked: bool) -> None:
        """Whether nothing may be read now."""
        self._choked = choked
        self._mind_reading()

    def end(self) -> None:
        """Leaves no timer behind."""
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None

    def _rested(self) -> None:
        """What has come is read; where it rests again, the reactor need not know."""
        self._resting = None
        if not self._reading and not self._choked:
            self._read()
        self._mind_reading()

    def _read(self) -> None:
        """Whether the connection has ended is found out once it is read by itself again. An
        exception of who reads cuts it, as it would then."""
        if self._tcp is None:
            return
        try:
            self._tcp.doRead()
        except Exception:
            self._tcp.abortConnection()
            raise

    def _mind_reading(self) -> None:
        reading = self._resting is None and not self._choked
        if reading != self._reading:
            self._reading = reading
            change = self._transport.resumeProducing if reading else self._transport.pauseProducing
            change()
