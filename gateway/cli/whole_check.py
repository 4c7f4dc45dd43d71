"""What `hallgate check` looks at."""

from __future__ import annotations

import argparse

from gateway.cli.editions.told_notes import minute_now, tell_notes
from gateway.cli.prompts import warn_of_sounds
from gateway.cli.sample_data import sample_operators
from gateway.config.doubts.setting_doubts import setting_doubts
from gateway.config.sample import people as sample_people
from gateway.config.sources import checked_settings
from gateway.config.unread_files import left_by_packages
from gateway.dialogue.snapshot import open_snapshot
from gateway.editions.notes import notes
from gateway.operators import sample_interfaces
from gateway.security import tls_certificates


def whole_check(chosen: argparse.Namespace) -> int:
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
