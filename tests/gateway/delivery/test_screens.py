"""Screens of USSD dialogues on their way out: at once or not at all, and then by SMS."""

from __future__ import annotations

import pytest

from gateway.delivery.late_screens import LOOK, TOO_LATE
from gateway.delivery.route import UNANSWERED
from gateway.model.messages import OutgoingMessage, OutgoingScreen, ScreenAct
from tests.gateway.delivery.binds import LATER, NEVER, NOON, OURS, SLOWER, message
from tests.gateway.delivery.box import LI, ZHANG, Box

WITHIN = 10.0  # seconds for which somebody looks


def screen(number: int, text: str = "menu", *, to: str = ZHANG, tells: str = "") -> OutgoingMessage:
    """A screen of noon; with something to tell, it may leave by smsc-b instead."""
    until = int((NOON + WITHIN) * 1000)
    otherwise = "smsc-b" if tells else ""
    how = OutgoingScreen(ScreenAct.ON, "1383:0002", until, otherwise, OURS)
    return message(number, text, to)._replace(screen=how, instead=tells)


def test_a_screen_goes_before_short_messages(box: Box) -> None:
    """Somebody looks at the phone."""
    box.outbox.add([message(1, to=LI), message(2), screen(3, to=LI)])
    assert box.route().sent == ["3 menu", "1 hello", "2 hello"]


def test_a_screen_does_not_wait_for_a_short_message_to_the_same_phone(box: Box) -> None:
    """Nor the message for the screen."""
    route = box.route()
    box.outbox.add([message(1), screen(2), message(3), screen(4)])
    assert route.sent == ["2 menu", "1 hello"]
    route.answer(box.outbox, LATER, place=1)
    route.answer(box.outbox)
    assert route.sent == ["2 menu", "1 hello", "4 menu"]


def test_a_screen_is_taken_in_however_many_messages_wait(box: Box) -> None:
    """They can wait in the store, it cannot."""
    small = Box(limit=2).open()
    route = small.route(window=1)
    small.outbox.add([message(1), message(2, to=LI), message(3, to="13800138003")])
    small.outbox.add([screen(4)])
    route.answer(small.outbox)
    assert route.sent == ["1 hello", "4 menu"]
    small.outbox.stop()


@pytest.mark.parametrize("tells", ["", "balance"])
def test_a_screen_whose_link_stays_away_is_late(box: Box, tells: str) -> None:
    """Another link does not know the dialogue; it takes the short message, if there is one."""
    other = box.route("smsc-b")
    box.outbox.add([screen(1, tells=tells)])
    box.clock.advance(WITHIN - LOOK)
    assert (other.sent, box.settled) == ([], [])
    box.clock.pump([LOOK, LOOK])
    if tells:
        assert other.sent == ["1 balance"]
        assert other.in_flight[0].delivery.message.source == OURS
        other.answer(box.outbox)
    (settled,) = box.settled
    assert settled.accepted is bool(tells)
    assert settled.reason == (f"by SMS: {TOO_LATE}" if tells else TOO_LATE)
    assert box.outbox.late == 1
    box.outbox.kept(settled)
    assert box.outbox.waiting == 0


def test_a_screen_that_is_refused_is_said_by_sms(box: Box) -> None:
    """The dialogue is over for the network: nobody waits for the last moment."""
    route, other = box.route(), box.route("smsc-b")
    box.outbox.add([screen(1, tells="balance"), screen(2)])
    route.answer(box.outbox, NEVER)
    assert other.sent == ["1 balance"]
    assert route.sent == ["1 menu", "2 menu"]
    route.answer(box.outbox, NEVER)
    assert box.results == [(2, False)]


def test_a_screen_is_tried_again_while_there_is_time(box: Box) -> None:
    """A link that is throttled or has a passing trouble may still make it."""
    route, other = box.route(), box.route("smsc-b")
    box.outbox.add([screen(1, tells="balance")])
    route.answer(box.outbox, SLOWER)
    box.clock.advance(0.1)
    route.answer(box.outbox, LATER)
    box.clock.advance(1.0)
    assert route.sent == ["1 menu"] * 3
    box.clock.advance(WITHIN)
    assert other.sent == []
    route.answer(box.outbox, LATER)
    assert other.sent == ["1 balance"]


def test_a_screen_in_flight_when_its_link_is_lost_goes_by_the_next(box: Box) -> None:
    """In time, as a screen; else by SMS."""
    route, other = box.route(), box.route("smsc-b")
    box.outbox.add([screen(1, tells="balance")])
    route.lost(box.outbox)
    again = box.route()
    assert again.sent == ["1 menu"]
    again.lost(box.outbox)
    box.clock.pump([WITHIN, LOOK])
    assert other.sent == ["1 balance"]


@pytest.mark.parametrize("act", [ScreenAct.NOTE, ScreenAct.ON])
def test_a_screen_that_was_sent_and_not_answered_is_not_shown_twice(
    box: Box,
    act: ScreenAct,
) -> None:
    """Nobody knows whether it was seen: a notice is done with; an answer is told by SMS as well."""
    route, other = box.route(), box.route("smsc-b")
    one = screen(1, tells="balance")
    assert one.screen is not None
    box.outbox.add([one._replace(screen=one.screen._replace(act=act))])
    route.answer(box.outbox, UNANSWERED)
    box.clock.pump([1.0] * 20)
    assert route.sent == ["1 menu"]
    assert other.sent == ([] if act is ScreenAct.NOTE else ["1 balance"])


def test_a_notice_in_flight_when_its_link_is_lost_is_not_shown_twice(box: Box) -> None:
    """It goes by SMS: nobody knows whether it was seen at all."""
    route, other = box.route(), box.route("smsc-b")
    one = screen(1, tells="notice")
    assert one.screen is not None
    box.outbox.add([one._replace(screen=one.screen._replace(act=ScreenAct.NOTE))])
    route.lost(box.outbox)
    assert box.route().sent == []
    assert other.sent == ["1 notice"]


def test_what_the_store_had_is_too_late_at_once(box: Box) -> None:
    """After a start, long after the dialogue."""
    box.clock.advance(WITHIN)
    late = Box()
    late.clock.advance(WITHIN)
    late.open(screen(1, tells="balance"), screen(2, to=LI))
    route = late.route()
    other = late.route("smsc-b")
    assert route.sent == []
    assert other.sent == ["1 balance"]
    assert late.results == [(2, False)]
    late.outbox.stop()
