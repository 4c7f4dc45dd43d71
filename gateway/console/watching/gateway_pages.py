"""/readyz and /metrics of the gateways, read again and again while somebody looks at them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Condition, Thread
from typing import Final

import orjson
import urllib3
from prometheus_client.parser import text_string_to_metric_families

from gateway.config.sections.setting_types import host_port, passed_socket
from gateway.config.settings import Settings

EVERY: Final = 2.0  # seconds between two readings
LOOKED_AT: Final = 60.0  # seconds after the last look in which they are read on
FIRST: Final = 1.5  # seconds that whoever looks first waits for a reading
WINDOW: Final = 300.0  # seconds over which rates and shares are told
_WITHIN: Final = 4.0  # seconds in which a gateway must answer
_MOST_OCTETS: Final = 4 * 1024 * 1024

Labels = tuple[tuple[str, str], ...]
Samples = Mapping[tuple[str, Labels], float]
"""By the name of a figure and its labels, sorted."""


@dataclass(frozen=True, slots=True)
class GatewayReading:
    """What one address told. `reasons`: why it is not ready; `answered` false: nothing was told."""

    address: str
    answered: bool
    reasons: tuple[str, ...] = ()
    samples: Samples = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """All gateways at one moment, in seconds since 1970."""

    at: float
    gateways: tuple[GatewayReading, ...]

    def of(self, address: str) -> Reading:
        """One gateway of them."""
        return Reading(self.at, tuple(one for one in self.gateways if one.address == address))

    def total(self, name: str, **labels: str) -> float:
        """Of all gateways, of samples that have these labels."""
        return sum(value for _, value in self.each(name, **labels))

    def each(self, name: str, **labels: str) -> Iterator[tuple[Mapping[str, str], float]]:
        wanted = labels.items()
        for gateway in self.gateways:
            for (found, pairs), value in gateway.samples.items():
                if found == name and wanted <= dict(pairs).items():
                    yield dict(pairs), value


@dataclass(frozen=True, slots=True)
class Course:
    """The last readings, the oldest first."""

    readings: Sequence[Reading]

    @property
    def last(self) -> Reading | None:
        return self.readings[-1] if self.readings else None

    @property
    def seconds(self) -> float:
        return self.readings[-1].at - self.readings[0].at if len(self.readings) > 1 else 0.0

    def grown(self, name: str, **labels: str) -> float:
        """By how much a counter rose within the window; one that began anew counts from nothing."""
        totals = [reading.total(name, **labels) for reading in self.readings]
        return sum(
            after - before if after >= before else after for before, after in pairwise(totals)
        )

    def per_second(self, name: str, **labels: str) -> float | None:
        return self.grown(name, **labels) / self.seconds if self.seconds >= EVERY else None


class GatewayPages:
    """Reads them in a thread of its own: nobody who looks waits for a gateway that is slow."""

    def __init__(self, addresses: Sequence[str], clock: Callable[[], float]) -> None:
        self._addresses, self._clock = tuple(addresses), clock
        self._pool = urllib3.PoolManager(maxsize=4, retries=False, timeout=_WITHIN)
        self._readings: deque[Reading] = deque()
        self._changed = Condition()
        self._wanted_until = 0.0
        self._reads = False

    def course(self) -> Course:
        """What is known now."""
        with self._changed:
            self._wanted_until = self._clock() + LOOKED_AT
            if not self._reads:
                self._reads = True
                self._readings.clear()  # what was read before somebody looked away is too old
                Thread(target=self._read, name="gateway pages", daemon=True).start()
            if not self._readings:
                self._changed.wait(FIRST)
            return Course(tuple(self._readings))

    def _read(self) -> None:
        while True:
            gateways = tuple(self._of(address) for address in self._addresses)
            with self._changed:
                now = self._clock()
                self._readings.append(Reading(now, gateways))
                while self._readings[0].at < now - WINDOW:
                    self._readings.popleft()
                self._changed.notify_all()
                if now >= self._wanted_until:
                    self._reads = False
                    return
                self._changed.wait_for(lambda: False, EVERY)

    def _of(self, address: str) -> GatewayReading:
        try:
            ready = orjson.loads(self._page(f"{address}/readyz"))
            reasons = tuple(str(reason) for reason in ready["reasons"])
            samples = dict(samples_of(self._page(f"{address}/metrics").decode()))
        except (urllib3.exceptions.HTTPError, OSError, ValueError, KeyError, TypeError):
            return GatewayReading(address, answered=False)
        return GatewayReading(address, True, reasons, samples)

    def _page(self, url: str) -> bytes:
        """Raises HTTPError."""
        answer = self._pool.request("GET", url, redirect=False, preload_content=False)
        try:
            return answer.read(_MOST_OCTETS)
        finally:
            answer.release_conn()


def addresses(settings: Settings) -> tuple[str, ...]:
    """Where the gateways tell of themselves."""
    listen = settings.http.listen
    if settings.console.gateways or listen == "off" or passed_socket(listen) is not None:
        return tuple(settings.console.gateways)
    host, port = host_port(listen)
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return (f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}",)


def samples_of(text: str) -> Iterator[tuple[tuple[str, Labels], float]]:
    """Of a page of metrics in Prometheus' text form. Raises ValueError."""
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            yield (sample.name, tuple(sorted(sample.labels.items()))), float(sample.value)
