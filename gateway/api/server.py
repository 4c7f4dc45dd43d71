"""The process of `hallgate console`: opened, served until a signal, closed in order."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from threading import Thread
from types import FrameType
from typing import Any, Final, Generic, TypeVar, cast

import anyio.to_thread
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from gateway.api.console_app import console_app
from gateway.api.context import ConsoleContext
from gateway.api.front import Front, PeerNoted, own_origins
from gateway.api.request_rate import RequestRate
from gateway.config.checked_yaml import BadFile
from gateway.config.console_settings import ConsoleSettings
from gateway.config.roles import read_roles
from gateway.config.setting_types import host_port
from gateway.config.settings import Settings
from gateway.config.tickets.ticket_book import TicketBook, read_ticket_book
from gateway.model.operators.rights import Roles
from gateway.operators.logins import LoginRules, Logins
from gateway.ops.log import Log
from gateway.serving.beside.doors import Doors
from gateway.store.connection import StoreFailure
from gateway.store.operators.audit import SqlAudit
from gateway.store.store import Store

_THREADS: Final = 8  # requests that are served at once
_AT_ONCE: Final = 500  # connections
_NICER: Final = 5  # than a gateway on the same machine: messages come first
_ANCHOR_EVERY: Final = 60.0  # seconds
_GRACE: Final = 10  # seconds for requests that run when it ends
Value = TypeVar("Value")


class InForce(Generic[Value]):
    """What was read of conf/ last."""

    def __init__(self, read: Callable[[], Value]) -> None:
        """Raises BadFile."""
        self._read = read
        self._value = read()

    def __call__(self) -> Value:
        return self._value

    def reload(self) -> None:
        """Raises BadFile: then it stays as it was."""
        self._value = self._read()


def serve_console(
    settings: Settings,
    store: Store,
    log: Log,
    ready: Callable[[str], object],
    add_pages: Callable[[FastAPI, ConsoleContext], object],
) -> None:
    """Until SIGTERM or SIGINT; SIGHUP reads the roles anew. `ready` is told the address, and
    `add_pages` puts pages behind the API. Raises BadFile, OSError for an address that cannot be
    used."""
    roles = InForce(lambda: read_roles(settings.conf))
    tickets = InForce(lambda: read_ticket_book(settings))
    host, port = host_port(settings.console.listen)
    with _listening(host, port) as listening:
        port = int(listening.getsockname()[1])
        rate = RequestRate(settings.console.requests_per_minute, time.monotonic)
        logins = Logins(store, login_rules(settings.console), time.time)
        doors = Doors(settings, store, time.time, log)
        context = ConsoleContext(
            settings, store, logins, roles, rate, time.time, log, tickets, doors
        )
        at = f"http://{f'[{host}]' if ':' in host else host}:{port}"

        def reload() -> None:
            _reload(roles, tickets, doors, log)

        @asynccontextmanager
        async def life(_app: FastAPI) -> AsyncIterator[None]:
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGHUP, reload)
            anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
            anchoring = asyncio.create_task(_tell_anchors(store, log))
            Thread(target=_warm, args=(doors, log), name="doors", daemon=True).start()
            log.event("console open", address=at)
            ready(at)
            yield
            anchoring.cancel()
            with suppress(asyncio.CancelledError):
                await anchoring
            doors.close()
            log.event("console closed")

        app = console_app(context, life)
        add_pages(app, context)
        front = Front(app, own_origins(host, port, settings.console.origins), rate, log)
        _run(app, front, listening, settings.console)


def _warm(doors: Doors, log: Log) -> None:
    try:
        doors.warm()
    except BadFile as bad:
        log.event("door closed", findings=list(map(str, bad.findings)))
    except StoreFailure as error:
        log.event("door closed", error=error)


def _reload(roles: InForce[Roles], tickets: InForce[TicketBook], doors: Doors, log: Log) -> None:
    """conf/ is read in a thread of its own: requests do not wait for it."""
    if _read_anew(roles.reload, log):
        log.event("roles reloaded", roles=list(roles()))

    def rest() -> None:
        _read_anew(tickets.reload, log)
        _read_anew(doors.reload, log)

    Thread(target=rest, name="reload", daemon=True).start()


def _read_anew(reload: Callable[[], None], log: Log) -> bool:
    """A file with mistakes changes nothing, and is told."""
    try:
        reload()
    except BadFile as bad:
        log.event("not reloaded", findings=list(map(str, bad.findings)))
        return False
    return True


def login_rules(settings: ConsoleSettings) -> LoginRules:
    return LoginRules(
        by_name=settings.wrong_by_name,
        by_address=settings.wrong_by_address,
        window=settings.wrong_window,
        idle=settings.idle,
        session=settings.session,
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


async def _tell_anchors(store: Store, log: Log) -> None:
    """In the log, which lies elsewhere than the store: how far the audit has come."""
    told = ""
    while True:
        try:
            head = await anyio.to_thread.run_sync(lambda: _head(store))
        except StoreFailure as error:
            log.event("audit anchor not told", error=error)
        else:
            if head and head != told:
                log.event("audit anchor", anchor=head)
                told = head
        await asyncio.sleep(_ANCHOR_EVERY)


def _head(store: Store) -> str:
    with store.reading() as connection:
        head = SqlAudit(connection, store.seal).head()
    return str(head) if head is not None and head.count else ""
