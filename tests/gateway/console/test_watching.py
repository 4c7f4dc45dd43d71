"""The strip of the overview: verdicts from what gateways and the store tell."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.config.settings import Settings
from gateway.console.screens.links import answer_times, bind_rows
from gateway.console.watching.gateway_pages import Course, GatewayReading, Reading, addresses
from gateway.console.watching.lookers import EVERY, LASTS, Lookers
from gateway.console.watching.store_look import StoreLook
from gateway.console.watching.verdicts import Level, Verdict, verdicts
from gateway.store.store import Store

WELL = StoreLook(took=0.001, waiting=0, oldest_age=0, members=(), taken={})


def sample(name: str, value: float, **labels: str) -> tuple[Any, float]:
    return (f"hallgate_{name}", tuple(sorted(labels.items()))), value


def reading(at: float, *samples: tuple[Any, float], answered: bool = True) -> Reading:
    return Reading(at, (GatewayReading("http://a", answered, (), dict(samples)),))


def verdict(key: str, *readings: Reading, look: StoreLook | None = WELL) -> Verdict:
    return next(one for one in verdicts(Course(readings), look) if one.key == key)


@pytest.mark.parametrize(
    ("up", "level", "value"),
    [((1, 1), Level.WELL, "2/2"), ((1, 0), Level.WARNING, "1/2"), ((0, 0), Level.BAD, "0/2")],
)
def test_links(up: tuple[int, int], level: Level, value: str) -> None:
    samples = [sample("link_up", state, link=f"l{n}") for n, state in enumerate(up)]
    told = verdict("links", reading(0, *samples))
    assert (told.level, told.value) == (level, value)


def test_a_link_serves_if_any_gateway_has_it() -> None:
    one = GatewayReading("a", True, (), dict([sample("link_up", 0, link="x")]))
    two = GatewayReading("b", True, (), dict([sample("link_up", 1, link="x")]))
    assert verdict("links", Reading(0, (one, two))).level is Level.WELL
    gone = GatewayReading("c", answered=False)
    assert verdict("links", Reading(0, (one, two, gone))).level is Level.WARNING


def test_gateways_that_do_not_answer_are_an_alarm_and_the_rest_is_not_known() -> None:
    silent = reading(0, answered=False)
    assert verdict("links", silent).level is Level.BAD
    for key in ("calls", "queue", "boss"):
        assert verdict(key, silent).level is Level.UNKNOWN
        assert not verdict(key, silent).alarms
    assert verdict("links").level is Level.UNKNOWN  # nothing has been read yet


@pytest.mark.parametrize(
    ("failed", "asked", "level"),
    [(0, 1_000, Level.WELL), (5, 1_000, Level.WARNING), (50, 1_000, Level.BAD), (2, 4, Level.WELL)],
)
def test_the_share_of_failures(failed: int, asked: int, level: Level) -> None:
    """Of the last minutes; of very few nothing is concluded."""
    before = reading(0, sample("requests_total", 10, result="ok"),
                     sample("requests_total", 90, result="failed"))  # fmt: skip
    after = reading(60, sample("requests_total", 10 + asked - failed, result="ok"),
                    sample("requests_total", 90 + failed, result="failed"))  # fmt: skip
    assert verdict("failures", before, after).level is level


def test_a_counter_that_began_anew_counts_from_nothing() -> None:
    course = Course([reading(at, sample("sms_in_total", value, link="a"))
                     for at, value in ((0, 100), (2, 110), (4, 3), (6, 5))])  # fmt: skip
    assert course.grown("hallgate_sms_in_total") == 10 + 3 + 2
    assert course.per_second("hallgate_sms_in_total") == 15 / 6
    assert Course([reading(0)]).per_second("hallgate_sms_in_total") is None


@pytest.mark.parametrize(("age", "level"), [(0, Level.WELL), (31, Level.WARNING), (121, Level.BAD)])
def test_messages_that_wait_for_long(age: float, level: Level) -> None:
    waiting = WELL.__class__(0.001, 7, age, (), {})
    assert verdict("outbox", reading(0), look=waiting).level is level


def test_a_store_that_does_not_answer() -> None:
    assert verdict("store", reading(0), look=None).level is Level.BAD
    assert verdict("outbox", reading(0), look=None).level is Level.UNKNOWN


def test_where_gateways_are_looked_for() -> None:
    def told(listen: str, *gateways: str) -> tuple[str, ...]:
        settings = {"http": {"listen": listen}, "console": {"gateways": list(gateways)}}
        return addresses(Settings.model_validate(settings))

    assert told("127.0.0.1:8086") == ("http://127.0.0.1:8086",)
    assert told("0.0.0.0:9086") == ("http://127.0.0.1:9086",)
    assert told("[::1]:9086") == ("http://[::1]:9086",)
    assert told("off") == ()
    assert told("off", "http://10.0.0.5:8086/") == ("http://10.0.0.5:8086",)


def test_who_looks_is_there_for_some_seconds(sqlite_store: Store) -> None:
    lookers = Lookers(sqlite_store)
    assert lookers.look("1", "a", "甲", 0) == []
    assert lookers.look("1", "b", "乙", 1) == ["甲"]
    assert lookers.look("2", "b", "乙", 1) == []
    assert lookers.look("1", "b", "乙", LASTS - 1) == ["甲"]
    assert lookers.look("1", "b", "乙", LASTS + 1) == []


def test_the_store_is_told_for_all_who_look_at_once(store: Store) -> None:
    """Two hundred open pages are no two hundred writes: one for all of them, each two seconds."""
    one, two = Lookers(store), Lookers(store)
    assert one.go_on("1", "a", "甲", 100) == []
    one.look("1", "b", "乙", 101)
    assert two.go_on("1", "c", "丙", 101) == ["a"]  # nobody is hired here: their numbers
    assert one.go_on("1", "a", "甲", 101.5) == ["乙"]  # too soon to ask again
    assert one.go_on("1", "a", "甲", 100 + EVERY) == ["c", "乙"]
    assert two.go_on("1", "c", "丙", 101 + EVERY) == ["a", "b"]
    assert two.look("1", "c", "丙", 101 + EVERY + LASTS + 1) == []


def test_binds_of_several_processes_are_told_apart_and_have_a_rate_of_their_own() -> None:
    def now(at: float, *answers: float) -> Reading:
        labels = [{"link": "a", "bind": "a", "process": str(n)} for n in range(len(answers))]
        told = [sample("bind_up", 1, **one) for one in labels]
        told += [sample("bind_window", 20, **one) for one in labels]
        told += [
            sample("bind_answers_total", count, **one)
            for count, one in zip(answers, labels, strict=True)
        ]
        return reading(at, *told)

    rows = bind_rows(Course([now(0, 0, 100), now(10, 50, 100)]))
    assert [(one.gateway, one.rate) for one in rows] == [("http://a #0", 5.0), ("http://a #1", 0.0)]
    assert bind_rows(Course([])) == []


def test_how_long_answers_took_is_told_of_the_last_minutes() -> None:
    """By the buckets of all gateways together, however it was before."""

    def now(at: float, *counts: float) -> Reading:
        bounds = ("0.05", "1.0", "+Inf")
        return reading(at, *(
            sample("answer_seconds_bucket", count, le=bound)
            for bound, count in zip(bounds, counts, strict=True)
        ))  # fmt: skip

    times = answer_times(Course([now(0, 0, 50, 50), now(60, 98, 149, 150)]))
    assert times == {"0.5": 50.0, "0.95": 50.0, "0.99": 1000.0}
    assert answer_times(Course([now(0, 5, 5, 5)])) == {}
