"""`hallgate check`: everything under conf/, before a gateway starts with it."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from gateway.cli.prompts import warn_of_sounds
from gateway.cli.sample_data import sample_operators
from gateway.cli.verb import add_verb
from gateway.config.checked_yaml import Finding
from gateway.config.finding_texts import language_of, told_in_line
from gateway.config.sample import people as sample_people
from gateway.config.setting_doubts import setting_doubts
from gateway.config.settings import Settings
from gateway.config.sources import checked_settings
from gateway.config.unread_files import left_by_packages
from gateway.dialogue.snapshot import open_snapshot
from gateway.editions.notes import notes
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

    read = checked_settings(chosen.config, chosen.set)
    settings = read.value
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
    tell_notes(read.findings(setting_doubts(settings)))
    tell_notes(notes(book.files, book, minute_now(settings), settings.conf))
    tell_notes(left_by_packages(settings.conf))
    warn_of_sounds(settings)
    return 0


def tell_notes(found: Iterable[Finding]) -> None:
    language = language_of()
    for finding in found:
        print(f"{_NOTE[language]}: {told_in_line(finding, language)}", file=sys.stderr)


def minute_now(settings: Settings) -> int:
    """Of the operator's wall clock (periods.period)."""
    return minute_of(datetime.fromtimestamp(time.time(), settings.service.zone))
