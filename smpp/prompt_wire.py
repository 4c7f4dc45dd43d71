"""A transport without detours: octets leave when they are written, and are read when one asks.

Twisted's own `write` asks epoll(7) whether the socket has room, lets the reactor turn, writes, and
asks no more: two system calls and a turn for each answer, though there is room nearly always.
"""

from __future__ import annotations

from typing import Protocol, cast

from twisted.internet.interfaces import IPushProducer
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

    def __init__(self, transport: SmppTransport) -> None:
        plain = isinstance(transport, Connection) and not transport.TLS
        self._tcp = cast(Connection, transport) if plain else None
        self._transport = transport
        self._behind = False  # the transport holds what the socket had no room for

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

    def read(self) -> None:
        """What has come, though nothing is read by itself. Whether the connection has ended is
        found out once it is. An exception of who reads cuts it, as it would then."""
        if self._tcp is None:
            return
        try:
            self._tcp.doRead()
        except Exception:
            self._tcp.abortConnection()
            raise
