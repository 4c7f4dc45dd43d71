"""`hallgate demo`: everything on this machine."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any, cast

from gateway.cli.verb import add_verb

if TYPE_CHECKING:
    from gateway.model.hall_reactor import IHallReactor


def add(verbs: Any, help: str) -> None:
    verb = add_verb(verbs, "demo", demo, help, "hallgate demo")
    verb.add_argument("--control", type=int, default=8089, help="the phone's port (%(default)s)")


def demo(chosen: argparse.Namespace) -> int:
    from twisted.internet import reactor as installed  # importing it installs it

    from gateway.cli.demonstration.console import ConsoleGone  # noqa: PLC0415  # help needs none
    from gateway.cli.demonstration.opening import open_demo  # noqa: PLC0415
    from gateway.cli.foreground import Foreground  # noqa: PLC0415

    reactor = cast("IHallReactor", installed)

    try:
        Foreground(reactor).run(lambda foreground: open_demo(chosen, foreground, reactor))
    except ConsoleGone as gone:
        print(f"{gone}. Another address: --set console.listen=127.0.0.1:9087", file=sys.stderr)
        return 1
    return 0
