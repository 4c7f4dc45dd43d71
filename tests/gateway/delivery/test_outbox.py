"""Messages on their way out: in order for each subscriber, settled once, whatever the links do."""

from __future__ import annotations

from gateway.delivery.retrying import DELAYS
from gateway.model.messages import SendOutcome
from tests.gateway.delivery.binds import (
    LATER,
    NEVER,
    NOON,
    SLOWER,
    message,
    number_of,
)
from tests.gateway.delivery.box import LI, ZHANG, Box

# -- sending and settling -------------------------------------------------------------------------


def test_a_message_leaves_at_once_and_is_settled_when_taken(box: Box) -> None:
    """Taken is what the SMSC says, not what we have written; how long that took is kept."""
    route = box.route()
    box.outbox.add([message(1)])
    assert route.sent == ["1 hello"]
    assert (box.settled, box.outbox.waiting) == ([], 1)
    box.clock.advance(1.5)
    route.answer(box.outbox)
    left = "1/1/1500\tid of 1 hello"
    assert box.settled == [
        SendOutcome(message(1).id, True, int((NOON + 1.5) * 1000), "smsc-a", left=left)
    ]


def test_what_asks_for_a_confirm_is_settled_when_all_of_it_is_taken(box: Box) -> None:
    """And only then is it known which order it asked for; a part alone is not what was asked."""
    route = box.route()
    box.outbox.add([message(1, "two parts")._replace(asks_for=17)])
    route.answer(box.outbox)
    assert box.settled == []
    route.answer(box.outbox)
    assert [(one.accepted, one.asks_for) for one in box.settled] == [(True, 17)]


def test_a_message_is_in_hand_until_the_store_knows_its_end(box: Box) -> None:
    """Else the store would hand it out again."""
    route = box.route()
    box.outbox.add([message(1)])
    route.answer(box.outbox)
    assert box.outbox.waiting == 1
    box.outbox.kept(box.settled[0])
    assert box.outbox.waiting == 0


def test_when_the_store_is_away_it_is_told_later(box: Box) -> None:
    """The same thing, until it has kept it."""
    route = box.route()
    box.outbox.add([message(1)])
    route.answer(box.outbox)
    box.outbox.not_kept(box.settled[0])
    assert len(box.settled) == 1
    box.clock.advance(1.0)
    assert box.settled == [box.settled[0]] * 2


def test_the_parts_of_a_message_share_the_window(box: Box) -> None:
    """As many as the link takes, the rest as it answers."""
    route = box.route(window=2)
    box.outbox.add([message(1, "one two three")])
    assert route.sent == ["1 one", "1 two"]
    route.answer(box.outbox)
    assert route.sent[2:] == ["1 three"]
    route.answer(box.outbox)
    assert box.settled == []
    route.answer(box.outbox)
    assert box.results == [(1, True)]


def test_the_ids_of_its_parts_are_kept_where_receipts_are_expected(box: Box) -> None:
    """And only there."""
    route = box.route()
    box.outbox.add([message(1, "one two")._replace(receipt=True), message(2, to=LI)])
    for _ in range(3):
        route.answer(box.outbox)
    assert [settled.message_ids for settled in box.settled] == [
        ("id of 1 one", "id of 1 two"),
        (),
    ]


def test_without_a_link_everything_waits(box: Box) -> None:
    """And leaves in its order when one comes up."""
    box.outbox.add([message(1, to=ZHANG), message(2, to=LI)])
    assert box.route().sent == ["1 hello", "2 hello"]


# -- order ----------------------------------------------------------------------------------------


def test_a_subscribers_messages_follow_one_another(box: Box) -> None:
    """The second leaves when the first was taken; those of others need not wait."""
    route = box.route()
    box.outbox.add([message(1, to=ZHANG), message(2, to=ZHANG), message(3, to=LI)])
    assert route.sent == ["1 hello", "3 hello"]
    route.answer(box.outbox)
    assert route.sent == ["1 hello", "3 hello", "2 hello"]


def test_a_message_that_is_tried_again_holds_its_subscribers_others(box: Box) -> None:
    """Order goes before haste."""
    route = box.route()
    box.outbox.add([message(1), message(2)])
    route.answer(box.outbox, LATER)
    box.clock.advance(DELAYS[0] / 2)
    assert route.sent == ["1 hello"]
    box.clock.advance(DELAYS[0] / 2)
    assert route.sent == ["1 hello", "1 hello"]
    route.answer(box.outbox)
    assert route.sent[2:] == ["2 hello"]


def test_a_message_that_failed_makes_room_for_the_next(box: Box) -> None:
    """It is settled with the reason."""
    route = box.route()
    box.outbox.add([message(1), message(2)])
    route.answer(box.outbox, NEVER)
    assert [(number_of(s.id), s.accepted, s.reason) for s in box.settled] == [
        (1, False, "no such number")
    ]
    assert route.sent == ["1 hello", "2 hello"]


# -- the store has more than we hold --------------------------------------------------------------


def test_at_the_start_what_waited_in_the_store_is_read(box: Box) -> None:
    """Before anything new is taken in hand: it is older."""
    box = Box()
    route = box.route()
    box.outbox.start()
    box.outbox.add([message(2)])
    assert route.sent == []
    box.outbox.loaded([message(1), message(2)], box.asked[0])
    assert route.sent == ["1 hello"]
    route.answer(box.outbox)
    assert route.sent == ["1 hello", "2 hello"]
    box.outbox.stop()


def test_only_so_much_is_held_and_the_rest_read_again(box: Box) -> None:
    """What does not fit stays in the store; half empty, the box is filled up."""
    box = Box(limit=4).open()
    box.outbox.add([message(n, to=f"1380013800{n}") for n in range(1, 7)])
    assert (box.outbox.waiting, box.outbox.behind) == (4, True)
    route = box.route()
    asked_before = len(box.asked)
    for _ in range(2):
        route.answer(box.outbox)
        box.outbox.kept(box.settled[-1])
    assert box.asked[asked_before:] == [4]
    box.outbox.loaded([message(n, to=f"1380013800{n}") for n in range(3, 7)], 4)
    assert route.sent == [f"{n} hello" for n in range(1, 7)]
    assert box.outbox.waiting == 4
    box.outbox.stop()


def test_while_it_is_behind_new_messages_stay_in_the_store(box: Box) -> None:
    """They would overtake older ones of the same subscriber."""
    box = Box(limit=2).open(message(1), message(2))
    route = box.route()
    box.outbox.add([message(3)])
    route.answer(box.outbox)
    box.outbox.kept(box.settled[-1])
    assert box.asked[1:] == [2]
    box.outbox.add([message(4)])
    box.outbox.loaded([message(2), message(3)], 2)
    for _ in range(2):
        route.answer(box.outbox)
        box.outbox.kept(box.settled[-1])
    box.outbox.loaded([message(4)], box.asked[-1])
    assert route.sent == ["1 hello", "2 hello", "3 hello", "4 hello"]
    assert not box.outbox.behind
    box.outbox.stop()


def test_a_message_in_hand_is_not_taken_twice(box: Box) -> None:
    """The store hands out all that waits, also what is on its way and what was taken just now."""
    route = box.route()
    box.outbox.add([message(1), message(2, to=LI)])
    route.answer(box.outbox)
    box.outbox.loaded([message(1), message(2, to=LI)], 50)
    assert route.sent == ["1 hello", "2 hello"]


def test_when_the_store_cannot_be_read_it_is_asked_again() -> None:
    """In a second, and once."""
    box = Box()
    box.outbox.start()
    box.outbox.load_failed()
    assert len(box.asked) == 1
    box.clock.advance(1.0)
    assert len(box.asked) == 2
    box.outbox.stop()


def test_a_message_for_later_waits_in_the_store(box: Box) -> None:
    """It is not in hand before its time, and then comes as one that waited."""
    route = box.route()
    late = message(1)._replace(after_ms=int((NOON + 60) * 1000))
    box.outbox.add([late, message(2)])
    assert route.sent == ["2 hello"]
    assert box.outbox.waiting == 1
    box.clock.advance(60)
    box.outbox.look()
    box.outbox.loaded([late], box.asked[-1])
    route.answer(box.outbox)
    assert route.sent == ["2 hello", "1 hello"]


# -- the end --------------------------------------------------------------------------------------


def test_stopping_leaves_no_timer_behind() -> None:
    """Not of a rest, a delay, a failover, a store that was away."""
    box = Box().open()
    route, other = box.route("smsc-a"), box.route("smsc-b")
    box.outbox.add([message(n, to=f"1380013800{n}") for n in range(1, 4)])
    route.answer(box.outbox, LATER)
    route.answer(box.outbox)
    box.outbox.not_kept(box.settled[0])
    route.answer(box.outbox, SLOWER)
    other.lost(box.outbox)
    box.outbox.load_failed()
    assert len(box.clock.getDelayedCalls()) == 5
    box.outbox.stop()
    assert box.clock.getDelayedCalls() == []
