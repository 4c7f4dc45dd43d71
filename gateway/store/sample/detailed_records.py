"""Putting three months of calls, messages and sessions of sample subscribers into a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random
from typing import Final

from gateway.model.detailed_record import DetailedRecord
from gateway.store.detailed_records import SqlDetailedRecords
from gateway.store.store import Store

DAYS: Final = 92
_OTHERS: Final = ("13900139012", "13700137034", "01062345678", "10086", "13800138009")
_DAY: Final = 24 * 3600


def put_detailed_records(store: Store, numbers: Iterable[str], now: int) -> None:
    """The same for the same day, however often."""
    with store.transaction() as connection:
        kept = SqlDetailedRecords(connection)
        for number in numbers:
            kept.put(number, sample_records(int(number), now))


def sample_records(number: int, now: int) -> Iterator[DetailedRecord]:
    today = now // _DAY
    for day in range(today - DAYS, today):
        chance = Random(number * 100_000 + day)
        for _ in range(chance.randrange(4)):
            kind = chance.choice(("call_out", "call_in", "missed", "sms", "data"))
            other = "" if kind == "data" else chance.choice(_OTHERS)
            began = day * _DAY + chance.randrange(_DAY)
            yield DetailedRecord(kind, other, began, *_measured(chance, kind))


def _measured(chance: Random, kind: str) -> tuple[int, int]:
    """Length and fee."""
    if kind == "call_out":
        seconds = chance.randrange(5, 900)
        return seconds, -(-seconds // 60) * 15
    if kind == "call_in":
        return chance.randrange(5, 900), 0
    if kind == "sms":
        return 1, 10
    return (chance.randrange(10, 90_000), 0) if kind == "data" else (0, 0)
