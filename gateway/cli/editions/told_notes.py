"""Notes, as verbs that check a conf/ tell them: they stop nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from typing import Final

from gateway.config.checked_yaml import Finding
from gateway.config.finding_texts import language_of, told_in_line
from gateway.config.settings import Settings
from periods.period import minute_at

_NOTE: Final = {"zh": "提示", "en": "note"}


def tell_notes(found: Iterable[Finding]) -> None:
    language = language_of()
    for finding in found:
        print(f"{_NOTE[language]}: {told_in_line(finding, language)}", file=sys.stderr)


def minute_now(settings: Settings) -> int:
    """Of the operator's wall clock (periods.period)."""
    return minute_at(time.time(), settings.service.zone)
