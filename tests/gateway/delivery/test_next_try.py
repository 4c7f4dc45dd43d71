"""What follows when a message was not taken, decided from values alone."""

from __future__ import annotations

import pytest

from gateway.delivery.late_screens import TOO_LATE
from gateway.delivery.retrying import (
    DELAYS,
    LAST_WAIT,
    REPEATS,
    VALIDITY,
    GiveUp,
    NextTry,
    NotShown,
    TryAfter,
    TryFirst,
    after_failure,
)
from gateway.delivery.route import LINK_LOST, UNANSWERED, Delivery
from gateway.model.messages import OutgoingScreen, ScreenAct
from smpp.statuses import StatusVerdict
from tests.gateway.delivery.binds import LATER, NEVER, NOON, SLOWER, message

UNTIL = NOON + 10.0


def decided(
    delivery: Delivery, *verdicts: StatusVerdict, now: float = NOON, at_once: bool = False
) -> NextTry:
    return after_failure(delivery, verdicts, now, lambda: 0.5, at_once=at_once)


def a_screen(act: ScreenAct = ScreenAct.ON) -> Delivery:
    screen = OutgoingScreen(act, "1", int(UNTIL * 1000), "smsc-b")
    return Delivery(message(1, "13800138001")._replace(screen=screen))


def test_the_gravest_refusal_decides() -> None:
    """Whatever the other parts were answered."""
    sms = Delivery(message(1, "13800138001"))
    assert decided(sms, LATER, UNANSWERED, NEVER) == GiveUp(NEVER.reason)
    assert decided(sms, SLOWER) == TryFirst()


def test_each_try_waits_longer() -> None:
    """Until the longest delay, which stays."""
    sms = Delivery(message(1, "13800138001"))
    tries = [decided(sms, LATER) for _ in range(len(DELAYS) + 1)]
    assert tries == [TryAfter(delay) for delay in (*DELAYS, DELAYS[-1])]


def test_doubt_is_repeated_ever_more_seldom_and_then_waited_out() -> None:
    """Half as long again, as chance says."""
    sms = Delivery(message(1, "13800138001"))
    repeats = [decided(sms, UNANSWERED) for _ in REPEATS]
    assert repeats == [TryAfter(pause * 1.25) for pause in REPEATS]
    assert decided(sms, UNANSWERED) == GiveUp(UNANSWERED.reason, LAST_WAIT)


def test_only_the_first_lost_link_repeats_at_once() -> None:
    """A link that comes and goes repeats no more than one that does not answer."""
    sms = Delivery(message(1, "13800138001"))
    assert decided(sms, LINK_LOST, at_once=True) == TryFirst()
    assert decided(sms, LINK_LOST, at_once=True) == TryAfter(REPEATS[1] * 1.25)


def test_what_nobody_takes_for_a_day_is_given_up() -> None:
    sms = Delivery(message(1, "13800138001"))
    assert decided(sms, LATER, now=NOON + VALIDITY + 1) == GiveUp(LATER.reason)


@pytest.mark.parametrize(
    ("verdict", "now", "expected"),
    [
        (NEVER, NOON, NotShown(NEVER.reason)),
        (LATER, UNTIL, NotShown(LATER.reason)),
        (UNANSWERED, NOON + 4.0, NotShown(TOO_LATE, 6.0)),
    ],
)
def test_a_screen_is_shown_once_and_in_time(
    verdict: StatusVerdict, now: float, expected: NextTry
) -> None:
    assert decided(a_screen(), verdict, now=now) == expected


def test_a_notice_that_may_have_been_seen_is_not_told_again() -> None:
    """One that went down with its link is told by SMS."""
    assert decided(a_screen(ScreenAct.NOTE), UNANSWERED) == GiveUp(UNANSWERED.reason)
    assert decided(a_screen(ScreenAct.NOTE), LINK_LOST) == NotShown(LINK_LOST.reason)
