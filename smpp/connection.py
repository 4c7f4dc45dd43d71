"""The Twisted shell round a session: bytes, timers and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol as Port
from typing import cast

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IPushProducer, IReactorTime
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from smpp.pdu import Outbind, SubmitSm
from smpp.prompt_wire import PromptWire, SmppTransport
from smpp.session import SmppSession
from smpp.session_events import SmppSessionEvent

MOST_UNSENT = 1_048_576
"""Octets that wait for a peer that does not read, before we stop reading from it as well."""
CLOSING_TIMEOUT = 5.0
"""Seconds for the last bytes to leave before the connection is cut."""


class SmppConnectionUser(Port):
    """Whom the connection serves."""

    def events(self, connection: SmppConnection, events: list[SmppSessionEvent]) -> None:
        """What one turn brought. An empty list means: there is room to send again."""


@implementer(IPushProducer)
class SmppConnection(Protocol):
    """Feeds a session, and writes at most once a turn of the reactor.

    While the peer does not read, nothing is passed to the transport and nothing is free to send:
    what we hold is bounded by the session's window and MOST_UNSENT.
    """

    def __init__(
        self,
        session: SmppSession,
        clock: IReactorTime,
        user: SmppConnectionUser,
        awaiting: Outbind | None = None,
    ) -> None:
        self.session = session
        self._clock = clock
        self._user = user
        self._awaiting = awaiting
        self._in_turn = False
        self._flushing: IDelayedCall | None = None
        self._timer: IDelayedCall | None = None
        self._cutting: IDelayedCall | None = None
        self._writable = True
        self.read_at = 0.0
        """When octets were read last, by the connection's clock in seconds."""
        self._up = False
        self._waiting: list[Deferred[None]] = []

    # ---- for the user --------------------------------------------------------------------------

    @property
    def free(self) -> int:
        """How many messages may be submitted now."""
        return self.session.free if self._writable else 0

    def submit(self, pdu: SubmitSm, key: object) -> int:
        """As SmppSession.submit."""
        sequence = self.session.submit(pdu, key, self._clock.seconds())
        if self._full():
            self._wire.read_on()
        self._flush_soon()
        return sequence

    def answer(self, sequence: int, command_status: int, token: object = None) -> bool:
        """As SmppSession.answer."""
        answered = self.session.answer(sequence, command_status, token)
        self._flush_soon()
        return answered

    def rest(self, seconds: float) -> None:
        """Reads nothing for so many seconds after the last read: what comes meanwhile is taken
        together. Not while the window is full: answers make room."""
        if self._up and not self._full():
            self._wire.rest(seconds, self.read_at)

    def _full(self) -> bool:
        return self.session.kind.sends and not self.session.free

    def unbind(self) -> Deferred[None]:
        """Says goodbye and closes; fires when the connection is gone, within bounded time."""
        if self._up:
            self.session.unbind(self._clock.seconds())
            self._flush_soon()
        return self.closed()

    def drop(self, reason: str) -> None:
        """Cuts the connection now."""
        if self._up:
            self._turn(lambda now: self.session.lost(reason, now))
            self._transport.abortConnection()

    def closed(self) -> Deferred[None]:
        """Fires when the connection is gone and its SmppSessionEnded was told; at once if it is."""
        waiting: Deferred[None] = Deferred()
        if self.session.over() and not self._up:
            waiting.callback(None)
        else:
            self._waiting.append(waiting)
        return waiting

    # ---- Twisted's side ------------------------------------------------------------------------

    def connectionMade(self) -> None:
        self._up = True
        self._transport = cast(SmppTransport, self.transport)
        self._wire = PromptWire(self._transport, self._clock)
        self._transport.setTcpNoDelay(True)
        self._transport.registerProducer(self, True)
        self.session.connected(self._clock.seconds(), self._awaiting)
        self.flush()

    def dataReceived(self, data: bytes) -> None:
        """A turn, written out: every message comes by here."""
        self._in_turn = True
        self.read_at = now = self._clock.seconds()
        try:
            if events := self.session.receive(data, now):
                self._user.events(self, events)
        finally:
            self._in_turn = False
        self._turn_over()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._up = False
        self._wire.end()
        for timer in (self._flushing, self._timer, self._cutting):
            if timer and timer.active():
                timer.cancel()
        try:
            self._turn(lambda now: self.session.lost(reason.getErrorMessage(), now))
        finally:
            waiting, self._waiting = self._waiting, []
            for each in waiting:
                each.callback(None)

    def pauseProducing(self) -> None:
        """The peer does not read, the transport's buffer is full."""
        self._writable = False

    def resumeProducing(self) -> None:
        if self._writable or self.session.over():
            return
        self._writable = True
        self._turn(lambda now: [], tell_always=True)

    def stopProducing(self) -> None:
        self._writable = False

    # ---- turns ---------------------------------------------------------------------------------

    def _turn(
        self, step: Callable[[float], list[SmppSessionEvent]], tell_always: bool = False
    ) -> None:
        """A step of the session, its events to the user, and what both wrote to the peer."""
        self._in_turn = True
        try:
            events = step(self._clock.seconds())
            if events or tell_always:
                self._user.events(self, events)
        finally:
            self._in_turn = False
        self._turn_over()

    def _turn_over(self) -> None:
        self.flush()
        if self.session.over():
            self._close()

    def _flush_soon(self) -> None:
        """Answers and messages of one turn of the reactor leave together."""
        if not (self._in_turn or self._flushing) and self._up:
            self._flushing = self._clock.callLater(0, self.flush)

    def flush(self) -> None:
        """What was submitted and answered leaves in one write: now, not when the reactor turns."""
        if self._flushing is not None:
            if self._flushing.active():
                self._flushing.cancel()
            self._flushing = None
        if self._up:
            if self._writable and self.session.unsent:
                self._wire.write(self.session.output())
            self._wire.choke(self.session.unsent > MOST_UNSENT)
            self._set_timer()

    def _set_timer(self) -> None:
        """A timer that fires too early costs less than one that is moved at every turn."""
        deadline = self.session.deadline()
        if deadline is None:
            return
        wait = max(0.0, deadline - self._clock.seconds())
        if self._timer is None:
            self._timer = self._clock.callLater(wait, self._tick)
        elif deadline < self._timer.getTime():
            self._timer.reset(wait)

    def _tick(self) -> None:
        self._timer = None
        self._turn(self.session.tick)

    def _close(self) -> None:
        """What was written last still leaves, but we do not wait for it for ever."""
        if self._up and self._cutting is None:
            self._transport.unregisterProducer()
            self._wire.write(self.session.output())
            self._transport.loseConnection()
            self._cutting = self._clock.callLater(CLOSING_TIMEOUT, self._transport.abortConnection)
