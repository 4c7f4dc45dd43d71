"""What is tried again and when: refusals, and links that are throttled."""

from __future__ import annotations

from gateway.delivery.retrying import DELAYS, VALIDITY
from gateway.delivery.throttling import PAUSES
from tests.gateway.delivery.binds import (
    LATER,
    NEVER,
    NOON,
    SLOWER,
    TAKEN,
    message,
    number_of,
)
from tests.gateway.delivery.box import LI, Box

# -- refusals -------------------------------------------------------------------------------------


def test_trying_again_takes_longer_each_time(box: Box) -> None:
    """And never longer than the longest."""
    route = box.route()
    box.outbox.add([message(1)])
    for delay in (*DELAYS, DELAYS[-1]):
        route.answer(box.outbox, LATER)
        sent = len(route.sent)
        box.clock.advance(delay - 0.01)
        assert len(route.sent) == sent
        box.clock.advance(0.011)
        assert len(route.sent) == sent + 1


def test_after_a_day_a_message_is_given_up(box: Box) -> None:
    """With the reason of its last refusal."""
    route = box.route()
    box.outbox.add([message(1)])
    box.clock.advance(VALIDITY)
    route.answer(box.outbox, LATER)
    assert box.settled == []
    box.clock.advance(DELAYS[0])
    route.answer(box.outbox, LATER)
    assert [(number_of(s.id), s.accepted, s.reason) for s in box.settled] == [
        (1, False, "try later")
    ]


def test_the_day_of_a_message_for_later_begins_when_it_is_due(box: Box) -> None:
    """Asked for two days ago, it is as fresh as any."""
    route, two_days = box.route(), 2 * 24 * 3600
    box.clock.advance(two_days)
    box.outbox.add([message(1)._replace(after_ms=int((NOON + two_days) * 1000))])
    route.answer(box.outbox, LATER)
    assert box.settled == []
    box.clock.advance(DELAYS[0])
    route.answer(box.outbox)
    assert box.results == [(1, True)]


def test_parts_that_were_taken_are_not_sent_again(box: Box) -> None:
    """Only the refused one; the message is taken when all of it is."""
    route = box.route()
    box.outbox.add([message(1, "one two three")._replace(receipt=True)])
    route.answer(box.outbox)
    route.answer(box.outbox, LATER)
    route.answer(box.outbox)
    box.clock.advance(DELAYS[0])
    assert route.sent == ["1 one", "1 two", "1 three", "1 two"]
    route.answer(box.outbox)
    assert box.results == [(1, True)]
    assert set(box.settled[0].message_ids) == {"id of 1 one", "id of 1 two", "id of 1 three"}


def test_one_part_that_can_never_be_sent_ends_the_whole_message(box: Box) -> None:
    """Whatever the others were told: no handset could join it."""
    route = box.route()
    box.outbox.add([message(1, "one two three")])
    for verdict in (LATER, NEVER, SLOWER):
        route.answer(box.outbox, verdict)
    assert box.results == [(1, False)]


def test_when_a_part_is_refused_those_behind_it_wait(box: Box) -> None:
    """With a narrow window the rest of the message is not sent in vain, and not out of turn."""
    route = box.route(window=1)
    box.outbox.add([message(1, "one two"), message(2, to=LI)])
    route.answer(box.outbox, LATER)
    assert route.sent == ["1 one", "2 hello"]
    route.answer(box.outbox)
    box.clock.advance(DELAYS[0])
    route.answer(box.outbox)
    route.answer(box.outbox)
    assert route.sent == ["1 one", "2 hello", "1 one", "1 two"]
    assert sorted(box.results) == [(1, True), (2, True)]


# -- a throttled link -----------------------------------------------------------------------------


def test_a_throttled_link_rests_as_a_whole(box: Box) -> None:
    """Nobody else's message goes in between, and the refused one is the first afterwards."""
    route = box.route(window=1)
    box.outbox.add([message(1), message(2, to=LI)])
    route.answer(box.outbox, SLOWER)
    box.outbox.add([message(3, to="13800138003")])
    box.clock.advance(PAUSES[0] - 0.01)
    assert route.sent == ["1 hello"]
    box.clock.advance(0.01)
    route.answer(box.outbox)
    route.answer(box.outbox)
    assert route.sent == ["1 hello", "1 hello", "2 hello", "3 hello"]


def test_a_link_that_stays_throttled_rests_longer_each_time(box: Box) -> None:
    """Until it takes something: then it is trusted again."""
    route = box.route(window=1)
    box.outbox.add([message(1), message(2)])
    for pause in (*PAUSES, PAUSES[-1]):
        route.answer(box.outbox, SLOWER)
        sent = len(route.sent)
        box.clock.advance(pause - 0.01)
        assert len(route.sent) == sent
        box.clock.advance(0.011)
        assert len(route.sent) == sent + 1
    route.answer(box.outbox)
    route.answer(box.outbox, SLOWER)
    sent = len(route.sent)
    box.clock.advance(PAUSES[0])
    assert len(route.sent) == sent + 1


def test_what_was_in_flight_when_the_link_was_throttled_counts(box: Box) -> None:
    """Answers that come while it rests are taken; one rest is one rest, and order is kept."""
    route = box.route()
    box.outbox.add([message(n, to=f"1380013800{n}") for n in range(1, 5)])
    for verdict in (SLOWER, SLOWER, TAKEN, SLOWER):
        route.answer(box.outbox, verdict)
    assert box.results == [(3, True)]
    box.clock.advance(PAUSES[0])
    assert route.sent[4:] == ["1 hello", "2 hello", "4 hello"]


def test_all_binds_of_a_throttled_link_rest(box: Box) -> None:
    """Their peer counts them together."""
    tired, twin = box.route(window=1), box.route(window=1)
    box.outbox.add([message(1)])
    tired.answer(box.outbox, SLOWER)
    box.outbox.add([message(2, to=LI)])
    assert twin.sent == []
    box.clock.advance(PAUSES[0])
    assert sorted(tired.sent[1:] + twin.sent) == ["1 hello", "2 hello"]


def test_a_throttled_link_leaves_the_others_alone(box: Box) -> None:
    """Two SMSCs know nothing of one another."""
    tired, fresh = box.route("smsc-a"), box.route("smsc-b")
    box.outbox.add([message(1)])
    tired.answer(box.outbox, SLOWER)
    box.outbox.add([message(2, to=LI, link="smsc-b")])
    assert fresh.sent == ["2 hello"]
