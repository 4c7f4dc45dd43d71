"""How the settings want the log written."""

from __future__ import annotations

from gateway.config.settings import Settings
from gateway.ops.log import LogStyle


def log_style(settings: Settings) -> LogStyle:
    """Moments in the operator's time zone."""
    wanted = settings.log
    return LogStyle(wanted.level, wanted.format, settings.service.zone)
