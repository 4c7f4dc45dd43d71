"""Keys that come at once, as on a machine without CPU to spare: an exchange spreads them in time.

While nobody reads keys, one without a length of its own is held for a while before it is passed on;
the one behind it is noted, put off, and noted again when its turn comes; the others wait unread.
"""

from __future__ import annotations

from collections import deque
from typing import Final, Protocol

from twisted.internet.interfaces import IDelayedCall, IReactorTime

_LENGTH: Final = 0.08
"""Seconds that a key is held."""
_GAP: Final = 0.045
"""Seconds between two keys."""


class KeyReceiver(Protocol):
    """A call, as its keys need it."""

    @property
    def reading(self) -> bool:
        """Whether a command reads keys."""

    def note(self, key: str) -> None: ...

    def hear(self, key: str) -> None: ...


class KeySpacing:
    """The keys of one call that wait for their turn."""

    def __init__(self, channel: KeyReceiver, clock: IReactorTime) -> None:
        self._channel = channel
        self._clock = clock
        self._unread: deque[str] = deque()
        self._held = ""
        self._put_off = ""
        self._last = -_GAP
        self._timer: IDelayedCall | None = None

    def press(self, key: str) -> None:
        self._unread.append(key)
        self._read_on()

    def stop(self) -> None:
        """The call is over."""
        self._unread.clear()
        if self._timer is not None and self._timer.active():
            self._timer.cancel()

    def _read_on(self) -> None:
        while self._unread and not self._put_off:
            self._take(self._unread.popleft())

    def _take(self, key: str) -> None:
        self._channel.note(key)
        near = self._clock.seconds() < self._last + _GAP
        if self._held or (near and not self._channel.reading):
            self._put_off = key
            if not self._held:
                self._timer = self._clock.callLater(_GAP, self._turn)
        elif self._channel.reading:
            self._last = self._clock.seconds()
            self._channel.hear(key)
        else:
            self._held = key
            self._timer = self._clock.callLater(_LENGTH, self._over)

    def _over(self) -> None:
        """What was held is passed on, to whoever reads by now."""
        key, self._held, self._last = self._held, "", self._clock.seconds()
        if self._put_off:
            self._timer = self._clock.callLater(_GAP, self._turn)
        self._channel.hear(key)
        self._read_on()

    def _turn(self) -> None:
        key, self._put_off = self._put_off, ""
        self._take(key)
        self._read_on()
