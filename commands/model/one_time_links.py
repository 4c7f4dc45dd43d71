"""Port to one-time links: what somebody may look at once, on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from commands.model.request import Secret


@dataclass(frozen=True, slots=True)
class OneTimeLink:
    """What somebody may look at once, on a page, without further proof."""

    kind: str  # detail
    msisdn: str
    month: int  # 202611


class OneTimeLinks(Protocol):
    """One-time links: the token is known to whoever it was sent to, and kept as a mark."""

    def issue(self, token: Secret, link: OneTimeLink, until: int, now: int) -> None:
        """A newer link of the same kind for the same number takes the older's place."""
        ...

    def use(self, token: Secret, now: int) -> OneTimeLink | None:
        """Once, and in time; None for a token that is unknown, used or too old."""
        ...
