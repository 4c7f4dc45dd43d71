"""`hallgate doctor`: what is wrong with this machine, and what cures it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

import orjson

from gateway.cli.upkeep.examine.finding import Health, HealthFinding
from gateway.cli.verb import add_verb, settings_of
from gateway.cli.version import program_version
from gateway.config.settings import Settings


def add(verbs: Any, help: str) -> None:
    verb = add_verb(verbs, "doctor", examine, help, "hallgate doctor --config conf/gateway.yaml")
    verb.add_argument("--json", action="store_true", help="for programs")


def examine(chosen: argparse.Namespace) -> int:
    """1 if anything is wrong; what is only to be minded is no failure."""
    settings = settings_of(chosen)
    found = list(_found(settings))
    wrong = sum(each.health is Health.WRONG for each in found)
    if chosen.json:
        rows = [
            {"health": each.health.value.lower(), "what": each.what, "found": each.found,
             "cure": each.cure} for each in found
        ]  # fmt: skip
        print(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        return 1 if wrong else 0
    print(program_version())
    for each in found:
        print(each)
    minded = sum(each.health is Health.MIND for each in found)
    print(f"{wrong} wrong, {minded} to be minded" if wrong or minded else "all is well")
    return 1 if wrong else 0


def _found(settings: Settings) -> Iterator[HealthFinding]:
    """Who only asks for help need not wait until all of conf/ can be read."""
    from gateway.cli.upkeep.examine.machine import examine_machine  # noqa: PLC0415
    from gateway.cli.upkeep.examine.peers import examine_peers  # noqa: PLC0415
    from gateway.cli.upkeep.examine.places import examine_places  # noqa: PLC0415

    for examination in (examine_machine, examine_places, examine_peers):
        yield from examination(settings)
