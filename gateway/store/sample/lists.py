"""Sample subscribers put into lists, and a bank's black list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gateway.config.sample.people import Persona
from gateway.model.customer_lists import NewEntry
from gateway.store.lists.entries import SqlListEntries
from gateway.store.store import Store

TYPES: Final = {"vip": "10", "red": "20", "black": "30"}
"""By class; the store has these types from the beginning."""
BANK: Final = "bank-a"
_WHY: Final = {"vip": "年消费额", "red": "重要客户", "black": "恶意欠费"}
_BANKS: Final = tuple(f"1370000{place:04}" for place in range(1, 6))
_BY: Final = "sample"


def of_persona(persona: Persona, now: int) -> Iterator[dict[str, object]]:
    """Rows of entries."""
    for name in sorted(persona.account.classes & TYPES.keys()):
        yield {
            "type": TYPES[name], "msisdn": int(persona.account.msisdn), "reason": _WHY[name],
            "operator": _BY, "since_at": now,
        }  # fmt: skip


def rest_of(classes: frozenset[str]) -> frozenset[str]:
    """What no list stands for stays with the account."""
    return classes - TYPES.keys()


def put_partner_list(store: Store, now: int) -> None:
    """As if a bank had sent it."""
    entries = [NewEntry(number, "信用卡欺诈") for number in _BANKS]
    with store.transaction() as connection:
        SqlListEntries(connection).put(TYPES["black"], BANK, entries, _BY, now)
