"""How each part of a gateway is opened from its settings; `app` says in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from random import SystemRandom
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from gateway.batch import Counter
from gateway.book import Book
from gateway.boss.breaker import Breaker
from gateway.boss.breaker import State as BreakerState
from gateway.boss.client import Boss
from gateway.boss.lane import Lane
from gateway.calendar import Calendar
from gateway.calls.exchanges import Exchanges
from gateway.calls.forgetting import forgetting
from gateway.calls.recordings import Recordings
from gateway.chance import SystemChance
from gateway.channels.voice import VoiceDoor
from gateway.counts import Counts
from gateway.desk import Desk, Job
from gateway.housekeeping import DAY, Retention
from gateway.http import site
from gateway.ids import Ids
from gateway.keys import master_key
from gateway.links import Links
from gateway.log import Log
from gateway.mail import Endings, Settled, Waiting
from gateway.outbox import Outbox
from gateway.post import Post
from gateway.prompts.announcer import Announcer
from gateway.prompts.folder import SoundFolder
from gateway.prompts.synthesis import find_voice
from gateway.quota import HourlyQuota
from gateway.readiness import Up
from gateway.redelivery import Unproven
from gateway.seal import Seal
from gateway.sessions import RedisSessions, Sessions, StoreSessions
from gateway.settings import Settings, host_port
from gateway.store.store import Store


def open_store(settings: Settings) -> Store:
    """The store as it is; `prepare` looks whether it can be used."""
    seal, calendar = Seal(master_key(settings)), Calendar(settings.service.timezone)
    return Store(settings.store.url, seal, calendar, threads(settings))


@contextmanager
def prepared_store(settings: Settings) -> Iterator[Store]:
    """The store for one errand, closed afterwards. Raises StoreProblem if it cannot be used."""
    store = open_store(settings)
    try:
        store.prepare()
        yield store
    finally:
        store.close()


def threads(settings: Settings) -> int:
    """SQLite has one writer; more desks would only wait for each other."""
    return 1 if settings.store.url.startswith("sqlite") else settings.store.desks


def open_sessions(settings: Settings, parts: AsyncExitStack) -> Sessions:
    if settings.sessions.url == "store":
        return StoreSessions()
    sessions = RedisSessions(settings.sessions.url)
    parts.callback(sessions.close)
    return sessions


def open_counter(
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


def open_outbox(
    reactor: Any, wall: Callable[[], float], desk: Desk, post: Post, settings: Settings
) -> Outbox:
    ended: list[Settled] = []

    def settle(settled: Settled) -> None:
        if settled.lane:  # what answers it must find it kept, whichever thread serves it
            post.now([job((settled,), settled.lane)])
            return
        if not ended:
            post.packed(pack)
        ended.append(settled)

    def pack() -> Job:
        settled = tuple(ended)
        ended.clear()
        return job(settled, "")

    def job(settled: tuple[Settled, ...], lane: str) -> Job:
        def done(result: object) -> None:
            tell = outbox.not_kept if isinstance(result, Failure) else outbox.kept
            for one in settled:
                tell(one)

        return Job(Endings(settled), lane, done, first=bool(lane))

    def load(limit: int) -> None:
        def done(result: Any) -> None:
            if isinstance(result, Failure):
                outbox.load_failed()
            else:
                outbox.loaded(result, limit)

        desk.put([Job(Waiting(limit, int(wall() * 1000)), "", done, alone=True)])

    outbox = Outbox(
        reactor, wall, settle, load, limit=settings.limits.outbox, chance=SystemRandom().random
    )
    desk.handed_back = outbox.pump
    return outbox


def open_lane(
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


async def open_announcer(settings: Settings, reactor: Any, log: Log) -> Announcer:
    folder = await deferToThread(SoundFolder, settings.ivr.sounds)
    voice = find_voice() if settings.ivr.make_missing else None
    return Announcer(folder, voice, reactor, log)


def open_recordings(settings: Settings) -> Recordings:
    ivr = settings.ivr
    return Recordings(ivr.recordings, ivr.recording_silence, ivr.recording_seconds)


def open_forgetting(
    reactor: Any, wall: Callable[[], float], store: Store, log: Log, settings: Settings
) -> LoopingCall:
    content = settings.retention.content_days * DAY
    return forgetting(reactor, wall, settings.ivr.recordings, store, content, log)


def open_http(
    settings: Settings, reactor: Any, counts: Counts, up: Up, parts: AsyncExitStack
) -> int:
    if settings.http.listen == "off":
        return 0
    host, port = host_port(settings.http.listen)
    asked = site(counts, lambda: Deferred.fromCoroutine(up.reasons()))
    listening = reactor.listenTCP(port, asked, interface=host)
    parts.push_async_callback(listening.stopListening)
    return int(listening.getHost().port)


def gauges(
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
