"""Who else looks at a ticket at this moment, as far as this process knows."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Final

from starlette.requests import Request

LASTS: Final = 10.0  # seconds after a sign of somebody's page in which they are there
_MOST: Final = 2_000  # tickets that are remembered


class Lookers:
    def __init__(self) -> None:
        self._seen: OrderedDict[str, dict[str, tuple[str, float]]] = OrderedDict()
        self._lock = Lock()

    def look(self, ticket: str, operator: str, name: str, now: float) -> list[str]:
        """`operator` looks; the names of the others who do."""
        with self._lock:
            there = self._seen.pop(ticket, {})
            there[operator] = (name, now)
            there = {who: seen for who, seen in there.items() if seen[1] > now - LASTS}
            self._seen[ticket] = there
            while len(self._seen) > _MOST:
                self._seen.popitem(last=False)
            return sorted(name for who, (name, _) in there.items() if who != operator)


def lookers_of(request: Request) -> Lookers:
    lookers = request.app.state.lookers
    assert isinstance(lookers, Lookers)
    return lookers
