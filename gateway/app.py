"""The gateway from its opening to its close. Read this first.

book, store, desk, outbox ─▶ doors ─▶ lines ─▶ http     opened in this order
drain: take nothing new ─▶ finish the desk ─▶ empty the outbox ─▶ unbind ─▶ close, in reverse
(calls are not ended: Asterisk keeps them, and the next run goes on with them)
"""

from __future__ import annotations

import gc
import secrets
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from twisted.internet.defer import Deferred, DeferredLock
from twisted.internet.threads import deferToThread

from commands.vocabulary import Channel
from gateway.batch import Counter, tell_failed
from gateway.book import Book, open_book
from gateway.calls.exchanges import Exchanges
from gateway.channels.sms import SmsDoor
from gateway.channels.ussd import Steps
from gateway.channels.voice import VoiceDoor
from gateway.chores import checkpoints, repeat, tidying
from gateway.counts import Counts
from gateway.desk import Desk
from gateway.files import BadFile
from gateway.holders import holder
from gateway.ids import Ids
from gateway.leases import Leases, Watch
from gateway.links import Links
from gateway.log import Log
from gateway.menus.following import follow
from gateway.menus.librarian import Librarian
from gateway.opening import (
    gauges,
    open_announcer,
    open_counter,
    open_forgetting,
    open_http,
    open_lane,
    open_outbox,
    open_recordings,
    open_sessions,
    open_store,
    threads,
)
from gateway.outbox import Outbox
from gateway.ownership import Ownership
from gateway.post import Post
from gateway.readiness import Probe, Up
from gateway.settings import Settings
from gateway.store.store import Store
from ivr.terms import Patience

LOOK_EVERY = 15.0  # seconds between looks for messages that were to leave later
LETS_GO = 0.0005
"""Seconds after which the reactor's thread and the desk's let each other go on. A batch asks for
its turn behind every statement; Python's own 5 ms each time is what callers would wait for."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """A running gateway, for who started it."""

    settings: Settings
    store: Store
    desk: Desk
    outbox: Outbox
    links: Links
    counts: Counts
    http_port: int  # 0: no HTTP
    _counter: Counter
    _librarian: Librarian
    _log: Log
    _reloading: DeferredLock

    def reload(self, read: Callable[[], Settings]) -> Deferred[None]:
        """Take what can be changed while running: everything under conf/, and the limits. Links and
        the store stay as they are. A mistake, there or in the settings that `read` reads anew,
        changes nothing and is logged."""
        return self._reloading.run(lambda: Deferred.fromCoroutine(self._reload(read)))

    async def _reload(self, read: Callable[[], Settings]) -> None:
        def anew() -> tuple[Settings, Book]:
            settings = read()
            before = self._counter.book.shelf
            return settings, self._librarian.arranged(open_book(settings), before)

        try:
            settings, book = await deferToThread(anew)
        except BadFile as bad:
            self._log.event("not reloaded", findings=[str(finding) for finding in bad.findings])
            return
        except SQLAlchemyError as error:
            away = f"the store does not answer: {type(error).__name__}"
            self._log.event("not reloaded", findings=[away])
            return
        self._counter.book = book
        self._counter.recorded = settings.menus.recorded
        self._librarian.tell()
        self._counter.quota.per_hour = settings.limits.queries_per_hour
        self._log.event("reloaded")


@asynccontextmanager
async def gateway(
    settings: Settings,
    reactor: Any,
    log: Log,
    wall: Callable[[], float] = time.time,
    *,
    standby: bool = False,
    go_on: Callable[[], None] = lambda: None,
    give_up: Callable[[Exception], None] = lambda problem: None,
) -> AsyncIterator[Gateway]:
    """Open everything, yield, drain and close. Raises BadFile, StoreProblem, or what a port raises
    that is taken already; what was open by then is closed. `wall` gives seconds since 1970. A
    `standby` waits for as long as another gateway serves the store; `go_on` is called meanwhile,
    and may raise. `give_up` is told in the reactor's thread if another has taken the store over:
    from then on nothing is served."""
    async with AsyncExitStack() as parts:
        book = open_book(settings)
        store = open_store(settings)
        parts.callback(store.close)
        await deferToThread(store.prepare)
        me = holder(secrets.token_hex(4), wall())
        ownership = Ownership(store, me, log)
        parts.push_async_callback(deferToThread, ownership.give_back)
        ownership.lost = partial(reactor.callFromThread, give_up)
        await ownership.take(reactor, standby=standby, go_on=go_on)
        librarian = Librarian(store, wall, log)
        book = await deferToThread(librarian.arranged, book)
        librarian.tell()
        sessions = open_sessions(settings, parts)
        counts = Counts()
        counter = open_counter(settings, store, sessions, book, counts, log)
        counter.recorded = settings.menus.recorded
        counter.ours = ownership.holds
        desk = Desk(reactor, counter, threads=threads(settings), limit=settings.limits.desk)
        desk.failed = partial(tell_failed, log)
        ids = Ids(0, wall, after=await deferToThread(store.newest_id))
        await deferToThread(counter.remember_unproven, wall())
        desk.start()
        parts.push_async_callback(deferToThread, desk.stop)
        post = Post(reactor, desk)
        parts.callback(post.flush)
        outbox = open_outbox(reactor, wall, desk, post, settings)
        parts.callback(outbox.stop)
        outbox.may_send = ownership.ours
        ownership.regained = partial(reactor.callFromThread, outbox.pump)
        lane = open_lane(reactor, wall, desk, ids, outbox, counter, settings)
        key = store.seal.fingerprint_key
        code, number = settings.service.ussd_code, settings.service.number
        steps = Steps(reactor, outbox, lambda: counter.book.conversation.late_screen(), log)
        door = SmsDoor(desk, post, outbox, ids, wall, counts, log, key, steps, code, number)
        links = Links(settings.smpp.links, door, reactor, log)
        reloading = DeferredLock()
        parts.push_async_callback(follow(reactor, wall, counter, librarian, reloading))
        announcer = await open_announcer(settings, reactor, log)
        calls = VoiceDoor(
            desk, post, outbox, ids, reactor, announcer, counts, log,
            lambda text, tongue: counter.book.conversation.own(Channel.VOICE, text, tongue),
            open_recordings(settings),
        )  # fmt: skip
        parts.callback(calls.stop)
        patience = Patience(call=settings.limits.call)
        exchanges = Exchanges(settings.ivr.asterisk, calls, patience, reactor, log)
        housekeeping = tidying(reactor, wall, desk, log)
        parts.callback(housekeeping.stop)
        forgets = open_forgetting(reactor, wall, store, log, settings)
        parts.callback(forgets.stop)
        parts.callback(repeat(reactor, LOOK_EVERY, outbox.look).stop)
        parts.callback(checkpoints(reactor, store, counts, log).stop)
        counts.log_lines_lost = lambda: log.lost
        up = Up(
            links, exchanges, lane, Probe(reactor, store.answers), Probe(reactor, sessions.answers),
            counter.outage, ownership, log,
        )  # fmt: skip
        port = open_http(settings, reactor, counts, up, parts)
        parts.push_async_callback(links.stop)
        leases = Leases(reactor, Watch(store, me), log)
        parts.push_async_callback(leases.stop)
        parts.push_async_callback(exchanges.stop)
        parts.push_async_callback(_drain, settings, reactor, door, calls, desk, post, outbox, log)
        gauges(counts, desk, outbox, links, exchanges, calls)
        outbox.start()
        counts.leases = lambda: {"gateway": ownership.ours(), **leases.held()}
        if lane is not None:
            lane.holds = lambda: ownership.ours() and leases.holds("boss")
            leases.want("boss", lambda held: None)
            lane.start()
            parts.push_async_callback(lane.stop)
        links.start()
        exchanges.start(leases)
        leases.start()
        _spare_the_collector()
        sys.setswitchinterval(LETS_GO)
        log.event("open", http=port, links=[link.name for link in settings.smpp.links])
        yield Gateway(
            settings, store, desk, outbox, links, counts, port, counter, librarian, log, reloading
        )
        log.event("closing")
    log.event("closed")


def _spare_the_collector() -> None:
    """What lives as long as the gateway need not be looked through again and again: a full
    collection over it would hold everything up for tens of milliseconds."""
    gc.collect()
    gc.freeze()


async def _drain(
    settings: Settings,
    reactor: Any,
    door: SmsDoor,
    calls: VoiceDoor,
    desk: Desk,
    post: Post,
    outbox: Outbox,
    log: Log,
) -> None:
    """Take nothing new, finish what is begun, as far as the time allows. What stays is in the
    store."""
    door.open = calls.open = False
    post.flush()
    until = reactor.seconds() + settings.limits.drain
    await desk.drained()
    while (
        outbox.waiting
        and not outbox.behind
        and reactor.seconds() < until
        and door.can_send()
        and outbox.may_send()
    ):
        await _pause(reactor, 0.02)
    post.flush()
    await desk.drained()
    if outbox.waiting:
        log.event("left in the outbox", messages=outbox.waiting)


def _pause(reactor: Any, seconds: float) -> Deferred[None]:
    pause: Deferred[None] = Deferred()
    reactor.callLater(seconds, pause.callback, None)
    return pause
