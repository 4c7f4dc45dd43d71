"""Who waits for a person at this moment, in which queue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from prometheus_client.core import GaugeMetricFamily, Metric

_LABELS = ["pbx", "queue"]


class WaitingCaller(Protocol):
    @property
    def seconds(self) -> float: ...


class QueueGauges:
    """A queue in which somebody has waited is told of from then on, also while it is empty."""

    def __init__(self) -> None:
        self._where: dict[WaitingCaller, tuple[str, str]] = {}
        self._seen: dict[tuple[str, str], None] = {}

    def waits(self, caller: WaitingCaller, pbx: str, queue: str) -> None:
        self._where[caller] = (pbx, queue)
        self._seen[pbx, queue] = None

    def waits_no_longer(self, caller: WaitingCaller) -> None:
        self._where.pop(caller, None)

    def collect(self) -> Iterator[Metric]:
        waiting = GaugeMetricFamily(
            "hallgate_queue_waiting", "Callers of ours who wait for a person now", labels=_LABELS
        )
        longest = GaugeMetricFamily(
            "hallgate_queue_longest_wait_seconds",
            "For how long the first of them has waited",
            labels=_LABELS,
        )
        now = list(self._where.items())
        for queue in list(self._seen):
            waits = [caller.seconds for caller, where in now if where == queue]
            waiting.add_metric(list(queue), float(len(waits)))
            longest.add_metric(list(queue), max(waits, default=0.0))
        yield waiting
        yield longest
