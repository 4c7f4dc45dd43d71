"""Where an SMSC connects to us and asks us to bind (outbind, SMPP 3.4 §2.2.1)."""

from __future__ import annotations

from collections.abc import Callable, Container

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory

from smpp.connection import SmppConnection


class OutbindFactory(Factory):
    """Accepts a bounded number of connections, from known hosts only.

    `build` makes a connection whose session awaits the outbind; it ends by itself when none comes.
    """

    noisy = False

    def __init__(
        self, build: Callable[[], SmppConnection], most: int, hosts: Container[str] | None = None
    ) -> None:
        self._build = build
        self._most = most
        self._hosts = hosts
        self.connections: set[SmppConnection] = set()

    def buildProtocol(self, addr: IAddress | None) -> SmppConnection | None:
        if len(self.connections) >= self._most or not self._is_known(addr):
            return None
        connection = self._build()
        connection.factory = self
        self.connections.add(connection)
        connection.closed().addCallback(lambda _: self.connections.discard(connection))
        return connection

    def _is_known(self, addr: IAddress | None) -> bool:
        return self._hosts is None or getattr(addr, "host", None) in self._hosts
