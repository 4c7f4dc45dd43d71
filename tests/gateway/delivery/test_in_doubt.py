"""What may have been taken: no answer in time, and links that were lost."""

from __future__ import annotations

import pytest

from gateway.delivery.link_states import FAILOVER
from gateway.delivery.outbox import Outbox
from gateway.delivery.retrying import LAST_WAIT, REPEATS
from gateway.model.messages import OutgoingScreen, ScreenAct
from smpp.statuses import StatusVerdict
from tests.gateway.delivery.binds import (
    LATER,
    NEVER,
    OURS,
    SLOWER,
    TAKEN,
    message,
    number_of,
)
from tests.gateway.delivery.box import LI, Box

# -- no answer in time ----------------------------------------------------------------------------


def test_what_was_not_answered_leaves_again_seldom_and_ever_more_so(box: Box) -> None:
    """It may have been taken each time; after the last time it is given up."""
    route = box.route()
    box.outbox.add([message(1), message(2)])
    for pause in REPEATS:
        route.silent(box.outbox)
        sent = len(route.sent)
        box.clock.advance(pause - 0.01)
        assert len(route.sent) == sent
        box.clock.advance(0.011)
        assert len(route.sent) == sent + 1
    route.silent(box.outbox)
    assert box.settled == []
    box.clock.advance(LAST_WAIT)
    assert [(number_of(s.id), s.accepted, s.reason) for s in box.settled] == [
        (1, False, "no answer in time")
    ]
    assert route.sent == ["1 hello"] * (1 + len(REPEATS)) + ["2 hello"]


def test_what_was_not_answered_together_is_not_repeated_together() -> None:
    """A third of the wait is left to chance."""
    chances = iter([0.0, 1.0])
    box = Box()
    box.outbox = Outbox(
        box.clock, box.wall, box.settle, box.load, box, chance=lambda: next(chances)
    )
    box.open()
    route = box.route()
    box.outbox.add([message(1), message(2, to=LI)])
    route.silent(box.outbox)
    route.silent(box.outbox)
    box.clock.advance(REPEATS[0])
    assert route.sent[2:] == ["1 hello"]
    box.clock.advance(REPEATS[0] / 2)
    assert route.sent[2:] == ["1 hello", "2 hello"]
    box.outbox.stop()


def test_a_late_answer_ends_the_waiting(box: Box) -> None:
    """Nothing leaves twice, and the subscriber's next message goes."""
    route = box.route()
    box.outbox.add([message(1)._replace(receipt=True), message(2)])
    route.silent(box.outbox)
    assert route.sent == ["1 hello"]
    route.answer_late(box.outbox)
    assert (box.results, route.sent) == ([(1, True)], ["1 hello", "2 hello"])
    assert box.settled[0].message_ids == ("late id of 1 hello",)
    route.answer(box.outbox)
    box.clock.advance(REPEATS[0] * 2)
    assert route.sent == ["1 hello", "2 hello"]


def test_a_late_answer_finds_it_ready_to_leave_again(box: Box) -> None:
    """Its time had come, but there was no room yet."""
    route = box.route(window=1)
    box.outbox.add([message(1)])
    route.silent(box.outbox)
    box.outbox.add([message(2, to=LI)])
    box.clock.advance(REPEATS[0])
    assert route.sent == ["1 hello", "2 hello"]
    route.answer_late(box.outbox)
    route.answer(box.outbox)
    assert sorted(box.results) == [(1, True), (2, True)]
    assert route.sent == ["1 hello", "2 hello"]


@pytest.mark.parametrize("verdict", [TAKEN, LATER, NEVER])
def test_a_late_answer_counts_when_it_is_on_its_way_again(box: Box, verdict: StatusVerdict) -> None:
    """The message was taken, whatever is said to the second of them."""
    route = box.route()
    box.outbox.add([message(1)])
    route.silent(box.outbox)
    box.clock.advance(REPEATS[0])
    route.answer_late(box.outbox)
    route.answer(box.outbox, verdict)
    assert box.results == [(1, True)]
    box.clock.advance(REPEATS[1] * 2)
    assert route.sent == ["1 hello"] * 2


def test_a_late_answer_to_one_part_spares_that_part(box: Box) -> None:
    """While others are on their route, and when they wait to be sent again."""
    route = box.route()
    box.outbox.add([message(1, "one two three")])
    route.silent(box.outbox)  # one
    route.answer_late(box.outbox)
    route.silent(box.outbox)  # two
    route.silent(box.outbox)  # three
    route.answer_late(box.outbox)  # two
    assert box.settled == []
    box.clock.advance(REPEATS[0])
    assert route.sent[3:] == ["1 three"]
    route.answer(box.outbox)
    assert box.results == [(1, True)]


@pytest.mark.parametrize(("verdict", "ended"), [(NEVER, [(1, False)]), (LATER, []), (SLOWER, [])])
def test_a_late_refusal(box: Box, verdict: StatusVerdict, ended: list[tuple[int, bool]]) -> None:
    """For good, or it waits for its time as before."""
    route = box.route()
    box.outbox.add([message(1)])
    route.silent(box.outbox)
    route.answer_late(box.outbox, verdict)
    assert box.results == ended
    box.clock.advance(REPEATS[0])
    assert len(route.sent) == 1 + (not ended)


def test_a_second_late_answer_changes_nothing(box: Box) -> None:
    """Nor one that comes after all was given up."""
    route = box.route()
    box.outbox.add([message(1)])
    route.silent(box.outbox)
    route.overdue *= 2
    route.answer_late(box.outbox)
    route.answer_late(box.outbox)
    assert box.results == [(1, True)]


def test_a_link_that_is_lost_again_and_again_repeats_seldom(box: Box) -> None:
    """Once at once; then it may have been taken twice already."""
    box.outbox.add([message(1)])
    for _ in range(2):
        route = box.route()
        assert route.sent == ["1 hello"]
        route.lost(box.outbox)
    route = box.route()
    assert route.sent == []
    box.clock.advance(REPEATS[1])
    assert route.sent == ["1 hello"]


def test_a_screen_that_was_not_answered_is_not_shown_twice(box: Box) -> None:
    """When nobody looks any more, it is told by SMS; a late answer makes that needless."""
    route = box.route()
    for number, late in ((1, False), (2, True)):
        until = int((box.wall() + 10) * 1000)
        screen = OutgoingScreen(ScreenAct.ON, "1383:0002", until, "smsc-a", OURS)
        box.outbox.add([message(number, "screen")._replace(screen=screen, instead="told")])
        route.silent(box.outbox)
        if late:
            route.answer_late(box.outbox, place=-1)
        box.clock.advance(10.0)
        if not late:
            route.answer(box.outbox)
    assert route.sent == ["1 screen", "1 told", "2 screen"]


# -- lost links -----------------------------------------------------------------------------------


def test_what_was_in_flight_on_a_lost_link_is_sent_first_on_the_next(box: Box) -> None:
    """Nobody knows whether it was taken: at least once."""
    route = box.route()
    box.outbox.add([message(1, "one two"), message(2, to=LI)])
    route.answer(box.outbox)
    route.lost(box.outbox)
    box.outbox.add([message(3, to="13800138003")])
    again = box.route()
    assert sorted(again.sent[:2]) == ["1 two", "2 hello"]
    assert again.sent[2:] == ["3 hello"]
    for _ in range(3):
        again.answer(box.outbox)
    assert sorted(box.results) == [(1, True), (2, True), (3, True)]


def test_a_message_half_sent_goes_on_where_it_was(box: Box) -> None:
    """The first part was taken, the second had not left yet."""
    route = box.route(window=1)
    box.outbox.add([message(1, "one two")])
    part = route.in_flight.pop()
    box.outbox.answered(route, part, TAKEN, "id")
    route.lost(box.outbox)
    assert box.route().sent == ["1 two"]


def test_another_bind_of_the_link_takes_over_at_once(box: Box) -> None:
    """It is the same SMSC."""
    first, second = box.route(), box.route()
    box.outbox.add([message(1)])
    assert (first.sent, second.sent) == (["1 hello"], [])
    first.lost(box.outbox)
    assert second.sent == ["1 hello"]


def test_another_link_takes_over_after_a_while(box: Box) -> None:
    """Not at once: most links come back, and a subscriber's answers should leave the same route."""
    down, up = box.route("smsc-a"), box.route("smsc-b")
    box.outbox.add([message(1)])
    down.lost(box.outbox)
    box.clock.advance(FAILOVER - 0.01)
    box.outbox.add([message(2, to=LI)])
    assert up.sent == []
    box.clock.advance(0.01)
    assert up.sent == ["1 hello", "2 hello"]
    box.outbox.add([message(3, to="13800138003")])
    assert up.sent[2:] == ["3 hello"]


def test_a_link_that_comes_back_in_time_keeps_its_messages(box: Box) -> None:
    """The other sends none of them twice."""
    down, up = box.route("smsc-a"), box.route("smsc-b")
    down.lost(box.outbox)
    box.outbox.add([message(1)])
    back = box.route("smsc-a")
    box.clock.advance(FAILOVER * 2)
    assert (back.sent, up.sent) == (["1 hello"], [])


def test_messages_of_a_link_that_is_no_longer_there_leave_by_another(box: Box) -> None:
    """It was taken out of the configuration while they waited."""
    box.outbox.add([message(1, link="gone")])
    route = box.route("smsc-b")
    assert route.sent == []
    box.clock.advance(FAILOVER)
    assert route.sent == ["1 hello"]


def test_what_another_link_took_is_settled_with_that_link(box: Box) -> None:
    """Receipts come by the link that took it, and name its ids."""
    down, up = box.route("smsc-a"), box.route("smsc-b")
    down.lost(box.outbox)
    box.outbox.add([message(1)._replace(receipt=True)])
    box.clock.advance(FAILOVER)
    up.answer(box.outbox)
    assert [(s.link, s.message_ids) for s in box.settled] == [("smsc-b", ("id of 1 hello",))]
