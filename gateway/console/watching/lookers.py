"""Who else looks at a ticket or a draft at this moment, at whichever console of the store."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import Final

from starlette.requests import Request

from gateway.store.operators.lookers import Looker, SqlLookers
from gateway.store.store import Store

LASTS: Final = 12.0  # seconds after a sign of somebody's page in which they are there
EVERY: Final = 2.0  # seconds at least between two exchanges with the store, however many look
_MOST: Final = 2_000  # tickets and drafts that are remembered


class Lookers:
    """Those of this process, and with them those that the store had at the last exchange."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._here: OrderedDict[str, dict[str, Looker]] = OrderedDict()
        self._stored: dict[str, list[Looker]] = {}
        self._lock = Lock()
        self._turn = Lock()
        self._exchanged = 0.0

    def look(self, about: str, operator: str, name: str, now: float) -> list[str]:
        """`operator` looks; the names of the others who do."""
        with self._lock:
            here = self._here.pop(about, {})
            here[operator] = Looker(about, operator, name, now + LASTS)
            self._here[about] = {one.operator: one for one in _there(here.values(), now)}
            while len(self._here) > _MOST:
                self._here.popitem(last=False)
            stored = {one.operator: one for one in _there(self._stored.get(about, ()), now)}
            others = stored | self._here[about]
        return sorted(one.name for one in others.values() if one.operator != operator)

    def go_on(self, about: str, operator: str, name: str, now: float) -> list[str]:
        """`operator` looks still: the other consoles are told, and asked. In a transaction of its
        own. Raises StoreFailure."""
        self.look(about, operator, name, now)
        self._exchange(now)
        return self.look(about, operator, name, now)

    def _exchange(self, now: float) -> None:
        """Unless that was done a moment ago, or is being done."""
        if not 0 <= now - self._exchanged < EVERY and self._turn.acquire(blocking=False):
            try:
                self._tell_and_hear(now)
                self._exchanged = now
            finally:
                self._turn.release()

    def _tell_and_hear(self, now: float) -> None:
        with self._lock:
            here = [one for some in self._here.values() for one in _there(some.values(), now)]
        with self._store.transaction() as connection:
            found = SqlLookers(connection).exchange(here, now)
        stored: dict[str, list[Looker]] = {}
        for one in found:
            stored.setdefault(one.about, []).append(one)
        with self._lock:
            self._stored = stored


def _there(some: Iterable[Looker], now: float) -> list[Looker]:
    return [one for one in some if one.until > now]


def lookers_of(request: Request) -> Lookers:
    lookers = request.app.state.lookers
    assert isinstance(lookers, Lookers)
    return lookers
