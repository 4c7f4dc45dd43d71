"""What is counted: plain numbers on the hot path, put into Prometheus' words only when somebody
asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import Lock
from typing import Any

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from gateway.ops.bind_gauges import BindGauges
from gateway.ops.durations import ANSWERS, BATCHES, DurationCounts
from gateway.ops.queue_gauges import QueueGauges
from smpp.statuses import Treatment


class ClusterCounts:
    """What several gateways do among themselves; read when somebody asks."""

    def __init__(self) -> None:
        self.epochs: Callable[[], Mapping[int, int]] = dict  # of the slots that it holds
        # by slot: how many, and since when the oldest waits
        self.waiting: Callable[[], Mapping[int, tuple[int, float]]] = dict
        self.takeovers: Callable[[], int] = int
        self.hand_overs: Callable[[], int] = int
        self.returns = 0

    def collect(self) -> Iterator[Metric]:
        rows = "Messages that wait in the store, by the slot whose holder sends them"
        waiting = GaugeMetricFamily("hallgate_rows_waiting", rows, labels=["slot"])
        oldest = "When the oldest of these was written, in seconds since 1970"
        since = GaugeMetricFamily(
            "hallgate_rows_waiting_since_timestamp_seconds", oldest, labels=["slot"]
        )
        for slot, (count, moment) in self.waiting().items():
            waiting.add_metric([str(slot)], float(count))
            since.add_metric([str(slot)], moment)
        yield from (waiting, since)
        grows = "Epoch of each slot that this gateway holds: grows when a slot changes its holder"
        epochs = GaugeMetricFamily("hallgate_slot_epoch", grows, labels=["slot"])
        for slot, epoch in self.epochs().items():
            epochs.add_metric([str(slot)], float(epoch))
        yield epochs
        for name, help, value in (
            ("takeovers", "Gateways whose slots this one has taken over", self.takeovers()),
            ("hand_overs", "Times that others got what this one could not send", self.hand_overs()),
            ("returns", "Times that this one was taken over and came back", self.returns),
        ):
            yield CounterMetricFamily(f"hallgate_{name}", help, value=value)


class Metrics(Collector):
    """Only the reactor thread changes these, except what `batch` changes for the desk's threads."""

    def __init__(self) -> None:
        self.messages_in: Counter[str] = Counter()  # by link
        self.messages_refused: Counter[str] = Counter()  # by link: asked to come again
        self.messages_out: Counter[tuple[str, str]] = Counter()  # by link and treatment
        self.unanswered: Counter[str] = Counter()  # by link: parts without an answer in time
        self.answered_late: Counter[str] = Counter()  # by link: of those, answered after all
        self.repeated: Counter[str] = Counter()  # by link: parts sent that may have been taken
        self.left_out: Counter[str] = Counter()  # by link: messages with octets that say nothing
        self.outbinds: Counter[tuple[str, str]] = Counter()  # by link and what became of it
        self.receipts: Counter[tuple[str, str]] = Counter()  # by link and state
        self.served: Counter[tuple[str, str, str]] = Counter()  # by channel, action, result
        self.denied: Counter[tuple[str, str]] = Counter()  # by interface number and reason
        self.offers: Counter[tuple[str, str]] = Counter()  # by code and result
        self.reminders: Counter[tuple[str, str]] = Counter()  # by kind and result
        self.errands: Counter[tuple[str, str]] = Counter()  # by action and result
        self.ticket_alarms: Counter[tuple[str, str]] = Counter()  # by what and kind
        self.people: Counter[tuple[str, str]] = Counter()  # by exchange and what became of it
        self.queues = QueueGauges()
        self.binds = BindGauges()
        self.people_waited: Counter[str] = Counter()  # seconds, by exchange
        self.unasked: Counter[str] = Counter()  # by what became of it
        self.boss_calls: Counter[str] = Counter()  # by how they ended
        self.calls_failed: Counter[str] = Counter()  # by Asterisk
        self.editions_taken_back = 0
        self.batches = 0
        self.batch_times = DurationCounts(BATCHES)
        self._desk = Lock()
        self.answer_times = DurationCounts(ANSWERS)
        self.gauges: dict[str, tuple[str, Callable[[], float]]] = {}
        self.counters: dict[str, tuple[str, Callable[[], float]]] = {}
        self.build: dict[str, str] = {}  # version, schema: what runs here
        self.away: Callable[[], str] = str  # store or sessions; empty: neither
        self.cluster = ClusterCounts()
        self.leases: Callable[[], dict[str, bool]] = dict
        self.links: Callable[[], dict[str, bool]] = dict

    def arrived(self, link: str) -> None:
        self.messages_in[link] += 1

    def refused(self, link: str) -> None:
        self.messages_refused[link] += 1

    def submitted(self, link: str, treatment: Treatment) -> None:
        self.messages_out[link, treatment.value] += 1

    def receipted(self, link: str, state: str) -> None:
        self.receipts[link, state] += 1

    def person_answered(self, exchange: str, seconds: float) -> None:
        """Somebody took a caller's call after so long a wait."""
        self.people_waited[exchange] += round(seconds)

    def answered(self, seconds: float) -> None:
        self.answer_times.note(seconds)

    def call_failed(self, exchange: str) -> None:
        self.calls_failed[exchange] += 1

    def batch(
        self,
        served: Iterable[tuple[str, str, str]],
        denied: Iterable[tuple[str, str]],
        seconds: float,
    ) -> None:
        """One batch of the desk; several threads may bring theirs at once."""
        with self._desk:
            self.served.update(served)
            self.denied.update(denied)
            self.batches += 1
            self.batch_times.note(seconds)

    def served_until_now(self) -> Counter[tuple[str, str, str]]:
        """Since the start: by channel, action, result."""
        with self._desk:
            return self.served.copy()

    def offered(self, what: Iterable[tuple[str, str]]) -> None:
        """What became of recommendations in one batch."""
        with self._desk:
            self.offers.update(what)

    def gauge(self, name: str, help: str, value: Callable[[], float]) -> None:
        self.gauges[name] = (help, value)

    def counter(self, name: str, help: str, value: Callable[[], float]) -> None:
        """Of what somebody else counts; it only rises."""
        self.counters[name] = (help, value)

    def collect(self) -> Iterator[Metric]:
        yield _counter("sms_in", "Messages from subscribers", ["link"], self.messages_in)
        yield _counter(
            "sms_refused",
            "Messages the SMSC was asked to deliver later",
            ["link"],
            self.messages_refused,
        )
        yield _counter(
            "sms_out", "Parts sent, by what the SMSC said", ["link", "treatment"], self.messages_out
        )
        silent = "Parts that the SMSC did not answer in time"
        yield _counter("sms_unanswered", silent, ["link"], self.unanswered)
        late = "Of those, parts that it answered after all"
        yield _counter("sms_answered_late", late, ["link"], self.answered_late)
        again = "Parts sent again though they may have been taken"
        yield _counter("sms_repeated", again, ["link"], self.repeated)
        trailed = "Messages with octets behind them that say nothing"
        yield _counter("sms_trailed", trailed, ["link"], self.left_out)
        calls = "Connections of an SMSC to us, and what became of them"
        yield _counter("outbinds", calls, ["link", "result"], self.outbinds)
        yield _counter("receipts", "Delivery receipts", ["link", "state"], self.receipts)
        labels = ["channel", "action", "result"]
        yield _counter("requests", "What was asked, and how it ended", labels, self.served)
        labels = ["interface", "reason"]
        yield _counter("denied", "Requests refused, by the text that says why", labels, self.denied)
        labels = ["offer", "result"]
        yield _counter("offers", "Recommendations shown, taken, refused", labels, self.offers)
        labels = ["kind", "result"]
        reminded = "Subscribers reminded without having asked: told, or told the like within a day"
        yield _counter("reminders", reminded, labels, self.reminders)
        labels = ["action", "result"]
        late = "Tickets that are late, that nobody took in time, or that were escalated"
        yield _counter("ticket_alarms", late, ["what", "kind"], self.ticket_alarms)
        yield _counter("errands", "Work done by the BOSS, and how it ended", labels, self.errands)
        unasked = "Reminders and notices, moved to the outbox and taken out of it"
        yield _counter("unasked", unasked, ["what"], self.unasked)
        wanted = "Callers who want a person, and what comes of it"
        yield _counter("people", wanted, ["pbx", "what"], self.people)
        waited = "Seconds that callers waited until a person answered"
        yield _counter("people_waited_seconds", waited, ["pbx"], self.people_waited)
        yield _counter("boss_calls", "Calls to the BOSS", ["result"], self.boss_calls)
        failed = "Calls that ended with an apology, by our own mistake"
        yield _counter("calls_failed", failed, ["pbx"], self.calls_failed)
        took = "Seconds that a batch of the desk took"
        yield self.batch_times.family("hallgate_batch_seconds", took)
        arrived = "Seconds from a message's arrival to its answer's way out"
        yield self.answer_times.family("hallgate_answer_seconds", arrived)
        yield from self._standing()

    def _standing(self) -> Iterator[Metric]:
        """How it is at this moment."""
        what = "1, with the version of the program and of the schema that it works with"
        build = GaugeMetricFamily("hallgate_build_info", what, labels=["version", "schema"])
        build.add_metric([self.build.get("version", ""), self.build.get("schema", "")], 1.0)
        yield build
        gone = "1 while it cannot be reached, or keeps nothing"
        away = GaugeMetricFamily("hallgate_away", gone, labels=["what"])
        for each in ("store", "sessions"):
            away.add_metric([each], float(self.away() == each))
        yield away
        up = GaugeMetricFamily("hallgate_link_up", "1 if the link serves", labels=["link"])
        for name, serves in self.links().items():
            up.add_metric([name], float(serves))
        yield up
        ours = "1 if this gateway does it, and no other on its store"
        held = GaugeMetricFamily("hallgate_lease_held", ours, labels=["what"])
        for name, holds in self.leases().items():
            held.add_metric([name], float(holds))
        yield held
        yield from self.cluster.collect()
        yield from self.queues.collect()
        yield from self.binds.collect()
        for name, (help, value) in self.gauges.items():
            yield GaugeMetricFamily(f"hallgate_{name}", help, value())
        for name, (help, value) in self.counters.items():
            yield CounterMetricFamily(f"hallgate_{name}", help, value())

    def text(self) -> bytes:
        """In Prometheus' text form."""
        registry = CollectorRegistry()
        registry.register(self)
        ProcessCollector(namespace="hallgate", registry=registry)
        return generate_latest(registry)


def _counter(name: str, help: str, labels: list[str], values: Counter[Any]) -> Metric:
    family = CounterMetricFamily(f"hallgate_{name}", help, labels=labels)
    for key, value in list(values.items()):
        family.add_metric([key] if isinstance(key, str) else list(key), value)
    return family
