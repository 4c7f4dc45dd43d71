"""One gateway in the foreground, as `hallgate run` starts it."""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, cast

from gateway.app import gateway
from gateway.cli.foreground import Foreground
from gateway.cli.verb import settings_of
from gateway.config.settings import Settings
from gateway.model.hall_reactor import IHallReactor
from gateway.ops.log import log_to, tell_errors
from gateway.ops.log_style import log_style
from gateway.ops.service_beat import ServiceBeat, opening
from gateway.ops.service_manager import service_manager
from gateway.security import tls_certificates

_DIES_WITH_ITS_PARENT: Final = 1  # prctl(2): PR_SET_PDEATHSIG


def run_one(chosen: argparse.Namespace) -> int:
    from twisted.internet import reactor as installed  # importing it installs it

    reactor = cast(IHallReactor, installed)
    if chosen.process:
        _end_with_the_supervisor(chosen.supervisor)
    settings = _settings(chosen)
    tls_certificates.look(settings, chosen.config)
    beat = ServiceBeat(reactor, service_manager())

    @asynccontextmanager
    async def story(foreground: Foreground) -> AsyncIterator[None]:
        beat.start()
        async with gateway(
            settings,
            reactor,
            log,
            go_on=foreground.go_on,
            lost=foreground.lost,
            returns=foreground.returns,
        ) as running:
            foreground.hang_up = lambda: running.reload(lambda: _settings(chosen))
            beat.reasons = running.reasons
            yield
            beat.reasons = opening
            if foreground.ending:
                beat.ends()

    with log_to(chosen.log, log_style(settings)) as log:
        tell_errors(log)
        Foreground(reactor, patient=bool(chosen.process)).run(story)
    return 0


def _settings(chosen: argparse.Namespace) -> Settings:
    """Of several gateways on a machine the first alone can be called by an SMSC: there is one
    address for it."""
    settings = settings_of(chosen)
    if chosen.process <= 1:
        return settings
    links = [link for link in settings.smpp.links if link.outbind is None]
    return settings.model_copy(update={"smpp": settings.smpp.model_copy(update={"links": links})})


def _end_with_the_supervisor(pid: int) -> None:
    """Nobody would start us anew, or end us, once it is gone."""
    ctypes.CDLL(None).prctl(_DIES_WITH_ITS_PARENT, signal.SIGTERM)
    if os.getppid() != pid:  # it has gone already; in a container its own number may be 1
        raise SystemExit(1)
