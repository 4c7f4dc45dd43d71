"""The Twisted shell round an AMI session: bytes, timers and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol, cast

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IPushProducer, IReactorTime
from twisted.internet.protocol import Protocol as TwistedProtocol
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from ivr.ami.session import AmiSession, NotLoggedIn
from ivr.ami.session_events import AmiSessionEvent

MOST_UNSENT: Final = 1_048_576
"""Octets that wait for an Asterisk that does not read, before we cut the connection: calls outlive
it, and what waits so long helps nobody."""
CLOSING_TIMEOUT: Final = 5.0
"""Seconds for the last bytes to leave before the connection is cut."""


class AmiConnectionUser(Protocol):
    """Whom a connection serves."""

    def events(self, connection: AmiConnection, events: list[AmiSessionEvent]) -> None:
        """What one turn brought."""


class AmiWire(Protocol):
    """The way of octets to a transport and from it."""

    def write(self, data: bytes) -> None:
        """They leave, sooner or later."""

    def rest(self, seconds: float, since: float) -> None:
        """Nothing is read for so many seconds from `since` on, by the connection's clock: what
        comes meanwhile is taken together."""

    def end(self) -> None:
        """The transport is gone: no timer is left."""


class PlainWire:
    """A transport as it comes: the reactor writes, and reads whatever comes when it comes."""

    def __init__(self, transport: Any, _clock: IReactorTime) -> None:
        self.write = transport.write

    def rest(self, seconds: float, since: float) -> None:
        pass

    def end(self) -> None:
        pass


MakesWire = Callable[[Any, IReactorTime], AmiWire]


@implementer(IPushProducer)
class AmiConnection(TwistedProtocol):
    """Feeds a session, and writes at most once a turn of the reactor."""

    def __init__(
        self,
        session: AmiSession,
        clock: IReactorTime,
        user: AmiConnectionUser,
        wire: MakesWire = PlainWire,
    ) -> None:
        self.session = session
        self._clock = clock
        self._user = user
        self._makes_wire = wire
        self.read_at = 0.0
        """When octets were read last, by the connection's clock in seconds."""
        self._busy = False  # within a turn: what is written leaves at its end
        self._alive = False
        self._held_back = False  # Asterisk does not read
        self._flush_call: IDelayedCall | None = None
        self._deadline_call: IDelayedCall | None = None
        self._abort_call: IDelayedCall | None = None
        self._gone: list[Deferred[None]] = []

    # ---- for the user --------------------------------------------------------------------------

    def act(
        self,
        name: str,
        headers: Mapping[str, str],
        key: object,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        """As AmiSession.act."""
        if not self._alive:
            raise NotLoggedIn
        self.session.act(name, headers, key, self._clock.seconds(), variables)
        self._leave_soon()

    def rest(self, seconds: float) -> None:
        """Reads nothing for so many seconds after the last read: what comes meanwhile is taken
        together."""
        if self._alive:
            self._wire.rest(seconds, self.read_at)

    def logoff(self) -> Deferred[None]:
        """Says goodbye and closes; fires when the connection is gone, within bounded time."""
        gone = self.closed()
        if self._alive:
            self.session.logoff(self._clock.seconds())
            self._step(self.session.tick(self._clock.seconds()))
        return gone

    def drop(self, reason: str) -> None:
        """Cuts the connection now."""
        if self._alive:
            self._step(self.session.lost(reason, self._clock.seconds()))
            self._socket.abortConnection()

    def closed(self) -> Deferred[None]:
        """Fires when the connection is gone and its AmiSessionEnded was told; at once if it is."""
        gone: Deferred[None] = Deferred()
        self._gone.append(gone)
        if self.session.over() and not self._alive:
            self._tell_gone()
        return gone

    # ---- Twisted's side ------------------------------------------------------------------------

    def connectionMade(self) -> None:
        self._alive = True
        # TCP, or TLS over it: what both have is in several interfaces
        self._socket = cast(Any, self.transport)
        self._wire = self._makes_wire(self._socket, self._clock)
        self._socket.setTcpNoDelay(True)
        self._socket.registerProducer(self, True)
        self.session.connected(self._clock.seconds())
        self._arrange()

    def dataReceived(self, data: bytes) -> None:
        self.read_at = now = self._clock.seconds()
        self._step(self.session.receive(data, now))

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._alive = False
        self._wire.end()
        for call in (self._flush_call, self._deadline_call, self._abort_call):
            if call is not None and call.active():
                call.cancel()
        try:
            self._step(self.session.lost(reason.getErrorMessage(), self._clock.seconds()))
        finally:
            self._tell_gone()

    def pauseProducing(self) -> None:
        self._held_back = True

    def resumeProducing(self) -> None:
        self._held_back = False
        self._leave_soon()

    def stopProducing(self) -> None:
        self._held_back = True

    # ---- turns ---------------------------------------------------------------------------------

    def _step(self, events: list[AmiSessionEvent]) -> None:
        """The events of a step of the session to the user, and what both wrote to Asterisk."""
        self._busy = True
        try:
            if events:
                self._user.events(self, events)
        finally:
            self._busy = False
        self._arrange()

    def _leave_soon(self) -> None:
        """Actions of one turn of the reactor leave together."""
        if self._alive and not self._busy and self._flush_call is None:
            self._flush_call = self._clock.callLater(0, self._flush)

    def _flush(self) -> None:
        self._flush_call = None
        self._arrange()

    def _arrange(self) -> None:
        """Writes what there is to write, and sees when to come back."""
        if not self._alive:
            return
        if self.session.over():
            self._close()
        elif self.session.unsent > MOST_UNSENT:
            self.drop("Asterisk does not read")
        else:
            if self.session.unsent and not self._held_back:
                self._wire.write(self.session.output())
            self._mind_deadline()

    def _mind_deadline(self) -> None:
        deadline = self.session.deadline()
        call = self._deadline_call
        if deadline is None or (call is not None and call.getTime() <= deadline):
            return  # it may fire too early: that costs less than to move it at every turn
        if call is not None:
            call.cancel()
        wait = max(0.0, deadline - self._clock.seconds())
        self._deadline_call = self._clock.callLater(wait, self._due)

    def _due(self) -> None:
        self._deadline_call = None
        self._step(self.session.tick(self._clock.seconds()))

    def _close(self) -> None:
        if self._abort_call is None:
            self._socket.unregisterProducer()
            if not self._held_back:
                self._wire.write(self.session.output())
            self._socket.loseConnection()
            self._abort_call = self._clock.callLater(CLOSING_TIMEOUT, self._socket.abortConnection)

    def _tell_gone(self) -> None:
        gone, self._gone = self._gone, []
        for each in gone:
            each.callback(None)
