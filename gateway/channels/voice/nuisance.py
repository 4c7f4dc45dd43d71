"""Callers who call again and again and want nothing: after so many calls they are told so."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Final

_WINDOW: Final = 3600.0  # seconds
_REMEMBERED: Final = 10_000  # numbers


class NuisanceLimit:
    """`most` calls of a number within an hour in which nothing was asked for and nobody talked; 0:
    no limit. Who shows no number is nobody in particular."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._calls: OrderedDict[str, deque[float]] = OrderedDict()

    def count(self, phone: str, now: float) -> None:
        """Such a call is over."""
        if not (phone and self._most):
            return
        self._calls.setdefault(phone, deque(maxlen=self._most)).append(now)
        self._calls.move_to_end(phone)
        while len(self._calls) > _REMEMBERED:
            self._calls.popitem(last=False)

    def refuses(self, phone: str, now: float) -> bool:
        made = self._calls.get(phone)
        return made is not None and len(made) == self._most and now - made[0] < _WINDOW
