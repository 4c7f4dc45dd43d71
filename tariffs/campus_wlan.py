"""Campus WLAN: what a month costs. Amounts are fen."""

from __future__ import annotations

from tariffs.catalogue import Service, WlanRule

CAMPUS_MIN = "wlan_campus_min"
OUTSIDE_MIN = "wlan_outside_min"
VOLUME_MB = "wlan_mb"


def month_fee(service: Service, rule: WlanRule, campus_min: int, outside_min: int) -> int:
    """The monthly fee, campus minutes beyond the included ones, every minute elsewhere, capped.

    The cap covers everything, the monthly fee included.
    """
    beyond = max(0, campus_min - service.includes.get(CAMPUS_MIN, 0))
    fee = service.fee_fen + rule.campus_fen * beyond + rule.outside_fen * outside_min
    return min(rule.cap_fen, fee)


def rests(rule: WlanRule, used_mb: int) -> bool:
    """True once the volume is used up: nothing more is charged, nothing works until next month."""
    return used_mb >= rule.stop_mb
