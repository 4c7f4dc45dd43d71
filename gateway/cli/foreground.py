"""A program in the foreground: opened, run until a signal, closed in order."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from types import FrameType
from typing import Any, cast

from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from gateway.model.hall_reactor import IHallReactor
from gateway.store.connection import StoreFailure
from gateway.store.store import StoreProblem

AGAIN = 1.0  # seconds until a lost story that could not be opened is tried again

YOUNG = (20_000, 20, 20)
"""How many more things live than at the last look, until the collector looks at the new ones; then
how many such looks until one at the older ones, and at all."""
OPENING = (200_000, 20, 20)
"""The same until all is open: nearly everything that is made of conf/ stays, and looking through it
again and again was a fifth of a start."""
LETS_GO = 0.0005
"""Seconds after which the reactor's thread and the desk's let each other go on. A batch asks for
its turn behind every statement; Python's own 5 ms each time is what callers would wait for."""


class EndedBySignal(Exception):
    """Asked to go before everything was open."""


class Foreground:
    """Runs one story on the reactor: SIGTERM and SIGINT end it in order, a second one at once. A
    story that is `lost` is closed in order and opened anew."""

    def __init__(self, reactor: IHallReactor, *, patient: bool = False) -> None:
        """`patient`: however often it is asked, it ends in order. What asks all processes to go, as
        a terminal or a service manager does, asks a supervisor's children as well as the
        supervisor, which asks them again; and it is the supervisor that loses patience."""
        self.reactor = reactor
        self._patient = patient
        self._asked = 0
        self._stop: Deferred[None] = Deferred()
        self._failure: BaseException | None = None
        self._problem: Exception | None = None
        self._lost = False
        self.returns = 0  # times that a lost story was opened anew
        self.hang_up: Callable[[], object] = lambda: None  # SIGHUP
        self.at_once: Callable[[], object] = lambda: None
        """Before all ends at once, in the handler of the signal."""

    def run(self, open_story: Callable[[Foreground], AbstractAsyncContextManager[Any]]) -> None:
        """Open it, wait for a signal, close it. Raises what opening or closing raised."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._signalled)
        signal.signal(signal.SIGHUP, self._hung_up)
        gc.set_threshold(*OPENING)
        self.reactor.callWhenRunning(lambda: Deferred.fromCoroutine(self._tell(open_story)))
        # the interface leaves out that it can be told so
        cast(Any, self.reactor).run(installSignalHandlers=False)
        if self._failure is not None:
            raise self._failure

    @property
    def ending(self) -> bool:
        """Whether it has been asked to end."""
        return self._asked > 0

    def go_on(self) -> None:
        """For who waits while opening. Raises Ended if a signal has come."""
        if self._asked:
            raise EndedBySignal

    def lost(self) -> None:
        """What runs can do nothing any more, and another may be opened. In the reactor's thread."""
        self._lost = True
        self._end()

    def give_up(self, problem: Exception) -> None:
        """Close in order, as after a signal; `run` raises the problem then. In the reactor's
        thread."""
        self._problem = self._problem or problem
        self._end()

    async def _tell(
        self, open_story: Callable[[Foreground], AbstractAsyncContextManager[Any]]
    ) -> None:
        try:
            await self._opened(open_story)
            while self._lost and not self._asked:
                self._lost, self._stop = False, Deferred()
                self.returns += 1
                await self._again(open_story)
            self._failure = self._problem
        except EndedBySignal:
            pass
        except BaseException as failure:
            self._failure = failure
        finally:
            self.reactor.stop()

    async def _opened(
        self, open_story: Callable[[Foreground], AbstractAsyncContextManager[Any]]
    ) -> None:
        async with open_story(self):
            spare_the_collector()
            sys.setswitchinterval(LETS_GO)
            await self._stop

    async def _again(
        self, open_story: Callable[[Foreground], AbstractAsyncContextManager[Any]]
    ) -> None:
        """It could be opened before: what is away now will be there again."""
        while True:
            try:
                await self._opened(open_story)
                return
            except (StoreProblem, StoreFailure):
                self.go_on()
                await deferLater(self.reactor, AGAIN)

    def _signalled(self, _number: int, _frame: FrameType | None) -> None:
        self._asked += 1
        if self._asked > 1 and not self._patient:
            self.at_once()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.raise_signal(signal.SIGTERM)
        self.reactor.callFromThread(self._end)

    def _end(self) -> None:
        if not self._stop.called:
            self._stop.callback(None)

    def _hung_up(self, _number: int, _frame: FrameType | None) -> None:
        self.reactor.callFromThread(lambda: self.hang_up())


def spare_the_collector() -> None:
    """What lives as long as the gateway need not be looked through again and again: a full
    collection over it would hold everything up for tens of milliseconds. And a message makes no
    circles, so what it needed is gone without the collector: looking after every 700 things, as
    usual, took a fifth of all that a message costs. What was spared before is looked through once
    more: a gateway that was lost goes when the next is open."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*YOUNG)
