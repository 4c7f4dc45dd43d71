"""The gateway from its opening to its close. Read this first.

store, editions, desk, outbox ─▶ channels ─▶ links ─▶ http     opened in this order
drain: take nothing new ─▶ finish the desk ─▶ empty the outbox ─▶ unbind ─▶ close, in reverse
(calls are not ended: Asterisk keeps them, and the next run goes on with them)
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from twisted.internet.defer import Deferred, DeferredLock

from gateway.channels.smpp.channel import SmppChannel
from gateway.channels.smpp.links import SmppLinks
from gateway.channels.smpp.ordered_links import LOOK as LINKS_LOOK
from gateway.channels.smpp.ordered_links import OrderedLinks
from gateway.channels.smpp.standstill import LOOK_EVERY as STANDSTILL_LOOK
from gateway.channels.smpp.standstill import Standstill
from gateway.channels.smpp.ussd import UssdSteps
from gateway.channels.voice.agent_queue import QUEUE
from gateway.channels.voice.asterisk_links import AsteriskLinks
from gateway.channels.voice.opening import calling_back, open_voice
from gateway.channels.voice.voice_channel import VoiceChannel
from gateway.cluster.joining import joined
from gateway.cluster.leases import Leases, LeaseWatch
from gateway.cluster.membership import Membership
from gateway.config.checked_yaml import BadFile
from gateway.config.settings import Settings
from gateway.delivery.outbox import Outbox
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.editions.edition_follower import EditionFollower
from gateway.editions.following import edition_gauges, follow
from gateway.machine import Machine
from gateway.model.hall_reactor import IHallReactor, in_thread, repeat
from gateway.model.message_id import MessageIds
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.ops.readiness import Probe, ReadinessChecks
from gateway.serving.batch import BatchServer, tell_failed
from gateway.serving.call_turns import CallTurns
from gateway.serving.desk import company
from gateway.serving.jobs.notice_jobs import notices_go_on
from gateway.serving.jobs.periodic_jobs import (
    checkpoints,
    roll_up_in_force,
    rolling_up,
    tidying,
)
from gateway.serving.sharing import Sharing
from gateway.serving.work import HallCoalescer, HallDesk
from gateway.store.connection import StoreFailure
from gateway.store.outage import named
from gateway.store.store import Store
from gateway.watching import look_at_folders, open_metrics, watch
from gateway.wiring import (
    cluster_gauges,
    gauges,
    heirs,
    open_batches,
    open_forgetting,
    open_http,
    open_lane,
    open_membership,
    open_outbox,
    open_pace,
    open_reminding,
    open_sessions,
    open_ticket_jobs,
    share,
)
from ivr.call.timeouts import CallTimeouts

LOOK_EVERY = 15.0  # seconds between looks for messages that were to leave later


@dataclass(frozen=True, slots=True)
class Gateway:
    """A running gateway, for who started it."""

    settings: Settings
    store: Store
    desk: HallDesk
    outbox: Outbox
    links: SmppLinks
    calls: VoiceChannel
    membership: Membership
    counts: Metrics
    http_port: int  # 0: no HTTP
    reasons: Callable[[], Coroutine[Any, Any, list[str]]]
    """Why not all work can be done now, as /readyz tells it."""
    _batches: BatchServer
    _follower: EditionFollower
    _log: Log
    _reloading: DeferredLock
    _reactor: IHallReactor

    def reload(self, read: Callable[[], Settings]) -> Deferred[None]:
        """Take what can be changed while running: everything under conf/, and the limits. Links and
        the store stay as they are. A mistake, there or in the settings that `read` reads anew,
        changes nothing and is logged."""
        return self._reloading.run(lambda: Deferred.fromCoroutine(self._reload(read)))

    async def _reload(self, read: Callable[[], Settings]) -> None:
        def anew() -> tuple[Settings, EditionsInForce]:
            settings = read()
            return settings, self._follower.reload(settings, self._batches.editions)

        try:
            settings, editions = await in_thread(self._reactor, anew)
        except BadFile as bad:
            self._log.event("not reloaded", findings=[str(finding) for finding in bad.findings])
            return
        except StoreFailure as error:
            away = f"the store does not answer: {type(error).__name__}"
            self._log.event("not reloaded", findings=[away])
            return
        limits, menus = settings.limits, settings.menus
        self._batches.reconfigure(editions, menus.recorded, limits.queries_per_hour)
        self._follower.tell()
        self._log.event("reloaded")


@asynccontextmanager
async def gateway(
    settings: Settings,
    reactor: IHallReactor,
    log: Log,
    wall: Callable[[], float] = time.time,
    *,
    machine: Machine | None = None,
    go_on: Callable[[], None] = lambda: None,
    lost: Callable[[], None] = lambda: None,
    returns: int = 0,
) -> AsyncIterator[Gateway]:
    """Open everything, yield, drain and close. Raises BadFile, StoreProblem, or what a port raises
    that is taken already; what was open by then is closed. `wall` gives seconds since 1970;
    without a `machine` it is this one's time, chance and threads otherwise. Others that serve the
    store are waited for until they know of us; `go_on` is called meanwhile, and may raise. `lost`
    is called in the reactor's thread if others have taken over what was ours: from then on nothing
    is served, and a new gateway may be opened; this one `returns` for so many times."""
    machine = machine or Machine()
    async with AsyncExitStack() as parts:
        store = machine.store(settings)
        parts.callback(store.close)
        await in_thread(reactor, store.prepare)
        follower = EditionFollower(store, wall, log, settings, machine.snapshot)
        editions = await in_thread(reactor, follower.begin)
        membership = open_membership(store, reactor, wall, log, lost, machine)
        parts.push_async_callback(in_thread, reactor, membership.leave)
        await joined(membership, reactor, log, go_on)
        follower.tell()
        sessions = open_sessions(settings, parts, log)
        counts = open_metrics()
        batches = open_batches(
            settings, store, sessions, editions, membership, wall, counts, log, machine
        )
        desk = HallDesk(
            reactor,
            batches,
            failed=partial(tell_failed, log),
            threads=machine.desk_threads(settings),
            limit=settings.limits.desk,
            gathers=lambda took: 0.0 if membership.alone else company(took),
        )
        ids = MessageIds(membership.own, wall, after=await in_thread(reactor, store.newest_id))
        await in_thread(reactor, batches.remember_unproven)
        desk.start()
        parts.push_async_callback(in_thread, reactor, desk.stop)
        coalescer = HallCoalescer(reactor, desk)
        parts.callback(coalescer.flush)
        outbox = open_outbox(reactor, wall, desk, coalescer, batches.smscs, settings, machine)
        parts.callback(outbox.stop)
        sharing = Sharing(reactor, membership, desk, coalescer, outbox, ids, log)
        share(membership, reactor, outbox, batches, sharing)
        lane = open_lane(reactor, wall, desk, ids, outbox, batches, settings, machine)
        key = store.seal.fingerprint_key
        code, number = settings.service.ussd_code, settings.service.number
        steps = UssdSteps(reactor, outbox, lambda: batches.book.conversation.late_screen(), log)
        standstill = Standstill(machine.since_boot, log)
        parts.callback(repeat(reactor, STANDSTILL_LOOK, standstill.look).stop)
        sms = SmppChannel(
            desk, coalescer, outbox, ids, wall, counts, log, key, steps, code, number, standstill
        )
        membership.sends = batches.sends = sms.can_send
        links = SmppLinks(settings.smpp.links, sms, reactor, log, machine.chance)
        reloading = DeferredLock()
        parts.push_async_callback(
            follow(reactor, wall, batches, follower, reloading, membership.is_first)
        )
        turns = CallTurns(batches, coalescer, reactor)
        calls = await open_voice(
            settings, reactor, desk, turns, outbox, ids, counts, log,
            lambda: batches.book, machine.needed_sounds, machine.listener, parts,
        )  # fmt: skip
        patience = CallTimeouts(call=settings.limits.call)
        exchanges = AsteriskLinks(
            settings.ivr.asterisk, calls, patience, reactor, log, machine.chance,
            lambda: batches.book.class_queues | {QUEUE},
        )  # fmt: skip
        parts.callback(
            calling_back(settings, reactor, wall, store, membership.is_first, exchanges, log)
        )
        housekeeping = tidying(reactor, wall, desk, membership.is_first, log)
        parts.callback(housekeeping.stop)
        counting = partial(roll_up_in_force, batches, wall, settings.unasked.effect)
        parts.callback(rolling_up(reactor, counting, membership.is_first, log))
        parts.callback(
            open_reminding(settings, reactor, wall, store, batches, membership, counts, log)
        )
        forgets = open_forgetting(reactor, wall, store, log, settings)
        parts.callback(forgets.stop)
        parts.callback(repeat(reactor, LOOK_EVERY, outbox.look).stop)
        parts.callback(checkpoints(reactor, store, counts, log).stop)
        watch(counts, log, batches)
        parts_up = [
            links.reasons, exchanges.reasons, calls.reasons, membership.reasons, sessions.reasons,
        ]  # fmt: skip
        if lane is not None:
            parts_up.insert(3, lane.reasons)
        up = ReadinessChecks(
            tuple(parts_up),
            Probe(reactor, store.answers, named),
            Probe(reactor, sessions.answers, named),
            Probe(reactor, partial(look_at_folders, settings), str),
            batches.outage.lately,
            log,
        )
        port = open_http(settings, reactor, counts, up, membership, parts)
        parts.push_async_callback(links.stop)
        leases = Leases(reactor, LeaseWatch(store, membership.me.holder), membership.ours, log)
        parts.push_async_callback(leases.stop)
        heirs(membership, reactor, batches, leases)
        parts.push_async_callback(exchanges.stop)
        parts.push_async_callback(sharing.stop)
        parts.push_async_callback(
            _drain, settings, reactor, sms, calls, desk, coalescer, outbox, membership, log
        )
        gauges(counts, desk, outbox, links, exchanges, calls)
        outbox.start()
        sharing.start()
        pace = open_pace(
            reactor, wall, batches, desk, outbox, ids, settings, membership, sms.can_send
        )
        parts.callback(pace.stop)
        pace.start()
        go_on_telling = notices_go_on(
            reactor, wall, batches, settings, reloading, membership.is_first
        )
        parts.callback(go_on_telling)
        cluster_gauges(counts, membership, returns)
        edition_gauges(batches)
        counts.leases = lambda: {"gateway": membership.ours(), **leases.held()}
        if lane is not None:
            lane.holds = lambda: membership.ours() and leases.holds("boss")
            leases.want("boss", lambda held: None)
            lane.start()
            parts.push_async_callback(lane.stop)
        tickets = open_ticket_jobs(
            reactor, wall, store, desk, ids, outbox, batches, membership, lane
        )
        tickets.start()
        parts.callback(tickets.stop)
        ordered = OrderedLinks(
            reactor, store, links, outbox, lambda: 1 + len(membership.view.senders), log
        )
        await ordered.look()
        parts.callback(repeat(reactor, LINKS_LOOK, ordered.look).stop)
        links.start()
        exchanges.start(leases)
        leases.start()
        log.event("open", http=port, links=[link.name for link in settings.smpp.links])
        yield Gateway(
            settings, store, desk, outbox, links, calls, membership, counts, port, up.reasons,
            batches, follower, log, reloading, reactor,
        )  # fmt: skip
        log.event("closing")
    log.event("closed")


async def _drain(
    settings: Settings,
    reactor: IHallReactor,
    sms: SmppChannel,
    calls: VoiceChannel,
    desk: HallDesk,
    coalescer: HallCoalescer,
    outbox: Outbox,
    membership: Membership,
    log: Log,
) -> None:
    """Take nothing new, finish what is begun, as far as the time allows. What stays is in the
    store; if others can send it, that is all that is not begun."""
    sms.open = False
    calls.close()
    coalescer.flush()
    until = reactor.seconds() + settings.limits.drain
    await desk.drained()

    def goes_on() -> bool:
        if reactor.seconds() >= until:
            return False
        if outbox.may_send() and len(outbox.in_line) < outbox.waiting:
            return True  # something was taken, and that is not kept yet: it would be sent again
        if not sms.can_send():
            return False
        if outbox.finishing:
            return any(each.is_ours_to_end for each in outbox.in_line)
        return bool(outbox.waiting or outbox.behind) and outbox.may_send()

    async def who_sends() -> None:
        """Another that goes as well gives us what it has, as long as we are there."""
        await in_thread(reactor, membership.retire)
        outbox.finishing = bool(membership.view.senders)

    await who_sends()
    while goes_on():
        while goes_on():
            await _pause(reactor, 0.02)
        await who_sends()
    outbox.leaving.release()
    coalescer.flush()
    await desk.drained()
    if outbox.waiting and not membership.view.senders:
        log.event("left in the outbox", messages=outbox.waiting)


def _pause(reactor: IHallReactor, seconds: float) -> Deferred[None]:
    pause: Deferred[None] = Deferred()
    reactor.callLater(seconds, pause.callback, None)
    return pause
