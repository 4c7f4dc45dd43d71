"""Moments as people who work here read them."""

from __future__ import annotations

from datetime import datetime, tzinfo


def minute_told(seconds: int, zone: tzinfo) -> str:
    """2026-11-30 08:05, of seconds since 1970; empty for none."""
    return f"{datetime.fromtimestamp(seconds, zone):%Y-%m-%d %H:%M}" if seconds else ""
