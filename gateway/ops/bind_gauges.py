"""How each bind to an SMSC is at this moment, read when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

_LABELS = ["link", "bind"]


class BindNow(NamedTuple):
    """`window` 0: nothing is sent by it; `used` of it: parts that are not answered. `answered`:
    parts, since it was bound. `status` of the last answer (SMPP 3.4, 5.1.3), for which `waited`
    seconds were waited."""

    link: str
    bind: str
    up: bool
    window: int = 0
    used: int = 0
    answered: int = 0
    status: int = 0
    waited: float = 0.0


class BindGauges:
    def __init__(self) -> None:
        self.binds: Callable[[], Iterable[BindNow]] = tuple

    def collect(self) -> Iterator[Metric]:
        binds = list(self.binds())
        sends = [one for one in binds if one.window]
        heard = [one for one in sends if one.answered]
        yield _gauge("bind_up", "1 while it is bound", {b: float(b.up) for b in binds})
        room = "Parts that may be unanswered at once"
        yield _gauge("bind_window", room, {b: float(b.window) for b in sends})
        used = "Parts that are sent and not answered"
        yield _gauge("bind_window_used", used, {b: float(b.used) for b in sends})
        status = "The command_status of the SMSC's last answer to a part"
        yield _gauge("bind_last_status", status, {b: float(b.status) for b in heard})
        waited = "Seconds from that part to its answer"
        yield _gauge("bind_last_answer_seconds", waited, {b: b.waited for b in heard})
        count = "Parts that the SMSC has answered since it was bound"
        answered = CounterMetricFamily("hallgate_bind_answers", count, labels=_LABELS)
        for one in sends:
            answered.add_metric([one.link, one.bind], float(one.answered))
        yield answered


def _gauge(name: str, help: str, values: dict[BindNow, float]) -> Metric:
    family = GaugeMetricFamily(f"hallgate_{name}", help, labels=_LABELS)
    for one, value in values.items():
        family.add_metric([one.link, one.bind], value)
    return family
