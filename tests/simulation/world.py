"""One clock for everything, and the processes that live by it: some are killed, some stand still.

Whatever happens is an event with its moment; at one moment they come in the order in which they
were made. So a seed tells the whole story, and tells it again.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from random import Random
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.internet.error import AlreadyCalled, AlreadyCancelled
from twisted.internet.interfaces import IDelayedCall
from twisted.python.failure import Failure
from zope.interface import implementer

BEGINS: Final = 1_772_424_000.0  # 2026-03-02 12:00 in China: seconds since 1970
MOST_EVENTS: Final = 100_000  # of one story; more is a circle


class Killed(BaseException):
    """The process that runs is no more. Nothing catches it but the world."""


class Stuck(Exception):
    """So many events, and no end."""


@implementer(IDelayedCall)
class Event:
    """Something that a process does at a moment. `thread`: in one of its threads."""

    __slots__ = (
        "_args", "_call", "_named", "_world", "active_", "by_socket", "due", "number", "process",
    )  # fmt: skip

    def __init__(
        self,
        world: World,
        process: Process,
        due: float,
        call: Callable[..., object],
        args: tuple[Any, ...],
        named: dict[str, Any],
    ) -> None:
        self._world, self.process, self.due = world, process, due
        self._call, self._args, self._named = call, args, named
        self.active_ = True
        self.by_socket = False
        """It is read from a socket: who stood still does first what its timers tell, as Twisted."""
        self.number = 0

    def run(self) -> None:
        self.active_ = False
        self._call(*self._args, **self._named)

    # -- IDelayedCall ----------------------------------------------------------------------------

    def getTime(self) -> float:
        return self.due

    def active(self) -> bool:
        return self.active_

    def cancel(self) -> None:
        self._must_be_active()
        self.active_ = False

    def reset(self, seconds: float) -> None:
        self._must_be_active()
        self.due = self._world.now + seconds
        self._world.put(self)

    def delay(self, seconds: float) -> None:
        self._must_be_active()
        self.due += seconds
        self._world.put(self)

    def _must_be_active(self) -> None:
        if not self.active_:
            raise (AlreadyCalled if self._world.now >= self.due else AlreadyCancelled)


class World:
    """`chance` decides everything that is not decided otherwise. `now` is in seconds since the
    story began."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = Random(seed)
        self.now = 0.0
        self.slow = 0.0  # seconds more that work in threads takes
        self.happened = 0
        self.tale: list[tuple[float, str, str]] = []  # when, who, what
        self.errors: list[str] = []
        """What nobody handled, in a process that lived."""
        self._events: list[tuple[float, float, int, Event]] = []
        self._count = 0

    def wall(self) -> float:
        return BEGINS + self.now

    def tell(self, who: str, what: str) -> None:
        """A line of the story."""
        self.tale.append((self.now, who, what))

    def put(self, event: Event, at: float | None = None) -> None:
        """`at`: later than it was due, for its process stood still."""
        self._count += 1
        event.number = self._count
        heapq.heappush(
            self._events, (event.due if at is None else at, event.due, self._count, event)
        )

    def run(self, until: Callable[[], bool], within: float) -> bool:
        """Let things happen until that holds; False if it does not within so many seconds."""
        end = self.now + within
        while not until():
            if not self._events or self._events[0][0] > end:
                self.now = end
                return until()
            self._step()
        return True

    def events_of(self, process: Process) -> list[Event]:
        waiting = (event for _, _, number, event in self._events if number == event.number)
        return [event for event in waiting if event.active_ and event.process is process]

    def _step(self) -> None:
        at, _, number, event = heapq.heappop(self._events)
        process = event.process
        if not event.active_ or number != event.number or not process.alive:
            return
        self.now = max(self.now, at)
        if process.until > self.now:
            self._count += 1
            event.number = self._count
            turn = math.inf if event.by_socket else event.due
            heapq.heappush(self._events, (process.until, turn, self._count, event))
            return
        self.happened += 1
        if self.happened > MOST_EVENTS:
            raise Stuck(f"{MOST_EVENTS} events in {self.now:.0f} seconds")
        try:
            event.run()
        except Killed:
            pass
        except Stuck:
            raise
        except Exception as error:
            if process.alive:
                self.errors.append(told(process.name, error))


def told(name: str, error: BaseException) -> str:
    trace = Failure(error, type(error), error.__traceback__).getTraceback()
    return f"{name}: {type(error).__name__}: {error}\n{trace}"


class Process:
    """Time and threads of one process. What it has not done when it dies is never done."""

    TURN: Final = (0.0001, 0.002)  # seconds until a thread's word is heard
    WORK: Final = (0.0005, 0.005)  # seconds that work in a thread takes

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.alive = True
        self.until = 0.0  # it stands still until then
        self.busy = 0.0  # seconds more until a thread's word is heard: work, and what came of it
        self.dying: list[Callable[[], None]] = []
        self._heard = 0.0

    def freeze(self, seconds: float) -> None:
        """SIGSTOP, and SIGCONT later: it sees nothing of it but the clock."""
        self.until = max(self.until, self.world.now + seconds)

    def kill(self) -> None:
        if self.alive:
            self.alive = False
            for each in self.dying:
                each()

    # -- IReactorTime ----------------------------------------------------------------------------

    def seconds(self) -> float:
        return self.world.now

    def callLater(
        self, delay: float, callable: Callable[..., object], *args: Any, **kwargs: Any
    ) -> Event:
        event = Event(self.world, self, self.world.now + delay, callable, args, kwargs)
        if self.alive:
            self.world.put(event)
        return event

    def getDelayedCalls(self) -> list[Event]:
        return self.world.events_of(self)

    # -- IReactorThreads -------------------------------------------------------------------------

    def callFromThread(self, call: Callable[..., object], *args: Any, **named: Any) -> None:
        """In the order in which they are said."""
        if not self.alive:
            return  # whatever it says, and whenever it is cleared away: it changes nothing
        soon = self.world.now + self.busy + self.world.chance.uniform(*self.TURN)
        self._heard = max(self._heard, soon)
        self.callLater(self._heard - self.world.now, call, *args, **named)

    def getThreadPool(self) -> Process:
        return self

    def callInThreadWithCallback(
        self,
        told: Callable[[bool, Any], object],
        function: Callable[..., object],
        *args: Any,
        **named: Any,
    ) -> None:
        """twisted.python.threadpool.ThreadPool's: as many threads as are wanted."""
        if not self.alive:
            return
        takes = self.world.slow + self.world.chance.uniform(*self.WORK)
        self.callLater(takes, self._in_thread, told, function, args, named)

    def _in_thread(
        self,
        told: Callable[[bool, Any], object],
        function: Callable[..., object],
        args: tuple[Any, ...],
        named: dict[str, Any],
    ) -> None:
        try:
            result = function(*args, **named)
        except Exception:
            told(False, Failure())
        else:
            told(True, result)

    def repeated(self, _name: str, every: float, step: Callable[[], bool]) -> Repeating:
        """gateway.model.own_thread.OwnThread's, of this process."""
        return Repeating(self, every, step)

    def pause(self, seconds: float) -> Deferred[None]:
        pause: Deferred[None] = Deferred()
        self.callLater(seconds, pause.callback, None)
        return pause


class Repeating:
    """gateway.model.own_thread.Repeated."""

    def __init__(self, process: Process, every: float, step: Callable[[], bool]) -> None:
        self._process, self._every, self._step = process, every, step
        self._ended = False
        self._next: Any = None
        self._woken = False

    def start(self) -> None:
        self._next = self._process.callLater(self._every, self._run)

    def wake(self) -> None:
        if self._next is not None and self._next.active():
            self._next.reset(0)
        else:  # by the step itself
            self._woken = True

    def stop(self) -> None:
        self._ended = True

    def _run(self) -> None:
        self._woken = False
        if not self._ended and self._step():
            self._next = self._process.callLater(0 if self._woken else self._every, self._run)
