"""What gateways do for notices: one of them lets those that were approved go on, each knows what
calls and screens begin with."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Final, Protocol

from twisted.internet.defer import Deferred, DeferredLock
from twisted.python.failure import Failure

from gateway.config.settings import Settings
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.dialogue.snapshot import HallSnapshot
from gateway.model.hall_reactor import IHallReactor, in_thread, repeat
from gateway.notices.telling import Telling
from gateway.notices.world import NoticeWorld
from gateway.ops.log import Log
from gateway.store.notices.rows import SqlNotices
from gateway.store.store import Store

EVERY: Final = 1.0  # seconds between looks
RESTS: Final = 0.05  # seconds after each step: messages come first
STEPS: Final = 100  # at most in one look


class ServesNotices(Protocol):
    """gateway.serving.batch.BatchServer."""

    editions: EditionsInForce

    @property
    def store(self) -> Store: ...

    @property
    def log(self) -> Log: ...


def world_of(book: HallSnapshot, settings: Settings) -> NoticeWorld:
    """As the configuration in force says."""
    return NoticeWorld(
        book.catalogue,
        book.regions,
        book.register.settings.classes,
        book.register.specs.keys(),
        book.signature,
        settings.unasked,
        settings.unasked.polite(settings.service.timezone),
    )


def notices_go_on(
    reactor: IHallReactor,
    wall: Callable[[], float],
    serving: ServesNotices,
    settings: Settings,
    lock: DeferredLock,
    wanted: Callable[[], bool],
) -> Callable[[], None]:
    """From now on, until what is returned is called. `wanted`: whether this gateway is the one that
    lets notices go on; two that both do so do each step once. `lock`: nobody changes the book
    meanwhile."""
    closing = Event()

    def tell() -> None:
        telling = Telling(serving.store, world_of(serving.editions.base, settings))
        for _ in range(STEPS if wanted() else 0):
            if not telling.step(int(wall())) or closing.wait(RESTS):
                return

    def listen() -> None:
        with serving.store.reading() as connection:
            said = SqlNotices(connection).said(int(wall()))
        if said != serving.editions.base.said:
            serving.editions = serving.editions.saying(said)

    def step() -> Deferred[None]:
        heard: Deferred[None] = lock.run(in_thread, reactor, listen)
        return heard.addCallback(lambda _: in_thread(reactor, tell)).addErrback(failed)

    def failed(failure: Failure) -> None:
        """It is tried again a second later."""
        serving.log.event("notices wait", error=failure.value)

    call = repeat(reactor, EVERY, step)

    def stop() -> None:
        closing.set()
        call.stop()

    return stop
