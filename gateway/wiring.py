"""How each part of a gateway is opened from its settings; `app` says in which order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from random import SystemRandom
from typing import Any, cast

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import LoopingCall
from twisted.internet.tcp import Port
from twisted.internet.threads import deferToThread

from gateway.boss.circuit_breaker import BreakerState, CircuitBreaker
from gateway.boss.client import Boss
from gateway.channels.smpp.links import SmppLinks
from gateway.channels.voice.asterisk_links import AsteriskLinks
from gateway.channels.voice.calls import VoiceChannel
from gateway.channels.voice.recordings import Recordings
from gateway.channels.voice.recordings_cleanup import forgetting
from gateway.config.settings import Settings, host_port
from gateway.delivery.outbox import Outbox
from gateway.dialogue.snapshot import HallSnapshot
from gateway.model.hall_reactor import IHallReactor
from gateway.model.message_id import MessageIds
from gateway.model.redelivery import Unproven
from gateway.ops.http import site
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.ops.readiness import ReadinessChecks
from gateway.security.random_digits import SystemRandomDigits
from gateway.serving.batch import BatchServer
from gateway.serving.boss_lane import BossLane
from gateway.serving.outbox_port import OutboxPort
from gateway.serving.rate_limit import HourlyQuota
from gateway.serving.work import HallCoalescer, HallDesk
from gateway.store.connection import Connection
from gateway.store.retention import DAY, Retention
from gateway.store.sessions import RedisSessions, RedisWhileItAnswers, Sessions, StoreSessions
from gateway.store.store import Store
from gateway.tts.announcer import Announcer
from gateway.tts.sound_folder import SoundFolder
from gateway.tts.synthesis import find_voice


def open_sessions(settings: Settings, parts: AsyncExitStack, log: Log) -> Sessions:
    if settings.sessions.url == "store":
        return StoreSessions()
    sessions = RedisWhileItAnswers(RedisSessions(settings.sessions.url), log)
    parts.callback(sessions.close)
    return sessions


def open_batches(
    settings: Settings,
    store: Store,
    sessions: Sessions,
    snapshot: HallSnapshot,
    ours: Callable[[Connection], bool],
    counts: Metrics,
    log: Log,
) -> BatchServer:
    limits, retention = settings.limits, settings.retention
    return BatchServer(
        store,
        sessions,
        snapshot,
        HourlyQuota(limits.queries_per_hour),
        SystemRandomDigits(),
        Unproven(limits.redelivery),
        Retention(retention.metadata_days * DAY, retention.content_days * DAY),
        counts,
        log,
        message_lines=settings.log.messages,
        recorded=settings.menus.recorded,
        ours=ours,
    )


def open_outbox(
    reactor: IHallReactor,
    wall: Callable[[], float],
    desk: HallDesk,
    coalescer: HallCoalescer,
    may_send: Callable[[], bool],
    settings: Settings,
) -> Outbox:
    port = OutboxPort(desk, coalescer, wall)
    return Outbox(
        reactor,
        wall,
        port.settle,
        port.load,
        limit=settings.limits.outbox,
        chance=SystemRandom().random,
        may_send=may_send,
    )


def open_lane(
    reactor: IHallReactor,
    wall: Callable[[], float],
    desk: HallDesk,
    ids: MessageIds,
    outbox: Outbox,
    batches: BatchServer,
    settings: Settings,
) -> BossLane | None:
    """For who has a BOSS; from then on the desk accepts what the BOSS will do."""
    if settings.boss is None:
        return None
    counts, breaker = batches.counts, CircuitBreaker(settings.boss.failures, settings.boss.rest)
    boss = Boss(settings.boss, breaker)
    counts.boss_calls = boss.results
    lane = BossLane(reactor, wall, desk, ids, outbox, boss, settings.boss, counts, batches.log)
    batches.placed = lambda: reactor.callFromThread(lane.look)
    counts.gauge("errands_waiting", "Accepted, and not settled yet", lambda: lane.depth)
    is_open = "1 while the BOSS is left alone because it did not answer"
    counts.gauge("boss_open", is_open, lambda: breaker.state is not BreakerState.CLOSED)
    return lane


async def open_announcer(settings: Settings, reactor: IHallReactor, log: Log) -> Announcer:
    folder = await deferToThread(SoundFolder, settings.ivr.sounds)
    voice = find_voice() if settings.ivr.make_missing else None
    return Announcer(folder, voice, reactor, log)


def open_recordings(settings: Settings) -> Recordings:
    ivr = settings.ivr
    return Recordings(ivr.recordings, ivr.recording_silence, ivr.recording_seconds)


def open_forgetting(
    reactor: IHallReactor, wall: Callable[[], float], store: Store, log: Log, settings: Settings
) -> LoopingCall:
    content = settings.retention.content_days * DAY
    return forgetting(reactor, wall, settings.ivr.recordings, store, content, log)


def open_http(
    settings: Settings,
    reactor: IHallReactor,
    counts: Metrics,
    up: ReadinessChecks,
    parts: AsyncExitStack,
) -> int:
    if settings.http.listen == "off":
        return 0
    host, port = host_port(settings.http.listen)
    asked = site(counts, lambda: Deferred.fromCoroutine(up.reasons()))
    listening = cast(Port, reactor.listenTCP(port, cast(Any, asked), interface=host))
    parts.push_async_callback(lambda: maybeDeferred(listening.stopListening))
    return int(listening.getHost().port)


def gauges(
    counts: Metrics,
    desk: HallDesk,
    outbox: Outbox,
    links: SmppLinks,
    exchanges: AsteriskLinks,
    calls: VoiceChannel,
) -> None:
    counts.links = lambda: links.up() | exchanges.up()
    counts.gauge("desk_unfinished", "Requests taken in and not yet served", lambda: desk.unfinished)
    counts.gauge("calls", "Calls in hand", lambda: calls.calls)
    missed = calls.announcer
    counts.gauge("sounds_missed", "Sounds that callers did not hear", lambda: missed.missed)
    late = "Screens of USSD dialogues that nobody saw: said by SMS, or not at all"
    counts.gauge("screens_late", late, lambda: outbox.late)
    counts.gauge("outbox_waiting", "Messages in hand on their way out", lambda: outbox.waiting)
