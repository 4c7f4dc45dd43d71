"""What people have ordered of links: nothing leaves, or so much a second."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.delivery.binds import message
from tests.gateway.delivery.box import LI, Box


def everybody(count: int) -> list[str]:
    return [f"138001380{n:02}" for n in range(count)]


def test_nothing_leaves_by_a_paused_link_until_it_is_opened(box: Box) -> None:
    route, other = box.route("smsc-a"), box.route("smsc-b")
    box.outbox.throttled.limits.order({"smsc-a": 0.0})
    box.outbox.add([message(1), message(2, to=LI, link="smsc-b")])
    box.clock.advance(60)
    assert (route.sent, other.sent) == ([], ["2 hello"])
    box.outbox.throttled.limits.order({})
    assert route.sent == ["1 hello"]


def test_what_is_on_its_way_when_a_link_is_paused_is_settled(box: Box) -> None:
    route = box.route(window=1)
    box.outbox.add([message(1), message(2, to=LI)])
    assert box.outbox.links.in_flight("smsc-a")
    box.outbox.throttled.limits.order({"smsc-a": 0.0})
    route.answer(box.outbox)
    assert box.results == [(1, True)]
    assert not box.outbox.links.in_flight("smsc-a")
    assert route.sent == ["1 hello"]


@given(rate=st.floats(0.5, 500), count=st.integers(1, 60))
def test_a_slower_link_sends_so_much_a_second_and_in_the_end_all(rate: float, count: int) -> None:
    """Within a second it may be one part more, or a twentieth."""
    box = Box().open()
    route = box.route(window=1_000)
    box.outbox.throttled.limits.order({"smsc-a": rate})
    box.outbox.add([message(n, to=who) for n, who in enumerate(everybody(count), 1)])
    times = [box.clock.seconds()] * len(route.sent)
    while len(route.sent) < count:
        (soonest, *_) = sorted(call.getTime() for call in box.clock.getDelayedCalls())
        box.clock.advance(soonest - box.clock.seconds())
        times += [box.clock.seconds()] * (len(route.sent) - len(times))
    most = rate + max(1.0, rate / 20)
    for n, at in enumerate(times):
        within = [each for each in times[n:] if each < at + 1]
        assert len(within) <= most + 1e-6
    assert times[-1] <= count / rate + 0.02 * count
    box.outbox.stop()


def test_a_pause_that_is_taken_back_leaves_no_timer(box: Box) -> None:
    box.route()
    box.outbox.throttled.limits.order({"smsc-a": 1.0})
    box.outbox.add([message(n, to=who) for n, who in enumerate(everybody(5), 1)])
    box.outbox.throttled.limits.order({"smsc-a": 0.0})
    assert box.clock.getDelayedCalls() == []


@pytest.mark.parametrize("first", [0.0, 3.0])
def test_a_rate_that_is_taken_away_lets_all_leave_at_once(box: Box, first: float) -> None:
    route = box.route(window=50)
    box.outbox.throttled.limits.order({"smsc-a": first})
    box.outbox.add([message(n, to=who) for n, who in enumerate(everybody(9), 1)])
    assert len(route.sent) <= 1
    box.outbox.throttled.limits.order({})
    assert len(route.sent) == 9
