"""What is counted, in the words that Prometheus reads."""

from __future__ import annotations

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from gateway.ops.metrics import Metrics
from smpp.statuses import Treatment


def read(counts: Metrics) -> dict[str, Metric]:
    """The text as a scraper reads it."""
    text = counts.text().decode()
    families = list(text_string_to_metric_families(text))
    assert len({family.name for family in families}) == len(families)
    return {family.name: family for family in families}


def values(family: Metric) -> dict[tuple[str, ...], float]:
    return {tuple(sample.labels.values()): sample.value for sample in family.samples}


def test_a_gateway_that_has_done_nothing_can_be_scraped() -> None:
    """Every name begins with hallgate_ and has help."""
    families = read(Metrics())
    assert families
    assert all(name.startswith("hallgate_") for name in families)
    assert all(family.documentation for family in families.values())


def test_messages_are_counted_by_link() -> None:
    """In, turned away, out by what the SMSC said, and receipts."""
    counts = Metrics()
    for _ in range(3):
        counts.arrived("smsc-a")
    counts.arrived("smsc-b")
    counts.refused("smsc-a")
    counts.submitted("smsc-a", Treatment.ACCEPTED)
    counts.submitted("smsc-a", Treatment.THROTTLE)
    counts.receipted("smsc-b", "DELIVRD")
    families = read(counts)
    assert values(families["hallgate_sms_in"]) == {("smsc-a",): 3, ("smsc-b",): 1}
    assert values(families["hallgate_sms_refused"]) == {("smsc-a",): 1}
    assert values(families["hallgate_sms_out"]) == {
        ("smsc-a", "accepted"): 1,
        ("smsc-a", "throttle"): 1,
    }
    assert values(families["hallgate_receipts"]) == {("smsc-b", "DELIVRD"): 1}


def test_counters_are_named_as_totals() -> None:
    """As Prometheus wants it of what only rises."""
    counts = Metrics()
    counts.arrived("smsc-a")
    assert b'\nhallgate_sms_in_total{link="smsc-a"} 1.0\n' in counts.text()


def test_requests_are_counted_by_what_they_asked_and_got() -> None:
    """The whole business in one table; the parser gives labels in the order of their names."""
    counts = Metrics()
    counts.batch([("sms", "q.balance", "ok")] * 2, [], 0.5)
    families = read(counts)
    assert values(families["hallgate_requests"]) == {("q.balance", "sms", "ok"): 2}
    batches = {
        (sample.name.rpartition("_")[2], sample.labels.get("le", "")): sample.value
        for sample in families["hallgate_batch_seconds"].samples
    }
    assert batches["count", ""] == 1
    assert batches["sum", ""] == 0.5
    assert (batches["bucket", "0.25"], batches["bucket", "0.5"]) == (0, 1)


def test_links_and_gauges_are_asked_when_somebody_looks() -> None:
    """They cost nothing in between."""
    counts, up = Metrics(), {"smsc-a": True, "smsc-b": False}
    waiting = [1.0]
    counts.links = lambda: up
    counts.gauge("outbox_waiting", "Messages in hand", lambda: waiting[0])
    first = read(counts)
    assert values(first["hallgate_link_up"]) == {("smsc-a",): 1, ("smsc-b",): 0}
    assert values(first["hallgate_outbox_waiting"]) == {(): 1}
    up["smsc-b"], waiting[0] = True, 7
    second = read(counts)
    assert values(second["hallgate_link_up"]) == {("smsc-a",): 1, ("smsc-b",): 1}
    assert values(second["hallgate_outbox_waiting"]) == {(): 7}


@pytest.mark.parametrize("name", ['quo"te', "back\\slash", "line\nend", "链路"])
def test_a_link_may_have_any_name(name: str) -> None:
    """The configuration does not forbid it, so it must be readable."""
    counts = Metrics()
    counts.arrived(name)
    assert values(read(counts)["hallgate_sms_in"]) == {(name,): 1}


def test_the_answers_delay_can_be_added_up() -> None:
    """Of several gateways: each bucket has all that took so long or less."""
    counts = Metrics()
    for seconds in (0.004, 0.02, 0.02, 3.0, 100.0):
        counts.answered(seconds)
    found = {
        sample.labels["le"]: sample.value
        for sample in read(counts)["hallgate_answer_seconds"].samples
        if sample.name.endswith("_bucket")
    }
    assert (found["0.005"], found["0.025"], found["2.5"], found["60.0"]) == (1, 3, 3, 4)
    assert found["+Inf"] == 5


def test_what_runs_here_is_told() -> None:
    """So that a board shows when, and an alert that versions differ."""
    counts = Metrics()
    counts.build = {"version": "1.2", "schema": "0058"}
    assert values(read(counts)["hallgate_build_info"]) == {("0058", "1.2"): 1}
