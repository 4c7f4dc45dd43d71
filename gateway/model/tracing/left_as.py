"""How a message left: in how many parts, with how many PDUs, how soon the peer took it, and what it
calls them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class LeftAs(NamedTuple):
    """`submits` counts each PDU, also those sent again; `names` are the peer's message ids of the
    parts that it took. What an earlier gateway had sent of it is not counted. `answer_ms` are the
    milliseconds from the last PDU to the peer's answer; None where it came late, or not to us."""

    parts: int = 0
    submits: int = 0
    names: tuple[str, ...] = ()
    answer_ms: int | None = None


def packed(parts: int, submits: int, names: Sequence[str], answer_ms: int | None) -> str:
    """2/3/12 8F01 8F02: two parts, three PDUs, the answer after 12 ms; with tabulators between,
    which no name has."""
    if not parts:
        return ""
    counts = f"{parts}/{submits}" if answer_ms is None else f"{parts}/{submits}/{answer_ms}"
    return "\t".join((counts, *names))


def unpacked(written: str) -> LeftAs:
    """Of a message that left before this was kept: nothing."""
    if not written:
        return LeftAs()
    counts, *names = written.split("\t")
    parts, submits, *took = map(int, counts.split("/"))
    return LeftAs(parts, submits, tuple(names), took[0] if took else None)
