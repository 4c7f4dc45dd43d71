"""Questions per number and hour: who asks too often is told once, and then left alone."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.model.request_quota import QuotaCategory, QuotaDecision
from gateway.serving.rate_limit import HOUR, HourlyQuota

NUMBER, OTHER = "13800138001", "13800138002"
FREE = QuotaDecision(allowed=True)


def test_up_to_the_limit_all_is_free() -> None:
    """Thirty an hour are thirty."""
    quota = HourlyQuota(30)
    assert [quota.take(NUMBER, 0, QuotaCategory.QUESTION) for _ in range(30)] == [FREE] * 30
    assert not quota.take(NUMBER, 0, QuotaCategory.QUESTION).allowed


def test_who_asks_too_often_is_told_once() -> None:
    """Answering each would be the flood that the limit is to end."""
    quota = HourlyQuota(1)
    quota.take(NUMBER, 0, QuotaCategory.QUESTION)
    told = [quota.take(NUMBER, 60, QuotaCategory.QUESTION).tell for _ in range(3)]
    assert told == [True, False, False]


@pytest.mark.parametrize(("at", "minutes"), [(0, 60), (1, 60), (59 * 60, 1), (HOUR - 1, 1)])
def test_the_minutes_that_are_left_are_rounded_up(at: int, minutes: int) -> None:
    """Whoever waits as told is not turned away again."""
    quota = HourlyQuota(1)
    quota.take(NUMBER, 0, QuotaCategory.QUESTION)
    assert quota.take(NUMBER, at, QuotaCategory.QUESTION).minutes == minutes
    assert quota.take(NUMBER, at + minutes * 60, QuotaCategory.QUESTION).allowed


def test_the_hour_is_a_numbers_own() -> None:
    """It begins with its first question, not at the full hour, and others have their own."""
    quota = HourlyQuota(1)
    quota.take(NUMBER, 1000, QuotaCategory.QUESTION)
    assert quota.take(OTHER, 1000, QuotaCategory.QUESTION).allowed
    assert not quota.take(NUMBER, 1000 + HOUR - 1, QuotaCategory.QUESTION).allowed
    assert quota.take(NUMBER, 1000 + HOUR, QuotaCategory.QUESTION).allowed


def test_nought_is_no_limit() -> None:
    """And nothing is counted."""
    quota = HourlyQuota(0)
    assert {quota.take(NUMBER, 0, QuotaCategory.QUESTION) for _ in range(1000)} == {FREE}


def test_the_limit_can_be_changed_while_running() -> None:
    """A reload holds for those who have asked already."""
    quota = HourlyQuota(1)
    quota.take(NUMBER, 0, QuotaCategory.QUESTION)
    quota.per_hour = 2
    assert quota.take(NUMBER, 0, QuotaCategory.QUESTION).allowed
    assert not quota.take(NUMBER, 0, QuotaCategory.QUESTION).allowed


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1200)), max_size=80), st.integers(1, 4))
def test_nobody_is_allowed_more_than_the_limit(asked: list[tuple[int, int]], per_hour: int) -> None:
    """In no hour that begins with a first question, whoever asks in between."""
    quota, now = HourlyQuota(per_hour), 0
    began: dict[int, int] = {}
    count: dict[int, int] = {}
    for number, later in asked:
        now += later
        if now - began.get(number, -HOUR) >= HOUR:
            began[number], count[number] = now, 0
        count[number] += 1
        verdict = quota.take(str(number), now, QuotaCategory.QUESTION)
        assert verdict.allowed == (count[number] <= per_hour)
        assert verdict.tell == (count[number] == per_hour + 1)


def test_who_does_not_come_back_is_forgotten() -> None:
    """Memory is bound by the askers of two hours."""
    quota = HourlyQuota(1)
    for n in range(1000):
        quota.take(str(n), 0, QuotaCategory.QUESTION)
    quota.take(NUMBER, 2 * HOUR, QuotaCategory.QUESTION)
    assert len(quota._asked) == 1


@pytest.fixture
def restless_threads() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def together(work: Callable[[int], None]) -> None:
    """Four threads at the same work; an exception of one is ours."""
    start = threading.Barrier(4)
    stumbled: list[Exception] = []

    def run(thread: int) -> None:
        start.wait()
        try:
            work(thread)
        except Exception as error:
            stumbled.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stumbled == []


@pytest.mark.usefixtures("restless_threads")
def test_no_question_is_lost_between_desks() -> None:
    """Several desks count at once."""
    quota = HourlyQuota(20_000)

    def ask(_thread: int) -> None:
        for _ in range(5_000):
            assert quota.take(NUMBER, 0, QuotaCategory.QUESTION).allowed

    together(ask)
    assert quota.take(NUMBER, 0, QuotaCategory.QUESTION).tell


@pytest.mark.usefixtures("restless_threads")
def test_the_hourly_sweep_disturbs_no_other_desk() -> None:
    """Numbers come while others are forgotten."""
    quota = HourlyQuota(1)

    def ask(thread: int) -> None:
        for n in range(6_000):
            quota.take(f"{thread} {n}", n // 2_000 * HOUR, QuotaCategory.QUESTION)

    together(ask)


def test_what_is_not_understood_is_counted_with_the_questions() -> None:
    """The two together are what only answers."""
    quota = HourlyQuota(2)
    quota.take(NUMBER, 0, QuotaCategory.QUESTION)
    quota.take(NUMBER, 0, QuotaCategory.UNCLEAR)
    assert quota.take(NUMBER, 0, QuotaCategory.QUESTION).tell
    assert not quota.take(NUMBER, 0, QuotaCategory.UNCLEAR).allowed


@pytest.mark.parametrize(
    ("matter", "most"), [(QuotaCategory.CHANGE, 30), (QuotaCategory.SAFETY, 60)]
)
def test_changes_and_what_protects_have_counts_of_their_own(
    matter: QuotaCategory, most: int
) -> None:
    """Neither is used up by questions, nor by the other; and each has an end."""
    quota = HourlyQuota(1)
    for other in set(QuotaCategory) - {matter}:
        for _ in range(100):
            quota.take(NUMBER, 0, other)
    assert [quota.take(NUMBER, 0, matter) for _ in range(most)] == [FREE] * most
    assert quota.take(NUMBER, 0, matter).tell
    assert not quota.take(NUMBER, 0, matter).tell
    quota.give_back(NUMBER, matter)
    assert quota.take(NUMBER, HOUR, matter) == FREE
