"""What the store said of a caller a moment ago, for turns of his call that change nothing there."""

from __future__ import annotations

from typing import Final, NamedTuple

from commands.model.accounts import SubscriberAccount
from commands.model.credentials import PasswordTries

FRESH: Final = 30
"""Seconds for which that may be gone by. Whatever takes effect reads it anew."""


class KnownCaller(NamedTuple):
    """`wish` is whether he wants recommendations, as preferences have it; `read` is when this was
    read, in seconds since 1970."""

    phone: str
    account: SubscriberAccount | None
    wish: str
    tries: PasswordTries
    read: int

    def is_fresh(self, now: int) -> bool:
        """Of who withholds the number nothing is kept."""
        return not self.phone or now - self.read <= FRESH


def unknown(phone: str, now: int) -> KnownCaller:
    """Nothing is kept of this phone, or it is withheld."""
    return KnownCaller(phone, None, "", PasswordTries(), now)
