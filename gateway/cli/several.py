"""`hallgate run --processes N`: the supervisor in the foreground, with pages for all."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import LoopingCall

from gateway.cli.foreground import Foreground
from gateway.cli.verb import settings_of
from gateway.config.sections.setting_types import host_port, passed_socket
from gateway.config.settings import Settings
from gateway.ops.log import Log, log_to, tell_errors
from gateway.ops.log_style import log_style
from gateway.ops.service_beat import ServiceBeat
from gateway.ops.service_manager import service_manager
from gateway.processes.joint_pages import PageReader, Pages, joint_site, reasons_not_to_serve
from gateway.processes.supervisor import GatewayFailed, Supervisor
from gateway.security import tls_certificates

LOOK: Final = 0.5  # seconds between looks whether those that were started serve


def run_several(chosen: argparse.Namespace) -> int:
    from twisted.internet import reactor  # importing it installs it

    settings = settings_of(chosen)
    tls_certificates.look(settings, chosen.config)
    with log_to(chosen.log, log_style(settings)) as log:
        tell_errors(log)
        foreground = Foreground(reactor)  # type: ignore[arg-type]  # the module is the reactor
        beat = ServiceBeat(reactor, service_manager())
        try:
            foreground.run(lambda running: _story(running, chosen, settings, log, beat))
        except GatewayFailed as failed:  # what was wrong, it has said itself
            return failed.status if failed.status > 0 else 1
    return 0


@asynccontextmanager
async def _story(
    foreground: Foreground, chosen: argparse.Namespace, settings: Settings, log: Log,
    beat: ServiceBeat,
) -> AsyncIterator[None]:  # fmt: skip
    reactor: Any = foreground.reactor
    drain = settings.limits.drain
    supervisor = Supervisor(reactor, chosen.processes, _words(chosen), log, drain)
    reader = PageReader(
        reactor, lambda: {one.number: one.port if one.alive else 0 for one in supervisor.children}
    )
    listening = None
    if settings.http.listen != "off" and passed_socket(settings.http.listen) is None:
        host, port = host_port(settings.http.listen)
        listening = reactor.listenTCP(port, joint_site(reader), interface=host)
    looks = LoopingCall(_look, supervisor, reader)
    looks.clock = reactor
    try:
        supervisor.start()
        beat.reasons = lambda: reasons_not_to_serve(reader)
        beat.start()
        looks.start(LOOK, now=False)
        supervisor.failed.addCallback(lambda status: foreground.give_up(GatewayFailed(status)))
        foreground.hang_up, foreground.at_once = supervisor.reload, supervisor.kill
        http = listening.getHost().port if listening is not None else 0
        log.event("supervising", processes=chosen.processes, http=http)
        yield
    finally:
        beat.ends()
        looks.stop()
        await supervisor.stop()
        beat.stop()
        if listening is not None:
            await maybeDeferred(listening.stopListening)
        supervisor.close()


def _words(chosen: argparse.Namespace) -> Sequence[str]:
    """The command line of each of them, as ours was."""
    words = ["--config", str(chosen.config)] if chosen.config else []
    for setting in chosen.set:
        words += ["--set", setting]
    words += ["--log", str(chosen.log)] if chosen.log else []
    return words


def _look(supervisor: Supervisor, reader: PageReader) -> Deferred[None] | None:
    """Which of those that were started have come to answer."""
    if all(child.served for child in supervisor.children):
        return None

    def found(pages: Pages) -> None:
        for child in supervisor.children:
            if child.alive and pages[child.number].status:
                supervisor.seen_serving(child)

    return reader.read("/healthz").addCallback(found)
