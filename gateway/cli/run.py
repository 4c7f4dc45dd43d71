"""`hallgate run`: the gateway in the foreground."""

from __future__ import annotations

import argparse
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from gateway.app import gateway
from gateway.cli.foreground import Foreground
from gateway.cli.verb import add_verb, settings_of
from gateway.model.hall_reactor import IHallReactor
from gateway.ops.log import spooled, tell_errors
from gateway.security import tls_certificates


def add(verbs: Any, help: str) -> None:
    example = "hallgate run --config conf/gateway.yaml --set http.listen=127.0.0.1:9086"
    add_verb(verbs, "run", run, help, example)


def run(chosen: argparse.Namespace) -> int:
    from twisted.internet import reactor as installed  # importing it installs it

    reactor = cast(IHallReactor, installed)

    settings = settings_of(chosen)
    tls_certificates.look(settings.smpp.links, chosen.config)

    @asynccontextmanager
    async def story(foreground: Foreground) -> AsyncIterator[None]:
        async with gateway(
            settings,
            reactor,
            log,
            go_on=foreground.go_on,
            lost=foreground.lost,
            returns=foreground.returns,
        ) as running:
            foreground.hang_up = lambda: running.reload(lambda: settings_of(chosen))
            yield

    with spooled(sys.stderr) as log:
        tell_errors(log)
        Foreground(reactor).run(story)
    return 0
