"""What nobody asked for leaves at most once: it is marked in the store before, and is not sent
again where nobody knows whether it arrived."""

from __future__ import annotations

from gateway.delivery.leaving import AGAIN
from gateway.delivery.retrying import DELAYS, LAST_WAIT
from tests.gateway.delivery.binds import LATER, NEVER, SLOWER, message, number_of
from tests.gateway.delivery.box import ZHANG, Box
from tests.gateway.delivery.test_unasked import notice


def ends(box: Box) -> list[tuple[int, bool, bool]]:
    """Number, taken, unknown."""
    return [(number_of(one.id), one.accepted, one.unknown) for one in box.settled]


def test_nothing_leaves_before_the_store_knows(box: Box) -> None:
    """An answer does."""
    box.is_slow = True
    route = box.route()
    box.outbox.add([notice(1), message(2, "answer")])
    assert route.sent == ["2 answer"]
    box.answer_marks()
    assert route.sent == ["2 answer", "1 notice"]


def test_one_question_at_a_time_for_all_that_have_a_place(box: Box) -> None:
    """And the next with what has become of those before."""
    box.is_slow = True
    route = box.route(window=16)
    box.outbox.add([notice(n) for n in range(1, 8)])
    assert [len(ids) for ids, _ in box.questions] == [4]
    box.answer_marks()
    assert len(route.in_flight) == 4
    route.answer(box.outbox)
    route.answer(box.outbox)
    assert [[number_of(id) for id in ids] for ids, _ in box.questions] == [[5]]
    box.answer_marks()
    assert [[number_of(id) for id in ids] for ids, _ in box.questions] == [[6]]


def test_what_was_on_its_way_when_the_link_went_is_not_sent_again(box: Box) -> None:
    """An answer is."""
    route = box.route()
    box.outbox.add([notice(1), message(2, "answer")])
    route.lost(box.outbox)
    assert ends(box) == [(1, False, True)]
    assert box.route().sent == ["2 answer"]


def test_what_is_not_answered_in_time_is_not_sent_again(box: Box) -> None:
    """It waits for a late answer, and then nobody knows."""
    route = box.route()
    box.outbox.add([notice(1)])
    route.silent(box.outbox)
    assert ends(box) == []
    box.clock.advance(LAST_WAIT + 1)
    assert ends(box) == [(1, False, True)]
    assert route.sent == ["1 notice"]


def test_a_late_answer_tells(box: Box) -> None:
    """Taken, or not."""
    route = box.route(window=16)
    box.outbox.add([notice(1), notice(2)])
    route.silent(box.outbox)
    route.silent(box.outbox)
    route.answer_late(box.outbox)
    route.answer_late(box.outbox, NEVER)
    assert ends(box) == [(1, True, False), (2, False, False)]


def test_what_surely_was_not_taken_is_marked_no_more_until_it_leaves_again(box: Box) -> None:
    """A gateway that dies meanwhile has lost nothing."""
    route = box.route()
    box.outbox.add([notice(1)])
    assert box.marked == {notice(1).id}
    route.answer(box.outbox, LATER)
    assert box.marked == set()
    box.clock.advance(DELAYS[0] + 0.1)
    assert route.sent == ["1 notice", "1 notice"]
    assert box.marked == {notice(1).id}
    route.answer(box.outbox, SLOWER)
    assert box.marked == set()
    box.clock.advance(1.0)
    route.answer(box.outbox)
    assert ends(box) == [(1, True, False)]


def test_what_has_left_in_part_stays_marked(box: Box) -> None:
    """Its first part would be said twice; only the other is sent again."""
    route = box.route()
    box.outbox.add([notice(1, "one two")])
    route.answer(box.outbox)
    route.answer(box.outbox, LATER)
    assert box.marked == {notice(1).id}
    box.clock.advance(DELAYS[0] + 0.1)
    assert route.sent == ["1 one", "1 two", "1 two"]


def test_a_store_that_is_away_is_asked_again(box: Box) -> None:
    """Not before a second has gone, whatever else happens."""
    box.is_slow = True
    route = box.route()
    box.outbox.add([notice(1)])
    box.answer_marks(away=True)
    box.outbox.add([message(2, "answer")])
    assert box.questions == []
    box.clock.advance(AGAIN)
    box.answer_marks()
    assert route.sent == ["2 answer", "1 notice"]


def test_what_was_stopped_gets_no_mark(box: Box) -> None:
    """It goes back to where it came from; what follows leaves."""
    route = box.route(window=4)
    box.stopped.add(notice(1).id)
    box.outbox.add([notice(1), notice(2)])
    assert route.sent == ["2 notice"]
    (ended,) = box.outbox.withdraw([notice(1).id], "held")
    assert (ended.id, ended.unknown) == (notice(1).id, False)
    box.clock.advance(AGAIN * 5)
    assert route.sent == ["2 notice"]


def test_what_was_withdrawn_before_the_mark_came_does_not_leave(box: Box) -> None:
    box.is_slow = True
    route = box.route()
    box.outbox.add([notice(1)])
    assert len(box.outbox.withdraw([notice(1).id], "dropped")) == 1
    box.answer_marks()
    assert route.sent == []


def test_what_may_have_arrived_is_not_put_back(box: Box) -> None:
    """A pause puts back what has not left; that would be said twice."""
    route = box.route()
    box.outbox.add([notice(1)])
    route.silent(box.outbox)
    assert box.outbox.withdraw([notice(1).id], "held") == []
    box.clock.advance(LAST_WAIT + 1)
    assert ends(box) == [(1, False, True)]


def test_what_can_not_leave_after_all_waits_as_before(box: Box) -> None:
    """Answers took the room, or the link went, before it could: it has not left."""
    box.is_slow = True
    route = box.route(window=4)
    box.outbox.add([notice(1)])
    box.outbox.add([message(2 + n, "answer", f"1370000000{n}") for n in range(4)])
    box.answer_marks()
    assert box.marked == {notice(1).id}
    assert "1 notice" not in route.sent
    route.lost(box.outbox)
    assert box.marked == set()
    assert ends(box) == []
    box.is_slow = False
    anew = box.route(window=16)
    assert "1 notice" in anew.sent


def test_who_hands_over_lets_go_of_what_has_not_left(box: Box) -> None:
    """Also of what it has asked for: the next sends it."""
    box.is_slow = True
    route = box.route(window=1)
    box.outbox.add([message(1, "answer"), notice(2), notice(3, to=ZHANG)])
    route.answer(box.outbox)
    box.outbox.may_send = lambda: False
    box.outbox.leaving.release()
    while box.questions:
        box.answer_marks()
    assert route.sent == ["1 answer"]
    box.is_slow, box.outbox.may_send = False, lambda: True
    box.outbox.pump()
    assert route.sent == ["1 answer", "2 notice"]
