"""A link that delivers often is read in rounds; nobody waits where messages come seldom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.channels.smpp.reading_rounds import (
    LONGEST,
    SCREENS,
    SHORTEST,
    TOGETHER,
    ReadingRounds,
)
from tests.gateway.channels.smsc_peer import SmscPeer, outgoing


def settled(gap: float, messages: int = 1, together: float = TOGETHER) -> float:
    """The pause once they have come so for a while."""
    rounds, now = ReadingRounds(together), 100.0
    for _ in range(300):
        now += gap * messages
        pause = rounds.pause(messages, now)
    return pause


@pytest.mark.parametrize(
    ("per_second", "pause"),
    [(1, 0.0), (40, 0.0), (200, 0.0275), (1_000, 0.0045), (5_000, 0.0)],
)
def test_a_round_is_as_long_as_messages_come_often(per_second: int, pause: float) -> None:
    """None where few come, and none where so many come that each read brings many."""
    assert settled(1 / per_second) == pytest.approx(pause, rel=0.01)


def test_many_at_once_count_each() -> None:
    """Five every five milliseconds are a thousand a second."""
    assert settled(0.001, messages=5) == pytest.approx(0.0045, rel=0.01)


def test_who_looks_at_a_screen_waits_for_fewer() -> None:
    assert settled(0.001, together=SCREENS) == pytest.approx(0.0035, rel=0.01)


@given(st.lists(st.tuples(st.floats(0, 1_000), st.integers(1, 200)), min_size=1))
def test_no_round_is_too_long_or_too_short(arrivals: list[tuple[float, int]]) -> None:
    rounds, now = ReadingRounds(), 0.0
    for gap, messages in arrivals:
        now += gap
        pause = rounds.pause(messages, now)
        assert pause == 0.0 or SHORTEST <= pause <= LONGEST


def test_nothing_is_read_in_the_pause(smsc: SmscPeer) -> None:
    """And reading goes on when it is over, and never again once the connection is gone."""
    for n in range(1, 40):
        smsc.clock.advance(0.002)
        smsc.delivers("YE", n)
    assert smsc.wire.producerState == "paused"
    smsc.clock.advance(LONGEST)
    assert smsc.wire.producerState == "producing"
    smsc.delivers("YE", 99)
    smsc.hang_up()
    smsc.clock.advance(LONGEST)


def test_a_message_alone_is_at_the_desk_at_once(smsc: SmscPeer) -> None:
    smsc.clock.advance(1)
    smsc.delivers("YE", 1)
    assert len(smsc.desk.arrived()) == 1
    assert smsc.wire.producerState == "producing"


def test_a_full_window_ends_the_pause(smsc: SmscPeer) -> None:
    """Answers make room: who waits for them reads."""
    for n in range(1, 40):
        smsc.clock.advance(0.002)
        smsc.delivers("YE", n)
    assert smsc.wire.producerState == "paused"
    smsc.outbox.add([outgoing(number=n, to=f"1380013800{n}") for n in range(1, 5)])
    assert smsc.connection.free == 0
    assert smsc.wire.producerState == "producing"
    smsc.clock.advance(0.002)
    smsc.delivers("YE", 99)
    assert smsc.wire.producerState == "producing"
