"""The way out of one link: whole writes, or segments cut and held as the faults say."""

from __future__ import annotations

from random import Random

from twisted.internet.interfaces import IDelayedCall, IReactorTime, ITransport

from simulators.faults import Faults

_GAP = 0.001  # seconds between two segments of a split stream


class Wire:
    """Bytes in order to a transport. `frozen` swallows them, as a dead peer would."""

    def __init__(
        self, transport: ITransport, faults: Faults, clock: IReactorTime, chance: Random
    ) -> None:
        self.frozen = False
        self._transport = transport
        self._faults = faults
        self._clock = clock
        self._chance = chance
        self._held = bytearray()
        self._next: IDelayedCall | None = None

    def write(self, data: bytes) -> None:
        if self.frozen:
            return
        if not (self._held or self._faults.split or self._faults.merge):
            # Twisted joins the writes of one turn of the reactor by itself
            self._transport.write(data)
            return
        self._held += data
        if self._next is None:
            self._next = self._clock.callLater(self._faults.merge, self._go_on)

    def flush(self) -> None:
        """Everything held leaves now."""
        self.stop()
        if self._held and not self.frozen:
            self._transport.write(bytes(self._held))
        self._held.clear()

    def stop(self) -> None:
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _go_on(self) -> None:
        self._next = None
        if not self._faults.split:
            self.flush()
            return
        size = self._chance.choice((1, 3, 15, 16, 17, self._chance.randint(1, 4000)))
        self._transport.write(bytes(self._held[:size]))
        del self._held[:size]
        if self._held:
            self._next = self._clock.callLater(_GAP, self._go_on)
