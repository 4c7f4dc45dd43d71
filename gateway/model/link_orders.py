"""What people have ordered of a link: it holds for all gateways that have it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

HIGHEST_RATE: Final = 100_000  # parts a second


class LinkState(StrEnum):
    """`paused`: nothing leaves by it, what waits for it goes on waiting, and what comes is served.
    `drained`: nothing more leaves by it; once the peer has answered what it has, we unbind, and
    what waits leaves by other links."""

    OPEN = "open"
    PAUSED = "paused"
    DRAINED = "drained"


class LinkOrder(NamedTuple):
    """`rate`: parts a second by all gateways together; 0: as many as the peer takes."""

    link: str
    state: LinkState
    rate: int
    operator: str
    reason: str
    changed_at: int  # seconds since 1970
