"""A gateway that leaves ends what it has begun, and begins nothing: another is to have the rest."""

from __future__ import annotations

from tests.gateway.delivery.binds import LATER, message
from tests.gateway.delivery.box import LI, Box
from tests.gateway.delivery.test_screens import screen


def ours_to_end(box: Box) -> int:
    return sum(each.is_ours_to_end for each in box.outbox.in_line)


def test_nothing_is_begun_any_more(box: Box) -> None:
    """What follows in a subscriber's line waits for the next gateway too."""
    route = box.route()
    box.outbox.add([message(1), message(2)])
    box.outbox.finishing = True
    box.outbox.add([message(3, to=LI)])
    assert ours_to_end(box) == 1
    route.answer(box.outbox)
    assert route.sent == ["1 hello"]
    assert ours_to_end(box) == 0
    assert [each.message for each in box.outbox.in_line] == [message(2), message(3, to=LI)]


def test_a_message_of_which_the_peer_has_parts_is_ended(box: Box) -> None:
    """Whoever sent it anew would say its first part twice. It goes before what is not begun."""
    route = box.route(window=1)
    box.outbox.add([message(1, "one two three")])
    route.answer(box.outbox)
    route.answer(box.outbox, LATER)
    box.outbox.add([message(2, to=LI)])
    assert route.sent == ["1 one", "1 two", "2 hello"]
    box.outbox.add([message(number, to=f"1390000000{number}") for number in range(3, 6)])
    box.outbox.finishing = True
    route.answer(box.outbox)
    assert route.sent[3:] == []
    box.clock.advance(10)
    assert route.sent[3:] == ["1 two"]
    route.answer(box.outbox)
    route.answer(box.outbox)
    assert route.sent[3:] == ["1 two", "1 three"]
    assert box.results == [(2, True), (1, True)]
    assert ours_to_end(box) == 0


def test_screens_leave_all_the_same(box: Box) -> None:
    """No other gateway has their dialogues."""
    box.outbox.finishing = True
    box.outbox.add([message(1), screen(2)])
    assert ours_to_end(box) == 1
    route = box.route()
    assert route.sent == ["2 menu"]


def test_who_must_send_himself_after_all_goes_on(box: Box) -> None:
    """The others have gone."""
    route = box.route()
    box.outbox.finishing = True
    box.outbox.add([message(1), message(2, to=LI)])
    assert route.sent == []
    box.outbox.finishing = False
    box.outbox.pump()
    assert route.sent == ["1 hello", "2 hello"]
