"""Keeping one connection up, whatever its protocol: connect, serve, wait, again.

 start()              serving()            the attempt ends
IDLE ──▶ CONNECTING ────────────▶ SERVING ──────────────────┐
             ▲   └────────────────────────────────────────┐ │
             │            waited                          ▼ ▼
             └─────────────────────────────────────────── WAITING
any ── stop() ──▶ STOPPING ── the attempt ended ──▶ STOPPED
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.python.failure import Failure


class RefusedByPeer(Exception):
    """The other side does not want us, and will not until a person changes something."""


class LineState(Enum):
    """Where a line stands."""

    IDLE = "idle"
    CONNECTING = "connecting"
    SERVING = "serving"
    WAITING = "waiting"
    STOPPING = "stopping"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line has come to stand elsewhere: one line of log.

    `alarm` says that waiting will not help. `wait` is in seconds, when the state is WAITING.
    """

    line: str
    state: LineState
    reason: str = ""
    failures: int = 0
    wait: float = 0.0
    alarm: bool = False


def backoff(
    first: float, most: float, chance: Callable[[], float], factor: float = 2.0
) -> Callable[[int], float]:
    """Waiting that grows with each failure, from `first` to `most` seconds.

    `chance` gives numbers from 0 to 1. Half of each wait is left to it, so that many lines that
    fell together do not come back together.
    """

    def wait(failures: int) -> float:
        # capped before the power can overflow
        longest = most if failures > 60 else min(most, first * factor ** (failures - 1))
        return longest * (1 + chance()) / 2

    return wait


class ReconnectingLine:
    """Makes an attempt, and when it has ended, after a while, the next.

    `attempt` connects, serves, and fires its Deferred when that is over, with the reason in words,
    failing if it never served; a Refused failure alarms and waits `refused_wait` instead of
    hammering. Once it is logged in it must call `serving` with the way to end it in order. A line
    that served for `lived` seconds begins to count its failures anew; mere connecting does not
    count.
    """

    def __init__(
        self,
        name: str,
        clock: IReactorTime,
        attempt: Callable[[ReconnectingLine], Deferred[str]],
        wait: Callable[[int], float],
        changed: Callable[[LineChange], None],
        *,
        lived: float = 30.0,
        refused_wait: float = 600.0,
    ) -> None:
        self.name = name
        self.state = LineState.IDLE
        self._clock = clock
        self._attempt = attempt
        self._wait = wait
        self._changed = changed
        self._lived = lived
        self._refused_wait = refused_wait
        self._failures = 0
        self._served_since: float | None = None
        self._current: Deferred[str] | None = None
        self._hang_up: Callable[[], object] | None = None
        self._timer: IDelayedCall | None = None
        self._stopped: list[Deferred[None]] = []

    def start(self) -> None:
        """Begins the first attempt."""
        if self.state is LineState.IDLE:
            self._connect()

    def serving(self, hang_up: Callable[[], object]) -> None:
        """The attempt is logged in and serves; `hang_up` ends it in order, within bounded time."""
        if self.state is not LineState.CONNECTING:  # stopped in the meantime
            hang_up()
            return
        self._served_since = self._clock.seconds()
        self._hang_up = hang_up
        self._enter(LineState.SERVING)

    def stop(self) -> Deferred[None]:
        """Ends the line; fires when the running attempt is over and no timer is left."""
        done: Deferred[None] = Deferred()
        self._stopped.append(done)
        if self.state is LineState.STOPPED:
            self._finish()
        elif self.state is not LineState.STOPPING:
            self._end_attempt()
        return done

    def _connect(self) -> None:
        self._timer = None
        self._enter(LineState.CONNECTING)
        self._current = maybeDeferred(self._attempt, self)
        self._current.addBoth(self._over)

    def _over(self, result: object) -> None:
        self._current = self._hang_up = None
        if self.state is LineState.STOPPING:
            self._finish()
            return
        self._count()
        failure = result.value if isinstance(result, Failure) else None
        alarm = isinstance(failure, RefusedByPeer)
        wait = self._refused_wait if alarm else self._wait(self._failures)
        reason = str(failure) or type(failure).__name__ if failure else str(result or "ended")
        self._timer = self._clock.callLater(wait, self._connect)
        self._enter(
            LineState.WAITING, reason=reason, failures=self._failures, wait=wait, alarm=alarm
        )

    def _count(self) -> None:
        """A wrong password lets us connect as often as we like; only service that lasted counts."""
        since, self._served_since = self._served_since, None
        if since is not None and self._clock.seconds() - since >= self._lived:
            self._failures = 0
        self._failures += 1

    def _end_attempt(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._enter(LineState.STOPPING)
        if self._current is None:
            self._finish()
        elif self._hang_up:
            self._hang_up()
        else:
            self._current.cancel()

    def _finish(self) -> None:
        if self.state is not LineState.STOPPED:
            self._enter(LineState.STOPPED)
        stopped, self._stopped = self._stopped, []
        for each in stopped:
            each.callback(None)

    def _enter(
        self,
        state: LineState,
        *,
        reason: str = "",
        failures: int = 0,
        wait: float = 0.0,
        alarm: bool = False,
    ) -> None:
        self.state = state
        self._changed(LineChange(self.name, state, reason, failures, wait, alarm))
