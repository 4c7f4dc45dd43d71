"""`hallgate check`: everything under conf/, before a gateway starts with it."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from gateway.cli.prompts import warn_of_sounds
from gateway.cli.sample_data import sample_operators
from gateway.cli.verb import add_verb, settings_of
from gateway.config.finding_texts import language_of, told_in_line
from gateway.config.sample import people as sample_people
from gateway.config.settings import Settings
from gateway.config.unread_files import left_by_packages
from gateway.dialogue.snapshot import open_snapshot
from gateway.editions.past import over
from gateway.operators import sample_interfaces
from periods.period import minute_of

_NOTE: Final = {"zh": "提示", "en": "note"}


def add(verbs: Any, help: str) -> None:
    add_verb(verbs, "check", check, help, "hallgate check --config conf/gateway.yaml")


def check(chosen: argparse.Namespace) -> int:
    gc.disable()  # it ends when it is done; what it reads would be looked through again and again
    try:
        return _check(chosen)
    finally:
        gc.enable()


def _check(chosen: argparse.Namespace) -> int:
    from gateway.security import tls_certificates  # noqa: PLC0415  # half a second

    settings = settings_of(chosen)
    tls_certificates.look(settings, chosen.config)
    book = open_snapshot(settings)
    register, catalogue = book.register, book.catalogue
    if (personas := settings.conf / "sample" / "personas.yaml").exists():
        sample_people.load(personas, catalogue)
    sample_operators(settings)
    sample_interfaces.load(settings.conf)
    print(
        f"all is well: {len(register.specs)} commands with {len(register.codes)} codes, "
        f"{len(catalogue.plans)} plans, {len(catalogue.services)} services, "
        f"{len(book.menus.book.screens)} screens"
    )
    tell_notes(settings, settings.conf, time.time())
    warn_of_sounds(settings)
    return 0


def tell_notes(settings: Settings, conf: Path, now: float) -> None:
    """And of what a package has left. `now`: seconds since 1970."""
    minute = minute_of(datetime.fromtimestamp(now, settings.service.zone))
    language = language_of()
    for finding in (*over(conf, minute), *left_by_packages(conf)):
        print(f"{_NOTE[language]}: {told_in_line(finding, language)}", file=sys.stderr)
