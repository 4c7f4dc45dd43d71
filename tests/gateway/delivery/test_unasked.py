"""What nobody asked for leaves last, and by a share of the window; it can be withdrawn."""

from __future__ import annotations

from gateway.delivery.retrying import DELAYS
from gateway.model.message_id import message_of
from gateway.model.messages import OutgoingMessage
from tests.gateway.delivery.binds import LATER, message
from tests.gateway.delivery.box import LI, ZHANG, Box


def notice(number: int, text: str = "notice", to: str = "") -> OutgoingMessage:
    """To somebody else each time, unless it is said to whom."""
    asked = message(number, text, to or f"139{number:08}")
    return asked._replace(id=message_of(asked.id))


def test_an_answer_goes_before_all_notices_that_wait(box: Box) -> None:
    """Also before those that were there first."""
    route = box.route(window=1)
    box.outbox.add([notice(n) for n in range(1, 5)])
    box.outbox.add([message(9, "answer")])
    assert route.sent == ["1 notice"]
    route.answer(box.outbox)
    assert route.sent == ["1 notice", "9 answer"]


def test_notices_take_a_quarter_of_the_window(box: Box) -> None:
    """The rest is free for answers, at once; as notices are answered, the next go."""
    route = box.route(window=16)
    box.outbox.add([notice(n) for n in range(1, 11)])
    assert len(route.in_flight) == 4
    box.outbox.add([message(100 + n, to=f"1380000{n:04}") for n in range(12)])
    assert route.free == 0
    assert sum("notice" in each for each in route.sent) == 4


def test_all_parts_of_one_leave(box: Box) -> None:
    """Its own first part does not stand in their way."""
    route = box.route(window=4)
    box.outbox.add([notice(1, "one two three")])
    assert route.sent == ["1 one", "1 two", "1 three"]


def test_where_answers_need_the_window_notices_wait(box: Box) -> None:
    """A quarter of it is left free for answers that come."""
    route = box.route(window=8)
    box.outbox.add([message(n, to=f"1380000{n:04}") for n in range(1, 7)])
    box.outbox.add([notice(50)])
    assert len(route.sent) == 6
    route.answer(box.outbox)
    assert route.sent[-1] == "50 notice"


def test_an_answer_does_not_wait_behind_a_notice_to_the_same_number(box: Box) -> None:
    """The notice is throttled, or tried again much later."""
    route = box.route()
    box.outbox.add([notice(1, to=ZHANG)])
    route.answer(box.outbox, LATER)
    box.outbox.add([message(2, "answer", ZHANG)])
    assert route.sent == ["1 notice", "2 answer"]


def test_the_room_of_a_lost_link_is_free_again(box: Box) -> None:
    """Else nothing would leave any more after a few losses."""
    for number in range(1, 4):
        route = box.route(window=4)
        box.outbox.add([notice(number)])
        assert route.sent == [f"{number} notice"]
        route.lost(box.outbox)
        box.clock.advance(1_000)


def test_a_link_with_an_ordered_rate_sends_notices_too(box: Box) -> None:
    """What it may send at a moment is less than the quarter that stays free for answers."""
    route = box.route(window=16)
    box.outbox.throttled.limits.order({"smsc-a": 10.0})
    box.outbox.add([notice(n) for n in range(1, 4)])
    for _ in range(20):
        box.clock.advance(0.1)
        if route.in_flight:
            route.answer(box.outbox)
    assert route.sent == ["1 notice", "2 notice", "3 notice"]


def test_what_was_withdrawn_does_not_leave(box: Box) -> None:
    """It is in hand until the store knows; what is on its way ends as it ends."""
    route = box.route(window=1)
    sent, waiting, other = notice(1), notice(2, to=ZHANG), notice(3, to=ZHANG)
    box.outbox.add([sent, waiting, other])
    ended = box.outbox.withdraw([sent.id, waiting.id], "stopped")
    assert [(one.id, one.accepted, one.reason) for one in ended] == [(waiting.id, False, "stopped")]
    assert box.outbox.unasked == [sent.id, waiting.id, other.id]
    box.outbox.kept(ended[0])
    assert box.outbox.unasked == [sent.id, other.id]
    route.answer(box.outbox)
    box.outbox.kept(box.settled[0])
    box.outbox.pump()
    assert route.sent == ["1 notice", "3 notice"]


def test_what_was_withdrawn_on_its_way_is_not_tried_again(box: Box) -> None:
    """The SMSC asked for it later; nobody wants it later."""
    route = box.route()
    box.outbox.add([notice(1)])
    box.outbox.withdraw([notice(1).id], "stopped")
    route.answer(box.outbox, LATER)
    assert box.results == [(1, False)]


def test_what_waits_for_another_try_is_withdrawn(box: Box) -> None:
    """Its timer is gone with it."""
    route = box.route()
    box.outbox.add([notice(1, to=LI)])
    route.answer(box.outbox, LATER)
    assert len(box.outbox.withdraw([notice(1).id], "stopped")) == 1
    box.clock.advance(DELAYS[0] * 2)
    assert route.sent == ["1 notice"]
    assert box.settled == []
