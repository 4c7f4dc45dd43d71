"""Detailed records that the operator's own system has; docs/boss.md describes what goes over the
wire."""

from __future__ import annotations

from gateway.boss.client import Boss, BossAway
from gateway.model.detailed_record import DetailedRecord, RecordsAway


class BossDetailedRecords:
    """gateway.model.detailed_record.DetailedRecords, asked for each time: nothing is kept here."""

    def __init__(self, boss: Boss) -> None:
        self._boss = boss

    def of(self, msisdn: str, begins: int, ends: int) -> list[DetailedRecord]:
        try:
            found = self._boss.detailed_records(msisdn, begins, ends)
        except BossAway as away:
            raise RecordsAway(str(away)) from away
        return sorted(
            (one for one in found if begins <= one.began_at < ends),
            key=lambda one: (one.began_at, one.kind),
        )
