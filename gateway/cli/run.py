"""`hallgate run`: the gateway in the foreground."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from gateway.app import gateway
from gateway.cli.verb import add_verb, settings_of
from gateway.foreground import Foreground
from gateway.log import Log, tell_twisted_errors


def add(verbs: Any, help: str) -> None:
    example = "hallgate run --config conf/gateway.yaml --set http.listen=127.0.0.1:9086"
    add_verb(verbs, "run", run, help, example)


def run(chosen: argparse.Namespace) -> int:
    from twisted.internet import reactor  # importing it installs it

    settings, log = settings_of(chosen), Log()
    tell_twisted_errors(log)

    @asynccontextmanager
    async def story(foreground: Foreground) -> AsyncIterator[None]:
        async with gateway(settings, reactor, log) as running:
            foreground.hang_up = lambda: running.reload(lambda: settings_of(chosen))
            yield

    Foreground(reactor).run(story)
    return 0
