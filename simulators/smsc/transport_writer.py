"""The way out of one connection: whole writes, or segments cut and held as the faults say."""

from __future__ import annotations

from typing import Protocol

from twisted.internet.interfaces import IDelayedCall

from simulators.smsc.context import SmscContext

_GAP = 0.001  # seconds between two segments of a split stream


class WriterTransport(Protocol):
    """What is used of Twisted's, TCP or TLS over it."""

    def write(self, data: bytes, /) -> object: ...
    def loseConnection(self) -> object: ...
    def abortConnection(self) -> object: ...
    def pauseProducing(self) -> object: ...
    def resumeProducing(self) -> object: ...
    def setTcpNoDelay(self, enabled: bool, /) -> object: ...
    def registerProducer(self, producer: object, streaming: bool, /) -> object: ...


class TransportWriter:
    """Bytes in order to a transport, and the ways a connection ends or hangs."""

    def __init__(self, transport: WriterTransport, context: SmscContext) -> None:
        self.ended = False
        self.frozen = False
        self._transport = transport
        self._faults = context.faults
        self._clock = context.clock
        self._chance = context.chance
        self._held = bytearray()
        self._next: IDelayedCall | None = None

    @property
    def open(self) -> bool:
        """Both ways work."""
        return not (self.ended or self.frozen)

    def write(self, data: bytes) -> None:
        if not self.open:
            return
        if not (self._held or self._faults.split or self._faults.merge):
            # Twisted joins the writes of one turn of the reactor by itself
            self._transport.write(data)
            return
        self._held += data
        if self._next is None:
            self._next = self._clock.callLater(self._faults.merge, self._go_on)

    def drop(self) -> None:
        """End at once; what was written and not yet sent is lost."""
        self.ended = True
        self.stop()
        self._transport.abortConnection()

    def hang_up(self) -> None:
        """End once everything written has been sent."""
        if not self.ended:
            self._flush()
            self.ended = True
            self._transport.loseConnection()

    def freeze(self) -> None:
        """Neither read nor write any more, yet stay connected: the other machine lost its power."""
        self.frozen = True
        self._transport.pauseProducing()

    def thaw(self) -> None:
        """Read again; what was to be written meanwhile is lost."""
        self.frozen = False
        self._transport.resumeProducing()

    def stop(self) -> None:
        """Nothing leaves by itself any more."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _flush(self) -> None:
        self.stop()
        if self._held and self.open:
            self._transport.write(bytes(self._held))
        self._held.clear()

    def _go_on(self) -> None:
        self._next = None
        if not self._faults.split:
            self._flush()
            return
        # sizes round the header's sixteen bytes are the ones that hurt
        size = self._chance.choice((1, 3, 15, 16, 17, self._chance.randint(18, 1400)))
        self._transport.write(bytes(self._held[:size]))
        del self._held[:size]
        if self._held:
            self._next = self._clock.callLater(_GAP, self._go_on)
