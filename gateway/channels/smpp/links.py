"""The SMPP links: a line for each bind, kept up, and told apart from one another in log and
counters."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from twisted.internet.defer import Deferred, gatherResults, succeed
from twisted.internet.protocol import Factory

from gateway.channels.reconnecting import (
    LineChange,
    LineState,
    ReconnectingLine,
    RefusedByPeer,
    backoff,
)
from gateway.channels.smpp.channel import SmppChannel
from gateway.channels.smpp.outbinds import OutbindAttempt, Outbinds
from gateway.channels.smpp.sms import BoundLink
from gateway.config.settings import LinkSettings
from gateway.model.hall_reactor import IHallReactor
from gateway.ops.bind_gauges import BindNow
from gateway.ops.log import Log
from gateway.security.tls_certificates import client_tls
from smpp.connection import SmppConnection
from smpp.pdu import BindKind, Outbind
from smpp.session import BindCredentials, SmppLimits, SmppSession
from smpp.session_events import BindAccepted, BindRefused, SmppSessionEnded, SmppSessionEvent
from smpp.session_state import SmppSessionState
from smpp.statuses import Treatment
from smpp.tls_endpoints import client_endpoint

FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0  # seconds between attempts


class SmppLinks:
    def __init__(
        self,
        settings: Sequence[LinkSettings],
        channel: SmppChannel,
        reactor: IHallReactor,
        log: Log,
        chance: Callable[[], float],
    ) -> None:
        """`chance` gives numbers from 0 to 1."""
        wait = backoff(FIRST_WAIT, LONGEST_WAIT, chance)
        self._links = [_Link(link, channel, reactor, log, wait) for link in settings]

    def start(self) -> None:
        for link in self._links:
            link.start()

    async def stop(self) -> None:
        """Unbind everywhere at once, and wait until all connections are gone."""
        await gatherResults([link.stop() for link in self._links])

    def hold(self, held: Collection[str]) -> None:
        """Unbind from these, in order, and bind to all others, if we have no bind there."""
        for link in self._links:
            link.hold(link.name in held)

    def up(self) -> dict[str, bool]:
        return {link.name: link.up for link in self._links}

    def binds(self) -> list[BindNow]:
        return [bind for link in self._links for bind in link.binds()]

    def reasons(self) -> list[str]:
        """Why no message can come or go; empty if one link is up."""
        if any(link.up for link in self._links):
            return []
        if not self._links:
            return ["no SMPP link is configured"]
        return [f"link {link.name} is not up: {link.why}" for link in self._links]


class _Link:
    """One SMSC: its binds, and where it connects to us."""

    def __init__(
        self,
        settings: LinkSettings,
        channel: SmppChannel,
        reactor: IHallReactor,
        log: Log,
        wait: Callable[[int], float],
    ) -> None:
        self.name = settings.name
        self.why = "not started"
        self._settings = settings
        self._channel = channel
        self._reactor = reactor
        self._log = log
        self._endpoint = client_endpoint(
            reactor, settings.host, settings.port, client_tls(settings)
        )
        self._serving: dict[BindKind, int] = dict.fromkeys(BindKind, 0)
        self._wait = wait
        self._lines: list[ReconnectingLine] = []
        self._connections: dict[str, SmppConnection] = {}  # by the line that has it
        self._outbinds: Outbinds | None = None
        self._leaving: Deferred[Any] = succeed(None)
        self._held = False
        self._started = False

    @property
    def up(self) -> bool:
        """Both ways are open."""
        counts = self._serving.items()
        return any(n and kind.sends for kind, n in counts) and any(
            n and kind.receives for kind, n in counts
        )

    def binds(self) -> Iterator[BindNow]:
        """Those that we make ourselves, also while they are not there."""
        for line in self._lines:
            connection = self._connections.get(line.name)
            yield (
                BindNow(self.name, line.name, up=False)
                if connection is None
                else _now(self.name, line.name, connection.session)
            )

    def start(self) -> None:
        self._started = True
        self._begin()

    def stop(self) -> Deferred[Any]:
        self._started = False
        return gatherResults([self._leaving, self._end()])

    def hold(self, held: bool) -> None:
        if held == self._held:
            return
        self._held = held
        if held:
            self._leaving = self._end()
            self.why = "somebody has drained it"
        else:  # once it is gone
            self._leaving.addCallback(lambda _ended: self._begin())

    def _begin(self) -> None:
        if self._held or not self._started or self._lines:
            return
        settings, reactor, wait = self._settings, self._reactor, self._wait
        self._lines = [
            ReconnectingLine(name, reactor, self._attempt(kind), wait, self._changed)
            for kind in _kinds(settings)
            for name in _names(settings, kind)
        ]
        self._outbinds = self._open_outbinds()
        if self._outbinds is not None:
            self._outbinds.start()
        for line in self._lines:
            line.start()

    def _end(self) -> Deferred[Any]:
        lines, self._lines = self._lines, []
        ends = [line.stop() for line in lines]
        if self._outbinds is not None:
            ends += self._outbinds.stop()
            self._outbinds = None
        return gatherResults(ends)

    # -- one connection --------------------------------------------------------------------------

    def _attempt(self, kind: BindKind) -> Any:
        def attempt(line: ReconnectingLine) -> Deferred[str]:
            return Deferred.fromCoroutine(self._connect(kind, line))

        return attempt

    async def _connect(self, kind: BindKind, line: ReconnectingLine) -> str:
        """Connect, bind, serve; returns why it is over. Raises Refused if trying again is
        useless."""
        watch = _Watch(self._count(kind))
        bind = BoundLink(self._channel, self._settings, kind, watch.look)
        connection = self._connection(kind, bind)
        watch.bound = lambda: line.serving(connection.unbind)
        await self._endpoint.connect(Factory.forProtocol(lambda: connection))
        self._connections[line.name] = connection
        try:
            await connection.closed()
        except BaseException:  # the line stops before the bind was answered
            connection.drop("stopped")
            raise
        finally:
            del self._connections[line.name]
        if watch.refused:
            raise RefusedByPeer(watch.refused)
        return watch.ended

    def _connection(
        self, kind: BindKind, user: BoundLink, awaiting: Outbind | None = None
    ) -> SmppConnection:
        settings = self._settings
        password = settings.password.get_secret_value()
        credentials = BindCredentials(
            settings.system_id, password, settings.system_type, settings.address_range
        )
        limits = SmppLimits(
            window=settings.window,
            response_timeout=settings.response_timeout,
            enquire_interval=settings.enquire_interval,
            beat=settings.beat if settings.beat and kind.receives else math.inf,
        )
        return SmppConnection(SmppSession(kind, credentials, limits), self._reactor, user, awaiting)

    def _open_outbinds(self) -> Outbinds | None:
        settings, kind = self._settings, BindKind.RECEIVER
        if (outbind := settings.outbind) is None:
            return None
        expected = Outbind(outbind.system_id, outbind.password.get_secret_value())

        def connect(attempt: OutbindAttempt) -> SmppConnection:
            watch = _Watch(self._count(kind))
            watch.attempt = attempt.look
            bind = BoundLink(self._channel, settings, kind, watch.look)
            return self._connection(kind, bind, expected)

        return Outbinds(settings, outbind, connect, self._reactor, self._channel.counts, self._log)

    def _count(self, kind: BindKind) -> Any:
        def change(by: int) -> None:
            self._serving[kind] += by

        return change

    def _changed(self, change: LineChange) -> None:
        self.why = change.reason or change.state.value
        if change.state in (LineState.SERVING, LineState.WAITING):
            facts = (
                {"reason": change.reason, "wait": round(change.wait, 2)} if change.reason else {}
            )
            name = "refused: a person must act" if change.alarm else change.state.value
            self._log.event("line", line=change.line, state=name, **facts)


def _now(link: str, line: str, session: SmppSession) -> BindNow:
    up, sends = session.state is SmppSessionState.BOUND, session.kind.sends
    if not sends:
        return BindNow(link, line, up)
    used, (status, waited) = session.unanswered, session.last_answer
    window = session.window
    return BindNow(link, line, up, window, used, session.answered, status, waited)


class _Watch:
    """Sees when a connection serves, when it ends, and why it was refused."""

    def __init__(self, count: Any) -> None:
        self._count = count
        self._serves = False
        self.bound: Any = lambda: None
        self.attempt: Any = lambda events: None  # of an SMSC that has called us
        self.refused = ""
        self.ended = ""  # why

    def look(self, events: list[SmppSessionEvent]) -> None:
        self.attempt(events)
        for event in events:
            match event:
                case BindAccepted():
                    self._serves = True
                    self._count(1)
                    self.bound()
                case BindRefused(_, verdict) if verdict.treatment is Treatment.FAIL:
                    self.refused = verdict.reason
                case SmppSessionEnded(reason):
                    self.ended = reason
                    if self._serves:
                        self._serves = False
                        self._count(-1)
                case _:
                    pass  # the bind sees it


def _kinds(settings: LinkSettings) -> tuple[BindKind, ...]:
    """What we connect for. Where the SMSC connects to us to deliver, we only connect to send."""
    if settings.outbind is not None:
        return (BindKind.TRANSMITTER,)
    if settings.bind == "transceiver":
        return (BindKind.TRANSCEIVER,)
    return (BindKind.TRANSMITTER, BindKind.RECEIVER)


def _names(settings: LinkSettings, kind: BindKind) -> list[str]:
    suffix = "" if kind is BindKind.TRANSCEIVER else f" {kind.name.lower()}"
    if settings.binds == 1:
        return [settings.name + suffix]
    return [f"{settings.name}{suffix} {n}" for n in range(1, settings.binds + 1)]
