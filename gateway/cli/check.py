"""`hallgate check`: everything under conf/, before a gateway starts with it."""

from __future__ import annotations

import argparse
from typing import Any

from gateway.cli.verb import add_verb


def add(verbs: Any, help: str) -> None:
    add_verb(verbs, "check", check, help, "hallgate check --config conf/gateway.yaml")


def check(chosen: argparse.Namespace) -> int:
    from gateway.cli.whole_check import whole_check  # noqa: PLC0415  # help reads no conf/

    return whole_check(chosen)
