"""How each part of a gateway is opened from its settings; `app` says in which order."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from importlib.metadata import version
from socket import AF_INET
from typing import Any, cast

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import LoopingCall
from twisted.internet.tcp import Port

from gateway.boss.circuit_breaker import BreakerState, CircuitBreaker
from gateway.channels.smpp.links import SmppLinks
from gateway.channels.voice.asterisk_links import AsteriskLinks
from gateway.channels.voice.recordings_cleanup import forgetting
from gateway.channels.voice.voice_channel import VoiceChannel
from gateway.cluster.leases import Leases
from gateway.cluster.membership import Membership
from gateway.config.sections.setting_types import passed_socket
from gateway.config.settings import Settings, host_port
from gateway.delivery.link_states import LinkStates
from gateway.delivery.outbox import Outbox
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.machine import Machine
from gateway.model.hall_reactor import IHallReactor
from gateway.model.message_id import MessageIds
from gateway.model.smsc_groups import SmscGroups
from gateway.ops.http import site
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.ops.readiness import ReadinessChecks
from gateway.serving.batch import BatchServer
from gateway.serving.boss_lane import BossLane
from gateway.serving.jobs.periodic_jobs import reminding
from gateway.serving.jobs.reminding import ReminderSweep
from gateway.serving.jobs.ticket_jobs import TicketJobs
from gateway.serving.jobs.unasked_pace import UnaskedPace
from gateway.serving.outbox_port import OutboxPort
from gateway.serving.rate_limit import HourlyQuota
from gateway.serving.redelivery import Redelivery
from gateway.serving.sharing import Sharing
from gateway.serving.work import HallCoalescer, HallDesk
from gateway.store.members import Joining
from gateway.store.retention import DAY, Retention
from gateway.store.sessions import RedisSessions, RedisWhileItAnswers, Sessions, StoreSessions
from gateway.store.store import Store


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
    editions: EditionsInForce,
    membership: Membership,
    wall: Callable[[], float],
    counts: Metrics,
    log: Log,
    machine: Machine,
) -> BatchServer:
    limits, retention = settings.limits, settings.retention
    links = settings.smpp.links
    smscs = SmscGroups(
        {link.name: link.group for link in links},
        {link.group for link in links if link.receipts == "all"},
    )
    return BatchServer(
        store,
        sessions,
        editions,
        HourlyQuota(limits.queries_per_hour),
        machine.digits,
        Redelivery(limits.redelivery, wall, smscs, membership),
        Retention(retention.metadata_days * DAY, retention.content_days * DAY),
        counts,
        log,
        membership,
        message_lines=settings.log.messages,
        recorded=settings.menus.recorded,
        wall=wall,
    )


def open_membership(
    store: Store,
    reactor: IHallReactor,
    wall: Callable[[], float],
    log: Log,
    lost: Callable[[], None],
    machine: Machine,
) -> Membership:
    """`lost` is called in the reactor's thread."""
    now = wall()
    me = Joining(machine.name(now), version("hallgate"), int(now))
    membership = Membership(
        store, me, log, machine.since_boot, wall, machine.thread, machine.is_dead
    )
    membership.lost = lambda: reactor.callFromThread(lost)
    return membership


def share(
    membership: Membership,
    reactor: IHallReactor,
    outbox: Outbox,
    batches: BatchServer,
    sharing: Sharing,
) -> None:
    """From now on what happens among the members is told where it matters."""

    def gained(accept: Callable[[], None]) -> None:
        """Nothing fresh may go before what waits there: first all of that is read. The results of
        batches come in later turns of the reactor."""
        accept()
        outbox.look()

    membership.regained = lambda: reactor.callFromThread(outbox.look)
    membership.gained = lambda accept: reactor.callFromThread(gained, accept)
    membership.inherited = batches.inherit_unproven
    membership.stranded = lambda: reactor.callFromThread(sharing.hand_over)


def heirs(
    membership: Membership, reactor: IHallReactor, batches: BatchServer, leases: Leases
) -> None:
    """When another is gone, what it had not proven is ours to know, and its leases may be free."""

    def inherited() -> None:
        batches.inherit_unproven()
        reactor.callFromThread(leases.look_again)

    membership.inherited = inherited


def open_outbox(
    reactor: IHallReactor,
    wall: Callable[[], float],
    desk: HallDesk,
    coalescer: HallCoalescer,
    smscs: SmscGroups,
    settings: Settings,
    machine: Machine,
) -> Outbox:
    port = OutboxPort(desk, coalescer, wall)

    def ask(link: str) -> None:
        port.ask_smsc(link, partial(known, link))

    def known(link: str, smsc: str) -> None:
        smscs.learn(link, smsc)
        outbox.pump()

    outbox = Outbox(
        reactor,
        wall,
        port.settle,
        port.load,
        port,
        limit=settings.limits.outbox,
        chance=machine.chance,
        links=LinkStates(reactor, smscs, ask),
    )
    return outbox


def open_lane(
    reactor: IHallReactor,
    wall: Callable[[], float],
    desk: HallDesk,
    ids: MessageIds,
    outbox: Outbox,
    batches: BatchServer,
    settings: Settings,
    machine: Machine,
) -> BossLane | None:
    """For who has a BOSS; from then on the desk accepts what the BOSS will do."""
    if settings.boss is None:
        return None
    counts, breaker = batches.counts, CircuitBreaker(settings.boss.failures, settings.boss.rest)
    boss = machine.boss(settings.boss, breaker)
    counts.boss_calls = boss.results
    lane = BossLane(reactor, wall, desk, ids, outbox, boss, settings.boss, counts, batches.log)
    batches.placed = lambda: reactor.callFromThread(lane.look)
    counts.gauge("errands_waiting", "Accepted, and not settled yet", lambda: lane.depth)
    is_open = "1 while the BOSS is left alone because it did not answer"
    counts.gauge("boss_open", is_open, lambda: breaker.state is not BreakerState.CLOSED)
    return lane


def open_ticket_jobs(
    reactor: IHallReactor,
    wall: Callable[[], float],
    store: Store,
    desk: HallDesk,
    ids: MessageIds,
    outbox: Outbox,
    batches: BatchServer,
    membership: Membership,
    lane: BossLane | None,
) -> TicketJobs:
    """With a BOSS, the gateway that has its lease carries tickets to it."""
    jobs = TicketJobs(
        reactor, wall, store, desk, ids, outbox, batches.counts, batches.log,
        lambda: batches.book.register.settings.tickets, membership.is_first,
        lane.boss if lane else None, (lambda: lane.holds()) if lane else (lambda: False),
    )  # fmt: skip
    live, late = "Tickets that are not done", "Tickets that should be done by now"
    batches.counts.gauge("tickets_live", live, lambda: jobs.standing.live)
    batches.counts.gauge("tickets_late", late, lambda: jobs.standing.late)
    return jobs


def open_pace(
    reactor: IHallReactor,
    wall: Callable[[], float],
    batches: BatchServer,
    desk: HallDesk,
    outbox: Outbox,
    ids: MessageIds,
    settings: Settings,
    membership: Membership,
    can_send: Callable[[], bool],
) -> UnaskedPace:
    """Of reminders and notices."""
    hours = settings.unasked.polite(settings.service.timezone)
    batches.counts.gauge(
        "unasked_in_hand", "Reminders and notices on their way out", lambda: len(outbox.unasked)
    )
    return UnaskedPace(
        reactor, wall, batches.store, desk, outbox, ids, settings.unasked, hours, membership,
        can_send, batches.counts, batches.log,
    )  # fmt: skip


def open_forgetting(
    reactor: IHallReactor, wall: Callable[[], float], store: Store, log: Log, settings: Settings
) -> LoopingCall:
    content = settings.retention.content_days * DAY
    return forgetting(reactor, wall, settings.ivr.recordings, store, content, log)


def open_reminding(
    settings: Settings,
    reactor: IHallReactor,
    wall: Callable[[], float],
    store: Store,
    batches: BatchServer,
    membership: Membership,
    counts: Metrics,
    log: Log,
) -> Callable[[], None]:
    """With the rules and texts in force at each look; returns what ends it."""
    sweep = ReminderSweep(store, lambda: batches.editions, wall)
    every = settings.reminders.every
    return reminding(reactor, sweep, every, membership.is_first, counts, log)


def open_http(
    settings: Settings,
    reactor: IHallReactor,
    counts: Metrics,
    up: ReadinessChecks,
    membership: Membership,
    parts: AsyncExitStack,
) -> int:
    if settings.http.listen == "off":
        return 0
    about = partial(among_others, membership)
    asked = cast(Any, site(counts, lambda: Deferred.fromCoroutine(up.reasons()), about))
    passed = passed_socket(settings.http.listen)
    if passed is not None:
        os.set_blocking(passed, False)
        listening = cast(Port, cast(Any, reactor).adoptStreamPort(passed, AF_INET, asked))
    else:
        host, port = host_port(settings.http.listen)
        listening = cast(Port, reactor.listenTCP(port, asked, interface=host))
    parts.push_async_callback(lambda: maybeDeferred(listening.stopListening))
    return int(listening.getHost().port)


def among_others(membership: Membership) -> dict[str, object]:
    """What /readyz says as well while several gateways serve the store, or one of them has left
    something."""
    view = membership.view
    if view.alone:
        return {}
    waiting = {str(slot): rows.messages for slot, rows in sorted(membership.waiting.items())}
    epochs = {str(slot): epoch for slot, epoch in sorted(view.held.items())}
    return {
        "cluster": {
            "members": membership.ours() + len(membership.others),
            "slot": view.own,
            "epochs": epochs,
            "waiting": waiting,
            "takeovers": membership.takeovers,
        }
    }


def cluster_gauges(counts: Metrics, membership: Membership, returns: int) -> None:
    cluster = counts.cluster
    counts.gauge(
        "members", "Gateways on the store", lambda: membership.ours() + len(membership.others)
    )
    held = "Slots of which this gateway sends what waits"
    counts.gauge("slots_held", held, lambda: len(membership.slots))
    cluster.waiting = lambda: membership.waiting
    cluster.epochs = lambda: membership.view.held
    cluster.takeovers = lambda: membership.takeovers
    cluster.hand_overs = lambda: membership.hand_overs
    cluster.returns = returns


def gauges(
    counts: Metrics,
    desk: HallDesk,
    outbox: Outbox,
    links: SmppLinks,
    exchanges: AsteriskLinks,
    calls: VoiceChannel,
) -> None:
    counts.links = lambda: links.up() | exchanges.up()
    counts.binds.binds = links.binds
    counts.gauge("desk_unfinished", "Requests taken in and not yet served", lambda: desk.unfinished)
    counts.gauge("calls", "Calls in hand", lambda: calls.calls)
    missed = calls.services.announcer
    counts.counter("sounds_missed", "Sounds that callers did not hear", lambda: missed.missed)
    late = "Screens of USSD dialogues that nobody saw: said by SMS, or not at all"
    counts.counter("screens_late", late, lambda: outbox.late)
    counts.gauge("outbox_waiting", "Messages in hand on their way out", lambda: outbox.waiting)
