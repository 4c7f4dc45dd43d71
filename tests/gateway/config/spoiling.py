"""Copies of conf/ that are spoilt, and what is found in them."""

from __future__ import annotations

import time
from pathlib import Path

from gateway.cli.sample_data import sample_operators
from gateway.config.checked_yaml import BadFile, Finding
from gateway.config.doubts.setting_doubts import setting_doubts
from gateway.config.finding_texts import in_chinese
from gateway.config.sample import people as sample_people
from gateway.config.sources import checked_settings, read_settings
from gateway.dialogue.snapshot import open_snapshot
from gateway.editions.doubts import doubts, unfinished
from gateway.editions.notes import documents
from gateway.operators import sample_interfaces

SETTINGS, COMMANDS, OFFERS = "gateway.yaml", "commands.yaml", "offers.yaml"
BRANDS, PLANS, SERVICES = "tariffs/brands.yaml", "tariffs/plans.yaml", "tariffs/services.yaml"
CAMPAIGNS, EXCHANGES = "tariffs/campaigns.yaml", "tariffs/exchanges.yaml"
DOORS, REGIONS, HOLIDAYS = "interfaces.yaml", "regions.yaml", "holidays.yaml"
CLASSES, REMINDERS = "classes.yaml", "reminders.yaml"
PERSONAS, ZH, EN = "sample/personas.yaml", "replies/zh/services.yaml", "replies/en/services.yaml"
HALL, MENU, BOOK = "menus/hall.yaml", "menus/services.yaml", "menus/book.yaml"
SECONDS = 10.0  # it takes two to four; busy machines count more


def findings(folder: Path) -> list[Finding]:
    """What `hallgate check` says of a folder, which must not take long, and has Chinese words."""
    began = time.process_time()
    try:
        settings = read_settings(folder / SETTINGS, environment={})
        sample_people.load(settings.conf / PERSONAS, open_snapshot(settings).catalogue)
        sample_operators(settings)
        sample_interfaces.load(settings.conf)
    except BadFile as bad:
        assert time.process_time() - began < SECONDS
        return [*_in_both(bad.findings)]
    return []


def doubted(folder: Path) -> list[Finding]:
    """What it notes as doubtful of a folder with which nothing is wrong."""
    settings = checked_settings(folder / SETTINGS, environment={})
    snapshot = open_snapshot(settings.value)
    noted = settings.findings(setting_doubts(settings.value))
    read = documents(snapshot.files, folder)
    return _in_both([*noted, *doubts(read, snapshot), *unfinished(snapshot.files, folder)])


def _in_both(found: list[Finding]) -> list[Finding]:
    """The same, each of which has Chinese words."""
    for one in found:
        assert in_chinese(one.what), one
        assert not one.fix or in_chinese(one.fix), one
    return found
