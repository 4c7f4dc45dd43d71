"""The books: what is counted as what."""

from __future__ import annotations

import pytest

from simulators.load.measurement import LoadMeasurement, SentMo, percentile
from simulators.load.packed_pdus import ChainPart, ReceivedSubmit

REPLY = ReceivedSubmit(b"13900000001", 0, 0, b"hello", b"")


def sent(tally: LoadMeasurement, subscriber: int, meant: float, now: float | None = None) -> SentMo:
    mo = SentMo(subscriber, meant)
    tally.send(mo, meant if now is None else now)
    return mo


def test_an_mo_is_finished_when_both_its_response_and_its_reply_have_come():
    """In either order: some ESMEs answer first and acknowledge after."""
    tally = LoadMeasurement(2)
    first, second = sent(tally, 0, 1.0), sent(tally, 1, 1.0)

    tally.acknowledge(first)
    tally.reply(1, REPLY, None, 2.0)
    assert tally.unfinished == 2

    tally.reply(0, REPLY, None, 2.0)
    tally.acknowledge(second)
    assert tally.unfinished == 0
    assert tally.result("x").lost == tally.result("x").doubled == 0


def test_replies_settle_a_subscribers_mos_in_the_order_they_were_sent():
    """The first reply belongs to the MO that has waited longest."""
    tally = LoadMeasurement(1)
    tally.measure(0.0, 10.0)
    sent(tally, 0, 1.0)
    sent(tally, 0, 1.5)

    tally.reply(0, REPLY, None, 2.0)
    tally.reply(0, REPLY, None, 2.1)

    result = tally.result("x")
    assert result.max_ms == pytest.approx(1000)
    assert result.p50_ms == pytest.approx(1000)
    assert percentile([600, 1000], 0.49) == 600


def test_a_reply_that_nobody_waits_for_is_doubled():
    """A second one to the same MO, or one to a number that never wrote."""
    tally = LoadMeasurement(2)
    sent(tally, 0, 1.0)

    for subscriber in (0, 0, 1, -1, 99):
        tally.reply(subscriber, REPLY, None, 2.0)

    assert tally.result("x").answered == 1
    assert tally.result("x").doubled == 4


def test_lost_is_what_was_acknowledged_and_never_answered():
    """What was never responded to is told apart."""
    tally = LoadMeasurement(3)
    tally.acknowledge(sent(tally, 0, 1.0))
    sent(tally, 1, 1.0)
    answered = sent(tally, 2, 1.0)
    tally.acknowledge(answered)
    tally.reply(2, REPLY, None, 2.0)

    result = tally.result("x")

    assert (result.lost, result.unacknowledged, result.answered) == (1, 1, 1)


def test_an_mo_that_is_refused_for_good_is_neither_lost_nor_waited_for():
    """The SMSC would tell its sender."""
    tally = LoadMeasurement(1)

    tally.fail(sent(tally, 0, 1.0))

    result = tally.result("x")
    assert tally.unfinished == 0
    assert (result.failed, result.lost, result.unacknowledged) == (1, 0, 0)


def test_a_long_reply_counts_once_when_its_last_part_is_there():
    """In any order, a part that comes twice included."""
    tally = LoadMeasurement(1)
    sent(tally, 0, 1.0)

    for number in (2, 2, 3):
        tally.reply(0, REPLY._replace(text=b"%d" % number), ChainPart(9, 3, number), 2.0)
    assert tally.answered == 0

    tally.reply(0, REPLY._replace(text=b"1"), ChainPart(9, 3, 1), 2.5)
    result = tally.result("x")
    assert (result.answered, result.doubled, result.parts) == (1, 0, 4)
    assert result.replies == ((0, "123"),)


def test_parts_of_two_subscribers_with_one_reference_are_not_joined():
    """Eight bits of reference repeat soon."""
    tally = LoadMeasurement(2)
    sent(tally, 0, 1.0)
    sent(tally, 1, 1.0)

    tally.reply(0, REPLY, ChainPart(9, 2, 1), 2.0)
    tally.reply(1, REPLY, ChainPart(9, 2, 2), 2.0)

    assert tally.answered == 0


def test_the_rate_leaves_out_the_warm_up_and_what_comes_late():
    """Replies between the two moments, over the time between them."""
    tally = LoadMeasurement(1)
    tally.measure(10.0, 12.0)
    for reply_at in (9.0, 10.5, 11.0, 11.5, 13.0):
        sent(tally, 0, reply_at - 0.1)
        tally.reply(0, REPLY, None, reply_at)

    result = tally.result("x")

    assert (result.rate, result.seconds, result.answered) == (1.5, 2.0, 5)


def test_without_an_end_the_rate_runs_to_the_last_reply():
    """A flood of so many messages ends when its last one is answered."""
    tally = LoadMeasurement(1)
    tally.measure(10.0, float("inf"))
    for reply_at in (11.0, 12.0, 14.0):
        sent(tally, 0, 10.0)
        tally.reply(0, REPLY, None, reply_at)

    assert tally.result("x").rate == 0.8  # 3 in 4 seconds, to one decimal


def test_lateness_of_the_driver_is_told():
    """Else a slow driver would look like a slow system."""
    tally = LoadMeasurement(1)
    sent(tally, 0, 1.0, now=1.25)

    assert tally.result("x").behind_ms == pytest.approx(250)
