"""Messages on their way out: in order for each subscriber, settled once, whatever the links do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from twisted.internet.task import Clock

from gateway.mail import Act, Outgoing, Screen, Settled
from gateway.outbox import DELAYS, FAILOVER, LAST_WAIT, REPEATS, VALIDITY, Outbox
from gateway.rests import PAUSES
from smpp.statuses import Verdict
from tests.gateway.ways import LATER, NEVER, NOON, SLOWER, TAKEN, FakeWay, message, number_of

ZHANG, LI = "1.1.13800138001", "1.1.13800138002"


class Box:
    """An outbox, its clock, and a store that does as the test says."""

    def __init__(self, limit: int = 100) -> None:
        self.clock = Clock()
        self.settled: list[Settled] = []
        self.asked: list[int] = []
        self.outbox = Outbox(
            self.clock, self.wall, self.settled.append, self.asked.append, limit=limit
        )

    def wall(self) -> float:
        return NOON + self.clock.seconds()

    def open(self, *messages: Outgoing) -> Box:
        """Started, with what the store had."""
        self.outbox.start()
        self.outbox.loaded(messages, self.asked[-1])
        return self

    def way(self, link: str = "smsc-a", window: int = 10) -> FakeWay:
        """A link comes up."""
        way = FakeWay(link, window)
        self.outbox.attach(way)
        return way

    @property
    def results(self) -> list[tuple[int, bool]]:
        return [(number_of(settled.id), settled.accepted) for settled in self.settled]


@pytest.fixture
def box() -> Iterator[Box]:
    """Open and empty; at its end no timer is left."""
    box = Box().open()
    yield box
    box.outbox.stop()
    assert box.clock.getDelayedCalls() == []


# -- sending and settling ------------------------------------------------------------------------


def test_a_message_leaves_at_once_and_is_settled_when_taken(box: Box) -> None:
    """Taken is what the SMSC says, not what we have written."""
    way = box.way()
    box.outbox.add([message(1)])
    assert way.sent == ["1 hello"]
    assert (box.settled, box.outbox.waiting) == ([], 1)
    box.clock.advance(1.5)
    way.answer(box.outbox)
    assert box.settled == [Settled(message(1).id, True, int((NOON + 1.5) * 1000), "smsc-a")]


def test_what_asks_for_a_confirm_is_settled_when_all_of_it_is_taken(box: Box) -> None:
    """And only then is it known which order it asked for; a part alone is not what was asked."""
    way = box.way()
    box.outbox.add([message(1, "two parts")._replace(asks_for=17)])
    way.answer(box.outbox)
    assert box.settled == []
    way.answer(box.outbox)
    assert [(one.accepted, one.asks_for) for one in box.settled] == [(True, 17)]


def test_a_message_is_in_hand_until_the_store_knows_its_end(box: Box) -> None:
    """Else the store would hand it out again."""
    way = box.way()
    box.outbox.add([message(1)])
    way.answer(box.outbox)
    assert box.outbox.waiting == 1
    box.outbox.kept(box.settled[0])
    assert box.outbox.waiting == 0


def test_when_the_store_is_away_it_is_told_later(box: Box) -> None:
    """The same thing, until it has kept it."""
    way = box.way()
    box.outbox.add([message(1)])
    way.answer(box.outbox)
    box.outbox.not_kept(box.settled[0])
    assert len(box.settled) == 1
    box.clock.advance(1.0)
    assert box.settled == [box.settled[0]] * 2


def test_the_parts_of_a_message_share_the_window(box: Box) -> None:
    """As many as the link takes, the rest as it answers."""
    way = box.way(window=2)
    box.outbox.add([message(1, "one two three")])
    assert way.sent == ["1 one", "1 two"]
    way.answer(box.outbox)
    assert way.sent[2:] == ["1 three"]
    way.answer(box.outbox)
    assert box.settled == []
    way.answer(box.outbox)
    assert box.results == [(1, True)]


def test_the_ids_of_its_parts_are_kept_where_receipts_are_expected(box: Box) -> None:
    """And only there."""
    way = box.way()
    box.outbox.add([message(1, "one two")._replace(receipt=True), message(2, to=LI)])
    for _ in range(3):
        way.answer(box.outbox)
    assert [settled.message_ids for settled in box.settled] == [
        ("id of 1 one", "id of 1 two"),
        (),
    ]


def test_without_a_link_everything_waits(box: Box) -> None:
    """And leaves in its order when one comes up."""
    box.outbox.add([message(1, to=ZHANG), message(2, to=LI)])
    assert box.way().sent == ["1 hello", "2 hello"]


# -- order ---------------------------------------------------------------------------------------


def test_a_subscribers_messages_follow_one_another(box: Box) -> None:
    """The second leaves when the first was taken; those of others need not wait."""
    way = box.way()
    box.outbox.add([message(1, to=ZHANG), message(2, to=ZHANG), message(3, to=LI)])
    assert way.sent == ["1 hello", "3 hello"]
    way.answer(box.outbox)
    assert way.sent == ["1 hello", "3 hello", "2 hello"]


def test_a_message_that_is_tried_again_holds_its_subscribers_others(box: Box) -> None:
    """Order goes before haste."""
    way = box.way()
    box.outbox.add([message(1), message(2)])
    way.answer(box.outbox, LATER)
    box.clock.advance(DELAYS[0] / 2)
    assert way.sent == ["1 hello"]
    box.clock.advance(DELAYS[0] / 2)
    assert way.sent == ["1 hello", "1 hello"]
    way.answer(box.outbox)
    assert way.sent[2:] == ["2 hello"]


def test_a_message_that_failed_makes_room_for_the_next(box: Box) -> None:
    """It is settled with the reason."""
    way = box.way()
    box.outbox.add([message(1), message(2)])
    way.answer(box.outbox, NEVER)
    assert [(number_of(s.id), s.accepted, s.reason) for s in box.settled] == [
        (1, False, "no such number")
    ]
    assert way.sent == ["1 hello", "2 hello"]


# -- refusals ------------------------------------------------------------------------------------


def test_trying_again_takes_longer_each_time(box: Box) -> None:
    """And never longer than the longest."""
    way = box.way()
    box.outbox.add([message(1)])
    for delay in (*DELAYS, DELAYS[-1]):
        way.answer(box.outbox, LATER)
        sent = len(way.sent)
        box.clock.advance(delay - 0.01)
        assert len(way.sent) == sent
        box.clock.advance(0.011)
        assert len(way.sent) == sent + 1


def test_after_a_day_a_message_is_given_up(box: Box) -> None:
    """With the reason of its last refusal."""
    way = box.way()
    box.outbox.add([message(1)])
    box.clock.advance(VALIDITY)
    way.answer(box.outbox, LATER)
    assert box.settled == []
    box.clock.advance(DELAYS[0])
    way.answer(box.outbox, LATER)
    assert [(number_of(s.id), s.accepted, s.reason) for s in box.settled] == [
        (1, False, "try later")
    ]


def test_the_day_of_a_message_for_later_begins_when_it_is_due(box: Box) -> None:
    """Asked for two days ago, it is as fresh as any."""
    way, two_days = box.way(), 2 * 24 * 3600
    box.clock.advance(two_days)
    box.outbox.add([message(1)._replace(after_ms=int((NOON + two_days) * 1000))])
    way.answer(box.outbox, LATER)
    assert box.settled == []
    box.clock.advance(DELAYS[0])
    way.answer(box.outbox)
    assert box.results == [(1, True)]


def test_parts_that_were_taken_are_not_sent_again(box: Box) -> None:
    """Only the refused one; the message is taken when all of it is."""
    way = box.way()
    box.outbox.add([message(1, "one two three")._replace(receipt=True)])
    way.answer(box.outbox)
    way.answer(box.outbox, LATER)
    way.answer(box.outbox)
    box.clock.advance(DELAYS[0])
    assert way.sent == ["1 one", "1 two", "1 three", "1 two"]
    way.answer(box.outbox)
    assert box.results == [(1, True)]
    assert set(box.settled[0].message_ids) == {"id of 1 one", "id of 1 two", "id of 1 three"}


def test_one_part_that_can_never_be_sent_ends_the_whole_message(box: Box) -> None:
    """Whatever the others were told: no handset could join it."""
    way = box.way()
    box.outbox.add([message(1, "one two three")])
    for verdict in (LATER, NEVER, SLOWER):
        way.answer(box.outbox, verdict)
    assert box.results == [(1, False)]


def test_when_a_part_is_refused_those_behind_it_wait(box: Box) -> None:
    """With a narrow window the rest of the message is not sent in vain, and not out of turn."""
    way = box.way(window=1)
    box.outbox.add([message(1, "one two"), message(2, to=LI)])
    way.answer(box.outbox, LATER)
    assert way.sent == ["1 one", "2 hello"]
    way.answer(box.outbox)
    box.clock.advance(DELAYS[0])
    way.answer(box.outbox)
    way.answer(box.outbox)
    assert way.sent == ["1 one", "2 hello", "1 one", "1 two"]
    assert sorted(box.results) == [(1, True), (2, True)]


# -- a throttled link ----------------------------------------------------------------------------


def test_a_throttled_link_rests_as_a_whole(box: Box) -> None:
    """Nobody else's message goes in between, and the refused one is the first afterwards."""
    way = box.way(window=1)
    box.outbox.add([message(1), message(2, to=LI)])
    way.answer(box.outbox, SLOWER)
    box.outbox.add([message(3, to="1.1.13800138003")])
    box.clock.advance(PAUSES[0] - 0.01)
    assert way.sent == ["1 hello"]
    box.clock.advance(0.01)
    way.answer(box.outbox)
    way.answer(box.outbox)
    assert way.sent == ["1 hello", "1 hello", "2 hello", "3 hello"]


def test_a_link_that_stays_throttled_rests_longer_each_time(box: Box) -> None:
    """Until it takes something: then it is trusted again."""
    way = box.way(window=1)
    box.outbox.add([message(1), message(2)])
    for pause in (*PAUSES, PAUSES[-1]):
        way.answer(box.outbox, SLOWER)
        sent = len(way.sent)
        box.clock.advance(pause - 0.01)
        assert len(way.sent) == sent
        box.clock.advance(0.011)
        assert len(way.sent) == sent + 1
    way.answer(box.outbox)
    way.answer(box.outbox, SLOWER)
    sent = len(way.sent)
    box.clock.advance(PAUSES[0])
    assert len(way.sent) == sent + 1


def test_what_was_in_flight_when_the_link_was_throttled_counts(box: Box) -> None:
    """Answers that come while it rests are taken; one rest is one rest, and order is kept."""
    way = box.way()
    box.outbox.add([message(n, to=f"1.1.1380013800{n}") for n in range(1, 5)])
    for verdict in (SLOWER, SLOWER, TAKEN, SLOWER):
        way.answer(box.outbox, verdict)
    assert box.results == [(3, True)]
    box.clock.advance(PAUSES[0])
    assert way.sent[4:] == ["1 hello", "2 hello", "4 hello"]


def test_all_binds_of_a_throttled_link_rest(box: Box) -> None:
    """Their peer counts them together."""
    tired, twin = box.way(window=1), box.way(window=1)
    box.outbox.add([message(1)])
    tired.answer(box.outbox, SLOWER)
    box.outbox.add([message(2, to=LI)])
    assert twin.sent == []
    box.clock.advance(PAUSES[0])
    assert sorted(tired.sent[1:] + twin.sent) == ["1 hello", "2 hello"]


def test_a_throttled_link_leaves_the_others_alone(box: Box) -> None:
    """Two SMSCs know nothing of one another."""
    tired, fresh = box.way("smsc-a"), box.way("smsc-b")
    box.outbox.add([message(1)])
    tired.answer(box.outbox, SLOWER)
    box.outbox.add([message(2, to=LI, link="smsc-b")])
    assert fresh.sent == ["2 hello"]


# -- no answer in time ---------------------------------------------------------------------------


def test_what_was_not_answered_leaves_again_seldom_and_ever_more_so(box: Box) -> None:
    """It may have been taken each time; after the last time it is given up."""
    way = box.way()
    box.outbox.add([message(1), message(2)])
    for pause in REPEATS:
        way.silent(box.outbox)
        sent = len(way.sent)
        box.clock.advance(pause - 0.01)
        assert len(way.sent) == sent
        box.clock.advance(0.011)
        assert len(way.sent) == sent + 1
    way.silent(box.outbox)
    assert box.settled == []
    box.clock.advance(LAST_WAIT)
    assert [(number_of(s.id), s.accepted, s.reason) for s in box.settled] == [
        (1, False, "no answer in time")
    ]
    assert way.sent == ["1 hello"] * (1 + len(REPEATS)) + ["2 hello"]


def test_what_was_not_answered_together_is_not_repeated_together() -> None:
    """A third of the wait is left to chance."""
    chances = iter([0.0, 1.0])
    box = Box()
    box.outbox = Outbox(
        box.clock, box.wall, box.settled.append, box.asked.append, chance=lambda: next(chances)
    )
    box.open()
    way = box.way()
    box.outbox.add([message(1), message(2, to=LI)])
    way.silent(box.outbox)
    way.silent(box.outbox)
    box.clock.advance(REPEATS[0])
    assert way.sent[2:] == ["1 hello"]
    box.clock.advance(REPEATS[0] / 2)
    assert way.sent[2:] == ["1 hello", "2 hello"]
    box.outbox.stop()


def test_a_late_answer_ends_the_waiting(box: Box) -> None:
    """Nothing leaves twice, and the subscriber's next message goes."""
    way = box.way()
    box.outbox.add([message(1)._replace(receipt=True), message(2)])
    way.silent(box.outbox)
    assert way.sent == ["1 hello"]
    way.answer_late(box.outbox)
    assert (box.results, way.sent) == ([(1, True)], ["1 hello", "2 hello"])
    assert box.settled[0].message_ids == ("late id of 1 hello",)
    way.answer(box.outbox)
    box.clock.advance(REPEATS[0] * 2)
    assert way.sent == ["1 hello", "2 hello"]


def test_a_late_answer_finds_it_ready_to_leave_again(box: Box) -> None:
    """Its time had come, but there was no room yet."""
    way = box.way(window=1)
    box.outbox.add([message(1)])
    way.silent(box.outbox)
    box.outbox.add([message(2, to=LI)])
    box.clock.advance(REPEATS[0])
    assert way.sent == ["1 hello", "2 hello"]
    way.answer_late(box.outbox)
    way.answer(box.outbox)
    assert sorted(box.results) == [(1, True), (2, True)]
    assert way.sent == ["1 hello", "2 hello"]


@pytest.mark.parametrize("verdict", [TAKEN, LATER, NEVER])
def test_a_late_answer_counts_when_it_is_on_its_way_again(box: Box, verdict: Verdict) -> None:
    """The message was taken, whatever is said to the second of them."""
    way = box.way()
    box.outbox.add([message(1)])
    way.silent(box.outbox)
    box.clock.advance(REPEATS[0])
    way.answer_late(box.outbox)
    way.answer(box.outbox, verdict)
    assert box.results == [(1, True)]
    box.clock.advance(REPEATS[1] * 2)
    assert way.sent == ["1 hello"] * 2


def test_a_late_answer_to_one_part_spares_that_part(box: Box) -> None:
    """While others are on their way, and when they wait to be sent again."""
    way = box.way()
    box.outbox.add([message(1, "one two three")])
    way.silent(box.outbox)  # one
    way.answer_late(box.outbox)
    way.silent(box.outbox)  # two
    way.silent(box.outbox)  # three
    way.answer_late(box.outbox)  # two
    assert box.settled == []
    box.clock.advance(REPEATS[0])
    assert way.sent[3:] == ["1 three"]
    way.answer(box.outbox)
    assert box.results == [(1, True)]


@pytest.mark.parametrize(("verdict", "ended"), [(NEVER, [(1, False)]), (LATER, []), (SLOWER, [])])
def test_a_late_refusal(box: Box, verdict: Verdict, ended: list[tuple[int, bool]]) -> None:
    """For good, or it waits for its time as before."""
    way = box.way()
    box.outbox.add([message(1)])
    way.silent(box.outbox)
    way.answer_late(box.outbox, verdict)
    assert box.results == ended
    box.clock.advance(REPEATS[0])
    assert len(way.sent) == 1 + (not ended)


def test_a_second_late_answer_changes_nothing(box: Box) -> None:
    """Nor one that comes after all was given up."""
    way = box.way()
    box.outbox.add([message(1)])
    way.silent(box.outbox)
    way.overdue *= 2
    way.answer_late(box.outbox)
    way.answer_late(box.outbox)
    assert box.results == [(1, True)]


def test_a_link_that_is_lost_again_and_again_repeats_seldom(box: Box) -> None:
    """Once at once; then it may have been taken twice already."""
    box.outbox.add([message(1)])
    for _ in range(2):
        way = box.way()
        assert way.sent == ["1 hello"]
        way.lost(box.outbox)
    way = box.way()
    assert way.sent == []
    box.clock.advance(REPEATS[1])
    assert way.sent == ["1 hello"]


def test_a_screen_that_was_not_answered_is_not_shown_twice(box: Box) -> None:
    """When nobody looks any more, it is told by SMS; a late answer makes that needless."""
    way = box.way()
    for number, late in ((1, False), (2, True)):
        until = int((box.wall() + 10) * 1000)
        screen = Screen(Act.ON, "1383:0002", until, "smsc-a", "0.1.10086")
        box.outbox.add([message(number, "screen")._replace(screen=screen, instead="told")])
        way.silent(box.outbox)
        if late:
            way.answer_late(box.outbox, place=-1)
        box.clock.advance(10.0)
        if not late:
            way.answer(box.outbox)
    assert way.sent == ["1 screen", "1 told", "2 screen"]


# -- lost links ----------------------------------------------------------------------------------


def test_what_was_in_flight_on_a_lost_link_is_sent_first_on_the_next(box: Box) -> None:
    """Nobody knows whether it was taken: at least once."""
    way = box.way()
    box.outbox.add([message(1, "one two"), message(2, to=LI)])
    way.answer(box.outbox)
    way.lost(box.outbox)
    box.outbox.add([message(3, to="1.1.13800138003")])
    again = box.way()
    assert sorted(again.sent[:2]) == ["1 two", "2 hello"]
    assert again.sent[2:] == ["3 hello"]
    for _ in range(3):
        again.answer(box.outbox)
    assert sorted(box.results) == [(1, True), (2, True), (3, True)]


def test_a_message_half_sent_goes_on_where_it_was(box: Box) -> None:
    """The first part was taken, the second had not left yet."""
    way = box.way(window=1)
    box.outbox.add([message(1, "one two")])
    part = way.in_flight.pop()
    box.outbox.answered(way, part, TAKEN, "id")
    way.lost(box.outbox)
    assert box.way().sent == ["1 two"]


def test_another_bind_of_the_link_takes_over_at_once(box: Box) -> None:
    """It is the same SMSC."""
    first, second = box.way(), box.way()
    box.outbox.add([message(1)])
    assert (first.sent, second.sent) == (["1 hello"], [])
    first.lost(box.outbox)
    assert second.sent == ["1 hello"]


def test_another_link_takes_over_after_a_while(box: Box) -> None:
    """Not at once: most links come back, and a subscriber's answers should leave the same way."""
    down, up = box.way("smsc-a"), box.way("smsc-b")
    box.outbox.add([message(1)])
    down.lost(box.outbox)
    box.clock.advance(FAILOVER - 0.01)
    box.outbox.add([message(2, to=LI)])
    assert up.sent == []
    box.clock.advance(0.01)
    assert up.sent == ["1 hello", "2 hello"]
    box.outbox.add([message(3, to="1.1.13800138003")])
    assert up.sent[2:] == ["3 hello"]


def test_a_link_that_comes_back_in_time_keeps_its_messages(box: Box) -> None:
    """The other sends none of them twice."""
    down, up = box.way("smsc-a"), box.way("smsc-b")
    down.lost(box.outbox)
    box.outbox.add([message(1)])
    back = box.way("smsc-a")
    box.clock.advance(FAILOVER * 2)
    assert (back.sent, up.sent) == (["1 hello"], [])


def test_messages_of_a_link_that_is_no_longer_there_leave_by_another(box: Box) -> None:
    """It was taken out of the configuration while they waited."""
    box.outbox.add([message(1, link="gone")])
    way = box.way("smsc-b")
    assert way.sent == []
    box.clock.advance(FAILOVER)
    assert way.sent == ["1 hello"]


def test_what_another_link_took_is_settled_with_that_link(box: Box) -> None:
    """Receipts come by the link that took it, and name its ids."""
    down, up = box.way("smsc-a"), box.way("smsc-b")
    down.lost(box.outbox)
    box.outbox.add([message(1)._replace(receipt=True)])
    box.clock.advance(FAILOVER)
    up.answer(box.outbox)
    assert [(s.link, s.message_ids) for s in box.settled] == [("smsc-b", ("id of 1 hello",))]


# -- the store has more than we hold -------------------------------------------------------------


def test_at_the_start_what_waited_in_the_store_is_read(box: Box) -> None:
    """Before anything new is taken in hand: it is older."""
    box = Box()
    way = box.way()
    box.outbox.start()
    box.outbox.add([message(2)])
    assert way.sent == []
    box.outbox.loaded([message(1), message(2)], box.asked[0])
    assert way.sent == ["1 hello"]
    way.answer(box.outbox)
    assert way.sent == ["1 hello", "2 hello"]
    box.outbox.stop()


def test_only_so_much_is_held_and_the_rest_read_again(box: Box) -> None:
    """What does not fit stays in the store; half empty, the box is filled up."""
    box = Box(limit=4).open()
    box.outbox.add([message(n, to=f"1.1.1380013800{n}") for n in range(1, 7)])
    assert (box.outbox.waiting, box.outbox.behind) == (4, True)
    way = box.way()
    asked_before = len(box.asked)
    for _ in range(2):
        way.answer(box.outbox)
        box.outbox.kept(box.settled[-1])
    assert box.asked[asked_before:] == [4]
    box.outbox.loaded([message(n, to=f"1.1.1380013800{n}") for n in range(3, 7)], 4)
    assert way.sent == [f"{n} hello" for n in range(1, 7)]
    assert box.outbox.waiting == 4
    box.outbox.stop()


def test_while_it_is_behind_new_messages_stay_in_the_store(box: Box) -> None:
    """They would overtake older ones of the same subscriber."""
    box = Box(limit=2).open(message(1), message(2))
    way = box.way()
    box.outbox.add([message(3)])
    way.answer(box.outbox)
    box.outbox.kept(box.settled[-1])
    assert box.asked[1:] == [2]
    box.outbox.add([message(4)])
    box.outbox.loaded([message(2), message(3)], 2)
    for _ in range(2):
        way.answer(box.outbox)
        box.outbox.kept(box.settled[-1])
    box.outbox.loaded([message(4)], box.asked[-1])
    assert way.sent == ["1 hello", "2 hello", "3 hello", "4 hello"]
    assert not box.outbox.behind
    box.outbox.stop()


def test_a_message_in_hand_is_not_taken_twice(box: Box) -> None:
    """The store hands out all that waits, also what is on its way and what was taken just now."""
    way = box.way()
    box.outbox.add([message(1), message(2, to=LI)])
    way.answer(box.outbox)
    box.outbox.loaded([message(1), message(2, to=LI)], 50)
    assert way.sent == ["1 hello", "2 hello"]


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
    way = box.way()
    late = message(1)._replace(after_ms=int((NOON + 60) * 1000))
    box.outbox.add([late, message(2)])
    assert way.sent == ["2 hello"]
    assert box.outbox.waiting == 1
    box.clock.advance(60)
    box.outbox.look()
    box.outbox.loaded([late], box.asked[-1])
    way.answer(box.outbox)
    assert way.sent == ["2 hello", "1 hello"]


# -- the end -------------------------------------------------------------------------------------


def test_stopping_leaves_no_timer_behind() -> None:
    """Not of a rest, a delay, a failover, a store that was away."""
    box = Box().open()
    way, other = box.way("smsc-a"), box.way("smsc-b")
    box.outbox.add([message(n, to=f"1.1.1380013800{n}") for n in range(1, 4)])
    way.answer(box.outbox, LATER)
    way.answer(box.outbox)
    box.outbox.not_kept(box.settled[0])
    way.answer(box.outbox, SLOWER)
    other.lost(box.outbox)
    box.outbox.load_failed()
    assert len(box.clock.getDelayedCalls()) == 5
    box.outbox.stop()
    assert box.clock.getDelayedCalls() == []
