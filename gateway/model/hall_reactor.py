"""What a gateway needs of Twisted's reactor, as one type; work for its threads; repeating."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import (
    IReactorCore,
    IReactorPluggableNameResolver,
    IReactorTCP,
    IReactorThreads,
    IReactorTime,
)
from twisted.internet.task import LoopingCall
from twisted.internet.threads import deferToThreadPool

Given = ParamSpec("Given")
Found = TypeVar("Found")


class IHallReactor(
    IReactorCore,
    IReactorPluggableNameResolver,
    IReactorTCP,
    IReactorThreads,
    IReactorTime,
):
    """Time, threads, TCP and the names of hosts."""


def in_thread(
    reactor: IReactorThreads,
    function: Callable[Given, Found],
    *given: Given.args,
    **named: Given.kwargs,
) -> Deferred[Found]:
    """What comes of it, in one of the threads that this reactor has for such work."""
    return deferToThreadPool(reactor, reactor.getThreadPool(), function, *given, **named)


def repeat(reactor: IHallReactor, every: float, step: Callable[[], object]) -> LoopingCall:
    """`step` every so many seconds, the first time after as many; it waits for its own Deferred."""
    call = LoopingCall(step)
    call.clock = reactor
    call.start(every, now=False)
    return call
