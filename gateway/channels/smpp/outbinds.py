"""Where the SMSC of a link connects to us: who is let in, and every attempt in log and counters."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any, cast

from twisted.internet.defer import Deferred, gatherResults
from twisted.protocols.tls import TLSMemoryBIOFactory

from gateway.config.sections.outbind_settings import OutbindSettings
from gateway.config.sections.setting_types import host_port
from gateway.config.settings import LinkSettings
from gateway.model.hall_reactor import IHallReactor, in_thread
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.security.tls_certificates import server_tls
from smpp.allowed_hosts import AllowedHosts, Network, network_of
from smpp.connection import SmppConnection
from smpp.outbind_listener import MADE_ROOM, TOO_MANY, UNKNOWN_HOST, OutbindFactory
from smpp.session_events import OutbindReceived, SmppSessionEnded, SmppSessionEvent
from smpp.tls_endpoints import server_options

RESOLVED_FOR = 60.0  # seconds before a name is looked up again because somebody unknown came
RESULTS = {UNKNOWN_HOST: "unknown_host", TOO_MANY: "too_many", MADE_ROOM: "made_room"}


class Outbinds:
    """`connect(attempt)` makes a connection that awaits the outbind and tells the attempt of it."""

    def __init__(
        self,
        link: LinkSettings,
        outbind: OutbindSettings,
        connect: Callable[[OutbindAttempt], SmppConnection],
        reactor: IHallReactor,
        counts: Metrics,
        log: Log,
    ) -> None:
        self._link = link
        self._outbind = outbind
        self._connect = connect
        self._reactor = reactor
        self._counts = counts
        self._log = log
        self._names = _Names(outbind.hosts or [link.host], reactor, self._unresolved)
        self.factory = OutbindFactory(self, self._names, _secured(link))
        self._listening: Any = None

    def start(self) -> None:
        host, port = host_port(self._outbind.listen)
        self._listening = self._reactor.listenTCP(port, cast(Any, self.factory), interface=host)
        if (resolved := self._names.resolve()) is not None:
            self._listening.stopReading()  # who calls meanwhile waits in the system's queue
            resolved.addCallback(lambda _: self._let_in())

    def _let_in(self) -> None:
        if self._listening is not None:
            self._listening.startReading()

    def stop(self) -> list[Deferred[Any]]:
        if self._listening is None:
            return []
        ends, self._listening = [self._listening.stopListening()], None
        return [*ends, *[each.unbind() for each in list(self.factory.connections)]]

    # -- smpp.outbind_listener.OutbindObserver ---------------------------------------------------

    def connected(self, peer: str) -> SmppConnection:
        return self._connect(OutbindAttempt(self, peer))

    def refused(self, peer: str, why: str) -> None:
        if why == UNKNOWN_HOST:
            self._names.resolve()  # perhaps the SMSC has moved: it will try again
        self.tell(peer, RESULTS.get(why, "wrong"), why)

    def tell(self, peer: str, result: str, reason: str = "") -> None:
        self._counts.outbinds[self._link.name, result] += 1
        facts = {"reason": reason} if reason else {}
        self._log.event("outbind", link=self._link.name, peer=peer, result=result, **facts)

    def _unresolved(self, name: str) -> None:
        self._log.event("host not found", link=self._link.name, host=name)


class OutbindAttempt:
    """One attempt: told once, when it is known how it went."""

    def __init__(self, outbinds: Outbinds, peer: str) -> None:
        self._outbinds = outbinds
        self._peer = peer
        self._told = False

    def look(self, events: list[SmppSessionEvent]) -> None:
        for event in events:
            match event:
                case OutbindReceived():
                    self._tell("accepted")
                case SmppSessionEnded(reason):
                    self._tell(RESULTS.get(reason, "wrong"), reason)
                case _:
                    pass

    def _tell(self, result: str, reason: str = "") -> None:
        if not self._told:
            self._told = True
            self._outbinds.tell(self._peer, result, reason)


class _Names:
    """The hosts that may connect. What is a name is looked up beside the reactor's thread."""

    def __init__(
        self, hosts: list[str], reactor: IHallReactor, missing: Callable[[str], None]
    ) -> None:
        written = {host: network_of(host) for host in hosts}
        self._fixed = [network for network in written.values() if network is not None]
        self._names = [host for host, network in written.items() if network is None]
        self._found: dict[str, list[Network]] = {}
        self._reactor = reactor
        self._missing = missing
        self._resolved_at: float | None = None

    def __contains__(self, host: object) -> bool:
        found = [network for networks in self._found.values() for network in networks]
        return host in AllowedHosts([*self._fixed, *found])

    def resolve(self) -> Deferred[Any] | None:
        """Fires when every name has been looked up; None where nothing is to be."""
        now, last = self._reactor.seconds(), self._resolved_at
        if not self._names or (last is not None and now - last < RESOLVED_FOR):
            return None
        self._resolved_at = now
        return gatherResults([Deferred.fromCoroutine(self._look_up(each)) for each in self._names])

    async def _look_up(self, name: str) -> None:
        try:
            self._found[name] = await in_thread(self._reactor, _addresses, name)
        except OSError:  # what was found before still holds
            self._missing(name)


def _addresses(name: str) -> list[Network]:
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return [network for *_, address in found if (network := network_of(str(address[0])))]


def _secured(link: LinkSettings) -> Callable[[OutbindFactory], TLSMemoryBIOFactory] | None:
    if (tls := server_tls(link)) is None:
        return None
    options = server_options(tls)
    return lambda factory: TLSMemoryBIOFactory(options, False, factory)
