"""The gateway from its opening to its close. Read this first.

snapshot, store, desk, outbox ─▶ channels ─▶ links ─▶ http     opened in this order
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

from twisted.internet.defer import Deferred, DeferredLock
from twisted.internet.threads import deferToThread

from commands.model.request import Channel
from gateway.channels.smpp.channel import SmppChannel
from gateway.channels.smpp.links import SmppLinks
from gateway.channels.smpp.ussd import UssdSteps
from gateway.channels.voice.asterisk_links import AsteriskLinks
from gateway.channels.voice.calls import VoiceChannel
from gateway.cluster.identity import holder
from gateway.cluster.leases import Leases, LeaseWatch
from gateway.cluster.ownership import Ownership
from gateway.config.checked_yaml import BadFile
from gateway.config.settings import Settings
from gateway.delivery.outbox import Outbox
from gateway.dialogue.snapshot import HallSnapshot, open_snapshot
from gateway.editions.edition_follower import EditionFollower
from gateway.editions.following import follow
from gateway.model.hall_reactor import IHallReactor
from gateway.model.message_id import MessageIds
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.ops.readiness import Probe, ReadinessChecks
from gateway.serving.batch import BatchServer, tell_failed
from gateway.serving.periodic_jobs import checkpoints, repeat, tidying
from gateway.serving.work import HallCoalescer, HallDesk
from gateway.store.connection import StoreFailure
from gateway.store.opening import desk_threads, open_store
from gateway.store.outage import named
from gateway.store.postgresql import SERVING
from gateway.store.store import Store
from gateway.wiring import (
    gauges,
    open_announcer,
    open_batches,
    open_forgetting,
    open_http,
    open_lane,
    open_outbox,
    open_recordings,
    open_sessions,
)
from ivr.call.timeouts import CallTimeouts

LOOK_EVERY = 15.0  # seconds between looks for messages that were to leave later
LETS_GO = 0.0005
"""Seconds after which the reactor's thread and the desk's let each other go on. A batch asks for
its turn behind every statement; Python's own 5 ms each time is what callers would wait for."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """A running gateway, for who started it."""

    settings: Settings
    store: Store
    desk: HallDesk
    outbox: Outbox
    links: SmppLinks
    counts: Metrics
    http_port: int  # 0: no HTTP
    _batches: BatchServer
    _follower: EditionFollower
    _log: Log
    _reloading: DeferredLock

    def reload(self, read: Callable[[], Settings]) -> Deferred[None]:
        """Take what can be changed while running: everything under conf/, and the limits. Links and
        the store stay as they are. A mistake, there or in the settings that `read` reads anew,
        changes nothing and is logged."""
        return self._reloading.run(lambda: Deferred.fromCoroutine(self._reload(read)))

    async def _reload(self, read: Callable[[], Settings]) -> None:
        def anew() -> tuple[Settings, HallSnapshot]:
            settings = read()
            before = self._batches.book.in_force
            return settings, self._follower.arranged(open_snapshot(settings), before)

        try:
            settings, snapshot = await deferToThread(anew)
        except BadFile as bad:
            self._log.event("not reloaded", findings=[str(finding) for finding in bad.findings])
            return
        except StoreFailure as error:
            away = f"the store does not answer: {type(error).__name__}"
            self._log.event("not reloaded", findings=[away])
            return
        limits, menus = settings.limits, settings.menus
        self._batches.reconfigure(snapshot, menus.recorded, limits.queries_per_hour)
        self._follower.tell()
        self._log.event("reloaded")


@asynccontextmanager
async def gateway(
    settings: Settings,
    reactor: IHallReactor,
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
        snapshot = open_snapshot(settings)
        store = open_store(settings, SERVING)
        parts.callback(store.close)
        await deferToThread(store.prepare)
        me = holder(secrets.token_hex(4), wall())
        ownership = Ownership(store, me, log, lost=partial(reactor.callFromThread, give_up))
        parts.push_async_callback(deferToThread, ownership.give_back)
        await ownership.take(reactor, standby=standby, go_on=go_on)
        follower = EditionFollower(store, wall, log)
        snapshot = await deferToThread(follower.arranged, snapshot)
        follower.tell()
        sessions = open_sessions(settings, parts, log)
        counts = Metrics()
        holds = ownership.holds
        batches = open_batches(settings, store, sessions, snapshot, holds, counts, log)
        desk = HallDesk(
            reactor,
            batches,
            failed=partial(tell_failed, log),
            threads=desk_threads(settings),
            limit=settings.limits.desk,
        )
        ids = MessageIds(0, wall, after=await deferToThread(store.newest_id))
        await deferToThread(batches.remember_unproven, wall())
        desk.start()
        parts.push_async_callback(deferToThread, desk.stop)
        coalescer = HallCoalescer(reactor, desk)
        parts.callback(coalescer.flush)
        outbox = open_outbox(reactor, wall, desk, coalescer, ownership.ours, settings)
        parts.callback(outbox.stop)
        ownership.regained = partial(reactor.callFromThread, outbox.pump)
        lane = open_lane(reactor, wall, desk, ids, outbox, batches, settings)
        key = store.seal.fingerprint_key
        code, number = settings.service.ussd_code, settings.service.number
        steps = UssdSteps(reactor, outbox, lambda: batches.book.conversation.late_screen(), log)
        sms = SmppChannel(desk, coalescer, outbox, ids, wall, counts, log, key, steps, code, number)
        links = SmppLinks(settings.smpp.links, sms, reactor, log)
        reloading = DeferredLock()
        parts.push_async_callback(follow(reactor, wall, batches, follower, reloading))
        announcer = await open_announcer(settings, reactor, log)
        calls = VoiceChannel(
            desk, coalescer, outbox, ids, reactor, announcer, counts, log,
            lambda text, tongue: batches.book.conversation.own(Channel.VOICE, text, tongue),
            open_recordings(settings),
        )  # fmt: skip
        parts.callback(calls.stop)
        patience = CallTimeouts(call=settings.limits.call)
        exchanges = AsteriskLinks(settings.ivr.asterisk, calls, patience, reactor, log)
        housekeeping = tidying(reactor, wall, desk, log)
        parts.callback(housekeeping.stop)
        forgets = open_forgetting(reactor, wall, store, log, settings)
        parts.callback(forgets.stop)
        parts.callback(repeat(reactor, LOOK_EVERY, outbox.look).stop)
        parts.callback(checkpoints(reactor, store, counts, log).stop)
        counts.log_lines_lost = lambda: log.lost
        parts_up = [links.reasons, exchanges.reasons, ownership.reasons, sessions.reasons]
        if lane is not None:
            parts_up.insert(2, lane.reasons)
        up = ReadinessChecks(
            tuple(parts_up),
            Probe(reactor, store.answers, named),
            Probe(reactor, sessions.answers, named),
            batches.outage.lately,
            log,
        )
        port = open_http(settings, reactor, counts, up, parts)
        parts.push_async_callback(links.stop)
        leases = Leases(reactor, LeaseWatch(store, me), log)
        parts.push_async_callback(leases.stop)
        parts.push_async_callback(exchanges.stop)
        parts.push_async_callback(
            _drain, settings, reactor, sms, calls, desk, coalescer, outbox, log
        )
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
            settings, store, desk, outbox, links, counts, port, batches, follower, log, reloading
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
    reactor: IHallReactor,
    sms: SmppChannel,
    calls: VoiceChannel,
    desk: HallDesk,
    coalescer: HallCoalescer,
    outbox: Outbox,
    log: Log,
) -> None:
    """Take nothing new, finish what is begun, as far as the time allows. What stays is in the
    store."""
    sms.open = calls.open = False
    coalescer.flush()
    until = reactor.seconds() + settings.limits.drain
    await desk.drained()
    while (
        outbox.waiting
        and not outbox.behind
        and reactor.seconds() < until
        and sms.can_send()
        and outbox.may_send()
    ):
        await _pause(reactor, 0.02)
    coalescer.flush()
    await desk.drained()
    if outbox.waiting:
        log.event("left in the outbox", messages=outbox.waiting)


def _pause(reactor: IHallReactor, seconds: float) -> Deferred[None]:
    pause: Deferred[None] = Deferred()
    reactor.callLater(seconds, pause.callback, None)
    return pause
