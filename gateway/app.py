"""The gateway from its opening to its close. Read this first.

book, store, desk, outbox ─▶ doors ─▶ lines ─▶ http     opened in this order
drain: take nothing new ─▶ finish the desk ─▶ empty the outbox ─▶ unbind ─▶ close, in reverse
(calls are not ended: Asterisk keeps them, and the next run goes on with them)
"""

from __future__ import annotations

import gc
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from twisted.internet.defer import Deferred, DeferredLock
from twisted.internet.task import LoopingCall
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from commands.vocabulary import Channel
from gateway.batch import Counter
from gateway.book import Book, open_book
from gateway.boss.breaker import Breaker
from gateway.boss.breaker import State as BreakerState
from gateway.boss.client import Boss
from gateway.boss.lane import Lane
from gateway.calendar import Calendar
from gateway.chance import SystemChance
from gateway.channels.sms import SmsDoor
from gateway.channels.voice import VoiceDoor
from gateway.counts import Counts
from gateway.desk import Desk, Job
from gateway.exchanges import Exchanges
from gateway.files import BadFile
from gateway.following import follow
from gateway.housekeeping import DAY, Retention
from gateway.http import site
from gateway.ids import Ids
from gateway.keys import master_key
from gateway.librarian import Librarian
from gateway.links import Links
from gateway.log import Log
from gateway.mail import Settled, Tidy, Waiting
from gateway.outbox import Outbox
from gateway.post import Post
from gateway.prompts.announcer import Announcer
from gateway.prompts.folder import SoundFolder
from gateway.prompts.synthesis import find_voice
from gateway.quota import HourlyQuota
from gateway.redelivery import Unproven
from gateway.seal import Seal
from gateway.sessions import RedisSessions, Sessions, StoreSessions
from gateway.settings import Settings, host_port
from gateway.store.store import Store

LOOK_EVERY = 15.0  # seconds between looks for messages that were to leave later
CHECKPOINT_EVERY = 0.5  # seconds between checkpoints of the store while it is written to
TIDY_EVERY = 60.0  # seconds between steps of housekeeping when nothing is left to do


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
    settings: Settings, reactor: Any, log: Log, wall: Callable[[], float] = time.time
) -> AsyncIterator[Gateway]:
    """Open everything, yield, drain and close. Raises BadFile, StoreProblem, or what a port raises
    that is taken already; what was open by then is closed. `wall` gives seconds since 1970."""
    async with AsyncExitStack() as parts:
        book = open_book(settings)
        store = open_store(settings)
        parts.callback(store.close)
        await deferToThread(store.prepare)
        librarian = Librarian(store, wall, log)
        book = await deferToThread(librarian.arranged, book)
        librarian.tell()
        sessions = _open_sessions(settings, parts)
        counts = Counts()
        counter = _counter(settings, store, sessions, book, counts, log)
        counter.recorded = settings.menus.recorded
        desk = Desk(reactor, counter, threads=_threads(settings), limit=settings.limits.desk)
        ids = Ids(0, wall, after=await deferToThread(store.newest_id))
        await deferToThread(counter.remember_unproven, wall())
        desk.start()
        parts.push_async_callback(deferToThread, desk.stop)
        post = Post(reactor, desk)
        parts.callback(post.flush)
        outbox = _open_outbox(reactor, wall, desk, post, settings)
        parts.callback(outbox.stop)
        lane = _open_lane(reactor, wall, desk, ids, outbox, counter, settings)
        key = store.seal.fingerprint_key
        code = settings.service.ussd_code
        door = SmsDoor(desk, post, outbox, ids, wall, counts, log, key, code)
        links = Links(settings.smpp.links, door, reactor, log)
        reloading = DeferredLock()
        parts.push_async_callback(follow(reactor, wall, counter, librarian, reloading))
        announcer = await _open_announcer(settings, reactor, log)
        calls = VoiceDoor(
            desk, post, outbox, ids, reactor, announcer, counts, log,
            lambda: counter.book.conversation.busy(Channel.VOICE),
        )  # fmt: skip
        parts.callback(calls.stop)
        exchanges = Exchanges(settings.ivr.asterisk, calls, reactor, log)
        housekeeping = _housekeeping(reactor, wall, desk, log)
        parts.callback(housekeeping.stop)
        parts.callback(_repeat(reactor, LOOK_EVERY, outbox.look).stop)
        parts.callback(_checkpoints(reactor, store, counts, log).stop)
        up = _Up(links, exchanges, lane)
        port = _open_http(settings, reactor, counts, desk, store, up, parts)
        parts.push_async_callback(links.stop)
        parts.push_async_callback(exchanges.stop)
        parts.push_async_callback(_drain, settings, reactor, door, calls, desk, post, outbox, log)
        _gauges(counts, desk, outbox, links, exchanges, calls)
        outbox.start()
        if lane is not None:
            lane.start()
            parts.push_async_callback(lane.stop)
        links.start()
        exchanges.start()
        _spare_the_collector()
        log.event("open", http=port, links=[link.name for link in settings.smpp.links])
        yield Gateway(
            settings, store, desk, outbox, links, counts, port, counter, librarian, log, reloading
        )
        log.event("closing")
    log.event("closed")


def open_store(settings: Settings) -> Store:
    """The store as it is; `prepare` looks whether it can be used."""
    seal, calendar = Seal(master_key(settings)), Calendar(settings.service.timezone)
    return Store(settings.store.url, seal, calendar, _threads(settings))


def _threads(settings: Settings) -> int:
    """SQLite has one writer; more desks would only wait for each other."""
    return 1 if settings.store.url.startswith("sqlite") else settings.store.desks


def _open_sessions(settings: Settings, parts: AsyncExitStack) -> Sessions:
    if settings.sessions.url == "store":
        return StoreSessions()
    sessions = RedisSessions(settings.sessions.url)
    parts.callback(sessions.close)
    return sessions


def _counter(
    settings: Settings, store: Store, sessions: Sessions, book: Book, counts: Counts, log: Log
) -> Counter:
    limits, retention = settings.limits, settings.retention
    return Counter(
        store,
        sessions,
        book,
        HourlyQuota(limits.queries_per_hour),
        SystemChance(),
        Unproven(limits.redelivery),
        Retention(retention.metadata_days * DAY, retention.content_days * DAY),
        counts,
        log,
        message_lines=settings.log.messages,
    )


def _open_outbox(
    reactor: Any, wall: Callable[[], float], desk: Desk, post: Post, settings: Settings
) -> Outbox:
    def settle(settled: Settled) -> None:
        def done(result: object) -> None:
            if isinstance(result, Failure):
                outbox.not_kept(settled)
            else:
                outbox.kept(settled)

        post.soon(Job(settled, "", done))

    def load(limit: int) -> None:
        def done(result: Any) -> None:
            if isinstance(result, Failure):
                outbox.load_failed()
            else:
                outbox.loaded(result, limit)

        desk.put([Job(Waiting(limit, int(wall() * 1000)), "", done, alone=True)])

    outbox = Outbox(reactor, wall, settle, load, limit=settings.limits.outbox)
    return outbox


def _open_lane(
    reactor: Any,
    wall: Callable[[], float],
    desk: Desk,
    ids: Ids,
    outbox: Outbox,
    counter: Counter,
    settings: Settings,
) -> Lane | None:
    """For who has a BOSS; from then on the desk accepts what the BOSS will do."""
    if settings.boss is None:
        return None
    counts, breaker = counter.counts, Breaker(settings.boss.failures, settings.boss.rest)
    boss = Boss(settings.boss, breaker)
    counts.boss_calls = boss.results
    lane = Lane(reactor, wall, desk, ids, outbox, boss, settings.boss, counts, counter.log)
    counter.placed = lambda: reactor.callFromThread(lane.look)
    counts.gauge("errands_waiting", "Accepted, and not settled yet", lambda: lane.depth)
    is_open = "1 while the BOSS is left alone because it did not answer"
    counts.gauge("boss_open", is_open, lambda: breaker.state is not BreakerState.CLOSED)
    return lane


async def _open_announcer(settings: Settings, reactor: Any, log: Log) -> Announcer:
    folder = await deferToThread(SoundFolder, settings.ivr.sounds)
    voice = find_voice() if settings.ivr.make_missing else None
    return Announcer(folder, voice, reactor, log)


def _housekeeping(reactor: Any, wall: Callable[[], float], desk: Desk, log: Log) -> LoopingCall:
    async def tidy() -> None:
        while (touched := await desk.ask(Tidy(int(wall())))) and isinstance(touched, int):
            pass

    def step() -> Deferred[None]:
        return Deferred.fromCoroutine(tidy()).addErrback(failed)

    def failed(failure: Failure) -> None:
        """It is tried again a minute later; what is old can wait that long."""
        log.event("housekeeping failed", error=failure.getErrorMessage())

    return _repeat(reactor, TIDY_EVERY, step)


def _checkpoints(reactor: Any, store: Store, counts: Counts, log: Log) -> LoopingCall:
    seen = 0

    def step() -> Deferred[None] | None:
        nonlocal seen
        if seen == counts.batches:
            return None
        seen = counts.batches
        return deferToThread(store.checkpoint).addErrback(failed)

    def failed(failure: Failure) -> None:
        """The store makes its own a little later."""
        log.event("checkpoint failed", error=failure.getErrorMessage())

    return _repeat(reactor, CHECKPOINT_EVERY, step)


def _repeat(reactor: Any, every: float, step: Callable[[], object]) -> LoopingCall:
    call = LoopingCall(step)
    call.clock = reactor
    call.start(every, now=False)
    return call


@dataclass(frozen=True, slots=True)
class _Up:
    """What the hall is joined to."""

    links: Links
    exchanges: Exchanges
    lane: Lane | None

    def reasons(self) -> list[str]:
        lane = self.lane.reasons() if self.lane else []
        return self.links.reasons() + self.exchanges.reasons() + lane


def _open_http(
    settings: Settings,
    reactor: Any,
    counts: Counts,
    desk: Desk,
    store: Store,
    up: _Up,
    parts: AsyncExitStack,
) -> int:
    if settings.http.listen == "off":
        return 0

    async def reasons() -> list[str]:
        found = up.reasons()
        try:
            await deferToThread(store.answers)
        except SQLAlchemyError as error:
            found.append(f"the store does not answer: {type(error).__name__}")
        return found

    host, port = host_port(settings.http.listen)
    listening = reactor.listenTCP(
        port, site(counts, lambda: Deferred.fromCoroutine(reasons())), interface=host
    )
    parts.push_async_callback(listening.stopListening)
    return int(listening.getHost().port)


def _spare_the_collector() -> None:
    """What lives as long as the gateway need not be looked through again and again: a full
    collection over it would hold everything up for tens of milliseconds."""
    gc.collect()
    gc.freeze()


def _gauges(
    counts: Counts,
    desk: Desk,
    outbox: Outbox,
    links: Links,
    exchanges: Exchanges,
    calls: VoiceDoor,
) -> None:
    counts.links = lambda: links.up() | exchanges.up()
    counts.gauge("desk_unfinished", "Requests taken in and not yet served", lambda: desk.unfinished)
    counts.gauge("calls", "Calls in hand", lambda: calls.calls)
    missed = calls.announcer
    counts.gauge("sounds_missed", "Sounds that callers did not hear", lambda: missed.missed)
    late = "Screens of USSD dialogues that nobody saw: said by SMS, or not at all"
    counts.gauge("screens_late", late, lambda: outbox.late)
    counts.gauge("outbox_waiting", "Messages in hand on their way out", lambda: outbox.waiting)


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
    while outbox.waiting and not outbox.behind and reactor.seconds() < until and door.can_send():
        await _pause(reactor, 0.02)
    post.flush()
    await desk.drained()
    if outbox.waiting:
        log.event("left in the outbox", messages=outbox.waiting)


def _pause(reactor: Any, seconds: float) -> Deferred[None]:
    pause: Deferred[None] = Deferred()
    reactor.callLater(seconds, pause.callback, None)
    return pause
