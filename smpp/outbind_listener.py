"""Where an SMSC connects to us and asks us to bind (outbind, SMPP 3.4 §2.2.1).

Our answer to an outbind carries our password. So who connects is looked at three times, before
anything is said: by address here, by certificate where the link has TLS, and by the outbind's own
password in the session.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Protocol as Port

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory, Protocol
from twisted.protocols.tls import TLSMemoryBIOFactory, TLSMemoryBIOProtocol

from smpp.connection import SmppConnection
from smpp.session import SmppSessionState

MOST_SERVING = 16
"""Connections on which one SMSC has said a right outbind."""
MOST_WAITING = 16
MOST_WAITING_EACH = 4
"""Connections that have said none yet, in all and from one address."""

_WAITING = SmppSessionState.FRESH, SmppSessionState.LISTENING
_SERVING = SmppSessionState.BINDING, SmppSessionState.BOUND, SmppSessionState.UNBINDING

UNKNOWN_HOST = "not from this address"
TOO_MANY = "as many connections as one SMSC may have"
MADE_ROOM = "made room for a newer one before an outbind came"


class OutbindObserver(Port):
    """Who wants to know of every connection."""

    def connected(self, peer: str) -> SmppConnection:
        """A connection for it, whose session awaits the outbind and ends by itself."""

    def refused(self, peer: str, why: str) -> None:
        """Nothing was said to it."""


class OutbindFactory(Factory):
    """Lets known hosts in. Who has not said a right outbind yet takes no place from who has: when
    there are too many of them, the oldest goes."""

    noisy = False

    def __init__(
        self,
        watcher: OutbindObserver,
        hosts: Container[str],
        tls: Callable[[OutbindFactory], TLSMemoryBIOFactory] | None = None,
    ) -> None:
        self._watcher = watcher
        self._hosts = hosts
        self._tls = tls(self) if tls is not None else None
        self.connections: dict[SmppConnection, str] = {}  # oldest first, and where each is from

    def buildProtocol(self, addr: IAddress | None) -> Protocol | None:
        peer = str(getattr(addr, "host", ""))
        if why := self._objection(peer):
            self._watcher.refused(peer, why)
            return None
        self._make_room(peer)
        connection = self._watcher.connected(peer)
        connection.factory = self
        self.connections[connection] = peer
        connection.closed().addCallback(lambda _: self.connections.pop(connection, None))
        if self._tls is None:
            return connection
        return TLSMemoryBIOProtocol(self._tls, connection)

    def _objection(self, peer: str) -> str:
        if peer not in self._hosts:
            return UNKNOWN_HOST
        return TOO_MANY if len(self._in(*_SERVING)) >= MOST_SERVING else ""

    def _make_room(self, peer: str) -> None:
        waiting = self._in(*_WAITING)
        same = [each for each in waiting if self.connections[each] == peer]
        if len(same) >= MOST_WAITING_EACH:
            same[0].drop(MADE_ROOM)
        elif len(waiting) >= MOST_WAITING:
            waiting[0].drop(MADE_ROOM)

    def _in(self, *states: SmppSessionState) -> list[SmppConnection]:
        """Those in one of these states, the oldest first."""
        return [each for each in self.connections if each.session.state in states]
