"""Batches that are under way, and the view by which each goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

from gateway.model.cluster_view import ClusterView


class BatchesUnderWay:
    """Any thread may begin a batch, or change the view; and see when all that went by older ones
    have ended."""

    def __init__(self) -> None:
        self.view = ClusterView(held={}, alone=False)
        self._serial = 0
        self._running: Counter[int] = Counter()  # by the serial number of their view
        self._lock = Lock()

    @contextmanager
    def batch(self) -> Iterator[ClusterView]:
        with self._lock:
            view, serial = self.view, self._serial
            self._running[serial] += 1
        try:
            yield view
        finally:
            with self._lock:
                self._running[serial] -= 1
                if not self._running[serial]:
                    del self._running[serial]

    def change(self, **facts: Any) -> None:
        """From the next batch on."""
        with self._lock:
            self._take(self.view._replace(**facts))

    def gain(self, slots: Mapping[int, int]) -> None:
        """Slots, each with its epoch."""
        with self._lock:
            self._take(self.view._replace(held={**self.view.held, **slots}))

    def drop(self, slots: Iterable[int]) -> None:
        with self._lock:
            kept = {slot: epoch for slot, epoch in self.view.held.items() if slot not in slots}
            self._take(self.view._replace(held=kept))

    def _take(self, view: ClusterView) -> None:
        if view != self.view:
            self.view, self._serial = view, self._serial + 1

    def all_go_by(self) -> int | None:
        """The number of the view by which all go; None while some go by an older one."""
        with self._lock:
            return None if self._running.keys() - {self._serial} else self.view.number
