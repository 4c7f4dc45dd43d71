"""The process of `hallgate console`: opened, served until a signal, closed in order."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager, suppress
from functools import partial
from threading import Thread
from types import FrameType
from typing import Any, Final, cast

import anyio.to_thread
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from gateway.api.console_app import console_app
from gateway.api.context import ConsoleContext
from gateway.api.front import Front, PeerNoted, own_origins
from gateway.api.in_force import ConfParts
from gateway.api.patience import patient_protocol
from gateway.api.reading_ahead import ReadingAhead
from gateway.api.request_rate import RequestRate
from gateway.boss.circuit_breaker import CircuitBreaker
from gateway.boss.client import Boss
from gateway.boss.detailed_records import BossDetailedRecords
from gateway.config.checked_yaml import BadFile
from gateway.config.sections.console_settings import ConsoleSettings
from gateway.config.sections.setting_types import host_port
from gateway.config.settings import Settings
from gateway.editions.conf_in_force import ConfInForce
from gateway.editions.last_read import reading_ahead
from gateway.model.detailed_record import DetailedRecords
from gateway.model.operators.audit import AuditHead
from gateway.operators.logins import LoginRules, Logins
from gateway.operators.oidc.provider import Provider
from gateway.operators.oidc.provider_logins import ProviderLogins
from gateway.ops.log import Log
from gateway.ops.service_manager import ServiceManager, service_manager
from gateway.serving.beside.counter import CounterReads
from gateway.serving.beside.doors import Doors
from gateway.store.connection import StoreFailure
from gateway.store.detailed_records import StoreRecords
from gateway.store.operators.audit import SqlAudit
from gateway.store.store import Store

_THREADS: Final = 8  # requests that are served at once
_AT_ONCE: Final = 500  # connections
_NICER: Final = 5  # than a gateway on the same machine: messages come first
_ANCHOR_EVERY: Final = 60.0  # seconds
_LOOK_EVERY: Final = 1.0  # seconds, for what was published
_GRACE: Final = 10  # seconds for requests that run when it ends


def serve_console(
    settings: Settings,
    store: Store,
    log: Log,
    ready: Callable[[str], object],
    add_pages: Callable[[FastAPI, ConsoleContext], object],
) -> None:
    """Until SIGTERM or SIGINT; SIGHUP reads conf/ anew. `ready` is told the address, and
    `add_pages` puts pages behind the API. Raises BadFile, OSError for an address that cannot be
    used."""
    manager = service_manager()
    folder = ConfInForce(settings, store)
    conf = ConfParts(folder, store, log)
    conf.roles(), conf.tickets()  # whose mistakes are told before it opens
    host, port = host_port(settings.console.listen)
    with ExitStack() as opened:
        listening = opened.enter_context(_listening(host, port))
        port = int(listening.getsockname()[1])
        rate = RequestRate(settings.console.requests_per_minute, time.monotonic)
        logins = Logins(store, login_rules(settings.console), time.time)
        reads = CounterReads(conf.editions.own, conf.editions.edition)
        doors = Doors(settings, store, time.time, log, reads)
        at = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        ahead = ReadingAhead(conf, doors, store, time.time, log)
        provider = _provider(settings.console, store, logins, at)
        records = opened.enter_context(_records(settings, store))
        context = ConsoleContext(
            conf, store, logins, rate, time.time, log, doors, provider, records
        )

        def reload() -> None:
            _in_its_own(partial(_reload, conf, doors, ahead, log), "reload")

        @asynccontextmanager
        async def life(_app: FastAPI) -> AsyncIterator[None]:
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGHUP, reload)
            anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
            anchoring = asyncio.create_task(_tell_anchors(store, log))
            following = asyncio.create_task(_follow(folder, reload, ahead, log))
            _in_its_own(ahead, "reading ahead")
            log.event("console open", address=at)
            ready(at)
            beating = asyncio.create_task(_tell_life(manager))
            yield
            if manager is not None:
                manager.ends()
            for task in (anchoring, following, beating):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            ahead.stop()
            doors.close()
            folder.close()
            log.event("console closed")

        app = console_app(context, life)
        add_pages(app, context)
        front = Front(app, own_origins(host, port, settings.console.origins), rate, log)
        _run(app, front, listening, settings.console)


def _reload(conf: ConfParts, doors: Doors, ahead: Callable[[], None], log: Log) -> None:
    """In a thread of its own: requests do not wait for it. What has mistakes changes nothing, and
    is told."""
    roles, *rest = conf.reloads()
    with reading_ahead():
        if _read_anew([roles], log):
            log.event("roles reloaded", roles=list(conf.roles()))
        if _read_anew([*rest, doors.reload], log):
            log.event("conf reloaded")
    ahead()


def _read_anew(reloads: Sequence[Callable[[], None]], log: Log) -> bool:
    """Whether nothing is wrong; each mistake is told once, however many read the file."""
    found: dict[str, None] = {}
    for reload in reloads:
        try:
            reload()
        except BadFile as bad:
            found |= dict.fromkeys(map(str, bad.findings))
    if found:
        log.event("not reloaded", findings=list(found))
    return not found


def _provider(
    settings: ConsoleSettings, store: Store, logins: Logins, at: str
) -> ProviderLogins | None:
    """Browsers come back to the first of `console.origins`, or to where it listens. Raises
    OSError."""
    if settings.oidc is None:
        return None
    origin = settings.origins[0] if settings.origins else at
    return ProviderLogins(settings.oidc, store, logins, Provider(settings.oidc), origin, time.time)


@contextmanager
def _records(settings: Settings, store: Store) -> Iterator[DetailedRecords | None]:
    """Where detailed records come from, if from anywhere."""
    boss = settings.boss
    match settings.service.records:
        case "store":
            yield StoreRecords(store)
        case "boss" if boss is not None:  # the settings see to that
            with closing(Boss(boss, CircuitBreaker(boss.failures, boss.rest))) as asked:
                yield BossDetailedRecords(asked)
        case _:
            yield None


def login_rules(settings: ConsoleSettings) -> LoginRules:
    return LoginRules(
        by_name=settings.wrong_by_name,
        by_address=settings.wrong_by_address,
        window=settings.wrong_window,
        idle=settings.idle,
        session=settings.session,
        local=frozenset(settings.oidc.local) if settings.oidc else None,
    )


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise OSError(f"{host}:{port} cannot be used: {error.strerror or error}") from error


def _run(app: FastAPI, front: Front, listening: socket.socket, settings: ConsoleSettings) -> None:
    with suppress(OSError):
        os.nice(_NICER)
    proxies = list(settings.proxies)
    # Starlette and uvicorn have types of their own for the same
    believed = ProxyHeadersMiddleware(cast(Any, front), trusted_hosts=proxies)
    config = uvicorn.Config(
        PeerNoted(cast(ASGIApp, believed) if proxies else front),
        http=patient_protocol(proxies),
        lifespan="on",
        log_config=None,
        access_log=False,  # addresses of pages hold what was asked for
        server_header=False,
        proxy_headers=False,  # we wrap it ourselves, to know who connected as well
        limit_concurrency=_AT_ONCE,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=_GRACE,
    )
    server = uvicorn.Server(config)
    app.state.ending = lambda: server.should_exit  # streams of events end by themselves
    # uvicorn raises the signal that ended it once more when it is through: that is the end we want
    before = [signal.signal(each, _ignored) for each in (signal.SIGTERM, signal.SIGINT)]
    try:
        server.run(sockets=[listening])
    finally:
        for number, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
            signal.signal(number, handler)


def _ignored(_number: int, _frame: FrameType | None) -> None:
    """It has been obeyed."""


async def _tell_life(manager: ServiceManager | None) -> None:
    """Out of the event loop: if that stands still, the manager hears nothing."""
    started = False
    while manager is not None:
        started = manager.lives([], started=started)
        await asyncio.sleep(manager.every)


async def _tell_anchors(store: Store, log: Log) -> None:
    """In the log, which lies elsewhere than the store."""
    told: AuditHead | None = None
    while True:
        try:
            told = await anyio.to_thread.run_sync(tell_anchor, store, log, told)
        except StoreFailure as error:
            log.event("audit anchor not told", error=error)
        await asyncio.sleep(_ANCHOR_EVERY)


def tell_anchor(store: Store, log: Log, told: AuditHead | None) -> AuditHead | None:
    """How far the audit has come; and whether what was `told` last is so no more. What has been
    told by now."""
    with store.reading() as connection:
        audit = SqlAudit(connection, store.seal)
        head, holds = audit.head(), told is None or audit.holds(told)
    if not holds:
        finding = f"row {told.count if told else 0} is not the one that was told as anchor {told}"
        log.event("audit bent", findings=[finding], anchor=str(head))
    if head is not None and head.count and head != told:
        log.event("audit anchor", anchor=str(head))
        return head
    return told if holds else None


def _in_its_own(work: Callable[[], object], name: str) -> None:
    """Thread: what reads for seconds keeps nobody waiting; the process ends when it is over."""
    Thread(target=work, name=name).start()


async def _follow(
    conf: ConfInForce, reload: Callable[[], None], ahead: ReadingAhead, log: Log
) -> None:
    """What is published holds here too: who has which right, which tickets there are. What a
    gateway found in its conf/ is what messages are walked again on."""
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        try:
            if await anyio.to_thread.run_sync(conf.look):
                reload()
            elif await anyio.to_thread.run_sync(ahead.news):
                _in_its_own(ahead, "reading ahead")
        except (BadFile, StoreFailure) as error:
            log.event("editions not looked at", error=type(error).__name__)
