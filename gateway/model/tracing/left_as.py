"""How a message left: in how many parts, with how many PDUs, and what the peer calls them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class LeftAs(NamedTuple):
    """`submits` counts each PDU, also those sent again; `names` are the peer's message ids of the
    parts that it took. What an earlier gateway had sent of it is not counted."""

    parts: int = 0
    submits: int = 0
    names: tuple[str, ...] = ()


def packed(parts: int, submits: int, names: Sequence[str]) -> str:
    """2/3 8F01 8F02: two parts, three PDUs; with tabulators between, which no name has."""
    return "\t".join((f"{parts}/{submits}", *names)) if parts else ""


def unpacked(written: str) -> LeftAs:
    """Of a message that left before this was kept: nothing."""
    if not written:
        return LeftAs()
    counts, *names = written.split("\t")
    parts, _, submits = counts.partition("/")
    return LeftAs(int(parts), int(submits), tuple(names))
