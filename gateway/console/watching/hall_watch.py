"""One look at the hall for all who watch it: taken anew at most every two seconds."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Final

from starlette.requests import Request

from gateway.console.watching.gateway_pages import Course, GatewayPages
from gateway.console.watching.store_look import StoreLook, look_at
from gateway.console.watching.verdicts import Verdict, verdicts
from gateway.store.connection import StoreFailure
from gateway.store.operators.taken_alarms import SqlTakenAlarms
from gateway.store.store import Store

FRESH: Final = 2.0  # seconds for which a look is good


@dataclass(frozen=True, slots=True)
class HallNow:
    """At one moment, in seconds since 1970. `since`: from when each alarm on it has lasted."""

    at: float
    course: Course
    look: StoreLook | None
    verdicts: tuple[Verdict, ...]
    since: dict[str, float] = field(default_factory=dict)


class HallWatch:
    def __init__(self, store: Store, pages: GatewayPages, clock: Callable[[], float]) -> None:
        self._store, self._pages, self._clock = store, pages, clock
        self._lock = Lock()
        self._last: HallNow | None = None

    def now(self) -> HallNow:
        with self._lock:
            if self._last is None or self._clock() - self._last.at >= FRESH:
                self._last = self._looked()
            return self._last

    def forget(self) -> None:
        """The next look is a new one."""
        with self._lock:
            if self._last is not None:
                self._last = replace(self._last, at=0)

    def _looked(self) -> HallNow:
        course, now = self._pages.course(), self._clock()
        look = look_at(self._store, now)
        found = tuple(verdicts(course, look))
        before = self._last.since if self._last else {}
        if look is not None:
            self._end(set(look.taken) - {one.key for one in found if one.alarms or not one.known})
        since = {one.key: before.get(one.key, now) for one in found if one.alarms}
        return HallNow(now, course, look, found, since)

    def _end(self, over: set[str]) -> None:
        """Who had taken an alarm has it no longer when it is over."""
        if not over:
            return
        with suppress(StoreFailure), self._store.transaction() as connection:
            SqlTakenAlarms(connection).over(over)


def watch_of(request: Request) -> HallWatch:
    watch = request.app.state.hall_watch
    assert isinstance(watch, HallWatch)
    return watch
