"""All generated pages together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.catalogues import decisions, log_events
from tests.catalogues.commands import commands_page
from tests.catalogues.metrics import metrics_page
from tests.catalogues.migrations import migrations_page
from tests.catalogues.page import Page
from tests.catalogues.settings import settings_page
from tests.catalogues.verbs import verbs_page


async def every_page(reactor: Any, folder: Path) -> tuple[list[Page], list[str]]:
    """The pages, and what a person must mend. A gateway lives in the folder for a moment. Raises
    Unclear."""
    return [*pages(), await metrics_page(reactor, folder)], faults()


def pages() -> list[Page]:
    """Those that need no gateway."""
    events, means = log_events.written_events(), log_events.meanings()
    return [
        commands_page(),
        log_events.log_events_page(events, means),
        decisions.decisions_page(decisions.records()),
        verbs_page(),
        settings_page(),
        migrations_page(),
    ]


def faults() -> list[str]:
    return log_events.faults(log_events.written_events(), log_events.meanings()) + decisions.faults(
        decisions.records()
    )
