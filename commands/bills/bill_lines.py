"""The lines of a bill, in the order and under the names that every bill has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from commands.model.bills import BillLine

OTHER: Final = "other"
# named by the texts bill.plan, bill.voice …
ITEMS: Final = ("plan", "voice", "sms", "data", "wlan", "service", "provider", OTHER)


def in_order(lines: Iterable[BillLine]) -> list[BillLine]:
    """One line an item that is not nothing; what has no name of its own is other."""
    sums: Counter[str] = Counter()
    for line in lines:
        sums[line.item if line.item in ITEMS else OTHER] += line.fen
    return [BillLine(item, sums[item]) for item in ITEMS if sums[item]]


def up_to(total_fen: int, lines: Iterable[BillLine]) -> list[BillLine]:
    """The same lines, with what they lack of the total, or have too much, as other: what was booked
    just now stands in no line yet."""
    known = list(lines)
    rest = total_fen - sum(line.fen for line in known)
    return in_order([*known, BillLine(OTHER, rest)])
