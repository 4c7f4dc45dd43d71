"""Messages that a peer delivers again, told from those of a subscriber who asks twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.message_id import floor_at
from gateway.model.messages import ShortMessage
from gateway.model.redelivery import (
    DECIDED_WITHIN,
    LATE,
    LATE_FOR,
    UNREAD_FOR,
    Earlier,
    Past,
    Repeats,
    Undecided,
    Verdict,
    verdict,
)
from tests.gateway.messages import Mailbag

HORIZON = 3600


class Peer:
    """One subscriber's messages, by binds of one SMSC that are lost when a test wants. Seconds
    since noon."""

    def __init__(self, *, in_order: bool = True) -> None:
        self._bag = Mailbag()
        self._past: list[Earlier] = []
        self._in_order = in_order
        self.binds = {name: self._begins() for name in "abc"}

    def _begins(self) -> int:
        bind = self._bag.id()
        self._bag.now += 0.01
        return bind

    def later(self, seconds: float) -> None:
        self._bag.now += seconds

    def arrived(self, text: str, by: str = "a") -> ShortMessage:
        self._bag.now += 0.01
        return self._bag.arrived(text, bind=self.binds[by])

    def heard(self, message: ShortMessage) -> Verdict:
        """Served now, and kept if that can be said."""
        past = Past(self._past, lambda: self._in_order, HORIZON)
        said = verdict(message, past, self._bag.now)
        if not isinstance(said, Undecided):
            same_as = said.message if said else 0
            one = Earlier(message.id, message.fingerprint, same_as, bind=message.bind)
            self._past.append(one)
        return said

    def sends(self, text: str, by: str = "a") -> Verdict:
        return self.heard(self.arrived(text, by))

    def first(self, text: str, by: str = "a") -> int:
        """Something new; its id."""
        message = self.arrived(text, by)
        assert self.heard(message) is None
        return message.id

    def _change(self, by: str, **values: object) -> None:
        bind = self.binds[by]
        self._past = [one._replace(**values) if one.bind == bind else one for one in self._past]  # type: ignore[arg-type]

    def proven(self, by: str = "a") -> None:
        """All that came by it so far."""
        self._change(by, proven_upto=self._bag.id())

    def ended(self, by: str = "a") -> None:
        """It comes back under the same name."""
        self._bag.now += 0.01
        self._change(by, ended_ms=int(self._bag.now * 1000))
        self._bag.now += 0.01
        self.binds[by] = self._begins()

    def late(self, id: int) -> None:
        at = int(self._bag.now * 1000)
        self._past = [one._replace(late_ms=at) if one.id == id else one for one in self._past]

    def refused(self, id: int) -> None:
        self._past = [one._replace(refused=True) if one.id == id else one for one in self._past]


# -- a bind has ended ----------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["a", "b"])
def test_what_was_not_proven_may_come_again_once(by: str) -> None:
    """By the bind that takes its place or by another; the third is the subscriber's own doing."""
    peer = Peer()
    first = peer.first("YE")
    peer.ended()
    assert peer.sends("YE", by) == Repeats(first)
    assert peer.sends("YE", by) is None


def test_what_was_proven_comes_not_again() -> None:
    """The subscriber asks twice, though the bind has ended."""
    peer = Peer()
    peer.first("1")
    peer.proven()
    peer.ended()
    assert peer.sends("1", "b") is None


def test_what_came_again_is_the_newer_though_its_gateways_clock_is_slow() -> None:
    """By tenths of a second. The third is the subscriber's own doing all the same."""
    peer = Peer()
    first = peer.first("YE")
    peer.ended()
    message = peer.arrived("YE", "b")
    slow = message._replace(id=message.id - floor_at(2e9) + floor_at(2e9 - 0.2))
    assert slow.id < first
    assert peer.heard(slow) == Repeats(first)
    peer.proven("b")
    assert peer.sends("YE", "c") is None


def test_equal_messages_come_again_in_their_order() -> None:
    """Who had asked twice before the bind was lost: two come again, the older first."""
    peer = Peer()
    first, second = peer.first("YE"), peer.first("YE")
    peer.ended()
    said = [peer.sends("YE", "b") for _ in range(3)]
    assert said == [Repeats(first, newest=second), Repeats(second), None]


def test_what_comes_again_comes_in_a_row() -> None:
    """Other words stood between the two: the peer has brought the second again, and would bring
    those first before it brought it once more. So who says it now says it on purpose."""
    peer = Peer()
    first, _, second = (peer.first(text) for text in ("YE", "CXTC", "YE"))
    peer.ended()
    assert peer.sends("YE", "b") == Repeats(first, newest=second)
    peer.later(2)
    assert peer.sends("YE", "b") is None


def test_in_a_row_the_same_words_come_again_as_often_as_before() -> None:
    """The peer had read none of the answers."""
    peer = Peer()
    first, other, second = (peer.first(text) for text in ("YE", "CXTC", "YE"))
    peer.ended()
    said = [peer.sends(text, "b") for text in ("YE", "CXTC", "YE", "YE")]
    assert said == [Repeats(first, newest=second), Repeats(other), Repeats(second), None]


def test_each_bind_has_a_row_of_its_own() -> None:
    """Two were lost, and of one of them an answer more was read."""
    peer = Peer()
    first, _, third = (peer.first(text, by) for text, by in (("A", "a"), ("B", "b"), ("C", "a")))
    peer.ended("a")
    peer.ended("b")
    assert [peer.sends(text, "c") for text in ("A", "C")] == [Repeats(first), Repeats(third)]


def test_a_repeated_message_stands_for_the_first() -> None:
    """Lost a second time, by another bind, it is still the answer to the first that is said."""
    peer = Peer()
    first = peer.first("YE")
    peer.ended()
    peer.sends("YE", "b")
    peer.ended("b")
    assert peer.sends("YE", "c") == Repeats(first)


def test_who_writes_something_new_was_answered_before() -> None:
    """A peer keeps a subscriber's order: what it does not repeat now, it has had answered."""
    peer = Peer()
    peer.first("YE")
    peer.ended()
    assert peer.sends("CXTC") is None
    assert peer.sends("YE") is None


def test_what_left_the_peer_before_the_end_proves_nothing() -> None:
    """It came by a bind that was up all the time, a moment after the other was lost."""
    peer = Peer()
    first = peer.first("YE")
    peer.ended()
    assert peer.sends("CXTC", "b") is None
    assert peer.sends("YE", "b") == Repeats(first)


def test_some_time_after_the_end_what_comes_by_any_bind_proves_it() -> None:
    """Then it left the peer when it knew of the end."""
    peer = Peer()
    peer.first("1")
    peer.ended()
    peer.later(2)
    assert peer.sends("2", "b") is None
    assert peer.sends("1", "b") is None


def test_who_repeats_something_was_answered_up_to_there() -> None:
    """What was lost after it may still come."""
    peer = Peer()
    _, second, third = (peer.first(text) for text in ("YE", "CXTC", "CXYL"))
    peer.ended()
    assert peer.sends("CXTC") == Repeats(second)
    assert peer.sends("YE") is None
    peer = Peer()
    _, second, third = (peer.first(text) for text in ("YE", "CXTC", "CXYL"))
    peer.ended()
    assert [peer.sends(text) for text in ("CXTC", "CXYL")] == [Repeats(second), Repeats(third)]


def test_after_the_horizon_it_is_a_new_message() -> None:
    """No peer holds a message for ever; a subscriber asks again tomorrow."""
    for seconds, again in ((HORIZON - 1, True), (HORIZON + 1, False)):
        peer = Peer()
        first = peer.first("YE")
        peer.ended()
        peer.later(seconds)
        assert peer.sends("YE") == (Repeats(first) if again else None)


def test_a_peer_that_does_not_wait_may_repeat_in_any_order() -> None:
    """It had several of a subscriber's messages under way, and goes on with new ones first."""
    peer = Peer(in_order=False)
    lost = {text: peer.first(text) for text in ("KTEDU40", "是", "YE")}
    peer.ended()
    assert peer.sends("CXTC") is None
    for text in ("YE", "KTEDU40", "是"):
        assert peer.sends(text) == Repeats(lost[text], in_order=False)
    assert peer.sends("是") is None


# -- a bind that is up ---------------------------------------------------------------------------


def test_on_one_bind_that_is_up_a_repeated_key_counts() -> None:
    """A numbered menu behind a numbered menu; the answer to the first need not be proven."""
    peer = Peer()
    assert [peer.sends("1") for _ in range(3)] == [None] * 3


def test_a_repeated_key_by_another_bind_counts_when_the_first_answer_was_read() -> None:
    """Nobody waits then."""
    peer = Peer()
    for by in "abcab":
        assert peer.sends("1", by) is None
        peer.proven(by)


def test_by_another_bind_it_waits_until_somebody_knows() -> None:
    """The answer was read: it is new. The bind has ended: it came again."""
    peer = Peer()
    peer.first("1")
    message = peer.arrived("1", "b")
    assert peer.heard(message) == Undecided()
    assert peer.heard(message) == Undecided()
    peer.proven()
    assert peer.heard(message) is None
    first = peer.first("2", "a")
    message = peer.arrived("2", "b")
    assert peer.heard(message) == Undecided()
    peer.ended()
    assert peer.heard(message) == Repeats(first)


def test_nobody_waits_for_ever() -> None:
    """The peer keeps it, and brings it later."""
    peer = Peer()
    peer.first("1")
    message = peer.arrived("1", "b")
    peer.later(DECIDED_WITHIN - 0.1)
    assert peer.heard(message) == Undecided()
    peer.later(0.2)
    assert peer.heard(message) == Undecided(refuse=True)


def test_other_words_wait_for_nothing() -> None:
    """Whatever is known of the first."""
    peer = Peer()
    peer.first("1")
    assert peer.sends("2", "b") is None


# -- answers that came late, and messages that the peer was refused ------------------------------


@pytest.mark.parametrize("by", ["a", "b"])
def test_what_was_answered_late_may_come_again_for_a_minute(by: str) -> None:
    """The peer's own time was over before, whether or not it read the answer then. Once."""
    peer = Peer()
    first = peer.first("1")
    peer.later(LATE)
    peer.late(first)
    peer.proven()
    assert peer.sends("1", by) == Repeats(first)
    peer.proven(by)
    assert peer.sends("1", by) is None


def test_what_was_answered_late_may_come_no_more_after_a_minute() -> None:
    """Then it is the subscriber who asks again."""
    peer = Peer()
    first = peer.first("1")
    peer.late(first)
    peer.proven()
    peer.later(LATE_FOR + 1)
    assert peer.sends("1", "b") is None


def test_by_the_same_bind_it_came_again_before_the_answer_or_never() -> None:
    """The peer reads in order: who presses the key a moment later means it."""
    peer = Peer()
    first = peer.first("1")
    peer.later(LATE)
    peer.late(first)
    peer.later(2)
    assert peer.sends("1") is None


def test_what_was_answered_when_the_peer_waited_no_more_comes_again_by_any_bind() -> None:
    """What it repeated meanwhile was refused, for we had stood still; it tries again later."""
    peer = Peer()
    first = peer.first("1")
    peer.later(UNREAD_FOR)
    peer.late(first)
    peer.later(8)
    assert peer.sends("1") == Repeats(first)


def test_from_a_peer_that_does_not_wait_the_same_words_soon_after_are_new() -> None:
    """Somebody sends many while we are slow; nobody's patience was over."""
    peer = Peer(in_order=False)
    first = peer.first("1")
    peer.later(LATE + 1)
    peer.late(first)
    assert peer.sends("1") is None


def test_what_comes_soon_is_no_repetition_of_a_late_answer() -> None:
    """No peer's time is over so soon."""
    peer = Peer()
    first = peer.first("1")
    peer.late(first)
    peer.proven()
    peer.later(LATE - 1)
    assert peer.sends("1", "b") is None


def test_who_wrote_something_else_after_a_late_answer_was_answered() -> None:
    """A peer that keeps the order has brought it again before, or never will."""
    peer = Peer()
    first = peer.first("1")
    peer.later(LATE)
    peer.late(first)
    peer.proven()
    peer.later(2)
    assert peer.sends("2", "b") is None
    peer.proven("b")
    assert peer.sends("1", "b") is None


def test_what_comes_by_the_same_bind_after_a_late_answer_was_read_tells_so_at_once() -> None:
    """The peer brings in order what it brings by one bind. By another it may have left before."""
    for by, known in (("a", None), ("b", True)):
        peer = Peer()
        first = peer.first("1")
        peer.later(UNREAD_FOR)
        peer.late(first)
        peer.proven()
        peer.later(0.2)
        assert peer.sends("2", by) is None
        peer.proven(by)
        assert peer.sends("1", "b") == (known and Repeats(first))


def test_what_was_refused_and_yet_kept_comes_again_by_any_bind() -> None:
    """The store had kept it, and could not say so."""
    for by in "ab":
        peer = Peer()
        first = peer.first("1")
        peer.refused(first)
        peer.proven()
        assert peer.sends("1", by) == Repeats(first, asked_for=True)
        assert peer.sends("1", by) is None


@pytest.mark.parametrize(
    ("in_order", "seconds", "again"),
    [(True, LATE, True), (True, LATE - 1, False), (False, LATE, False), (False, UNREAD_FOR, True)],
)
def test_by_its_own_bind_comes_again_what_we_have_not_answered(
    in_order: bool, seconds: float, again: bool
) -> None:
    """The store took its time, and the peer's was over. Who types fast is not meant."""
    peer = Peer(in_order=in_order)
    first = peer.first("1")
    peer.later(seconds)
    message = peer.arrived("1")._replace(like_is_unanswered=True)
    assert peer.heard(message) == (Repeats(first, in_order) if again else None)
    peer.later(seconds)
    assert peer.sends("1") is None


def test_what_waited_for_us_is_the_repetition_of_what_came_meanwhile() -> None:
    """Its gateway stood still, and the peer went to another."""
    peer = Peer()
    stale = peer.arrived("1", "a")
    peer.later(LATE + 1)
    again = peer.first("1", "b")
    peer.proven("b")
    assert peer.heard(stale) == Repeats(again)
    assert peer.sends("1", "b") is None


def test_who_was_served_at_once_was_overtaken_by_nobody() -> None:
    """The clocks of two machines differ by a moment, and somebody types fast."""
    peer = Peer()
    mine = peer.arrived("1", "a")
    peer.later(0.05)
    peer.first("1", "b")
    peer.proven("b")
    assert peer.heard(mine) is None


def test_two_of_the_same_words_at_once_are_two_where_the_peer_does_not_wait() -> None:
    """One gateway was busy for a second."""
    peer = Peer(in_order=False)
    mine = peer.arrived("1", "a")
    peer.later(1)
    peer.first("1", "b")
    peer.proven("b")
    assert peer.heard(mine) is None


# -- any texts -----------------------------------------------------------------------------------

texts = st.lists(st.sampled_from(["YE", "Y", "是"]), max_size=8)


@given(texts, st.integers(0, 8), st.integers(0, 8), st.sampled_from("ab"))
def test_a_peer_that_keeps_the_order_is_always_understood(
    texts: list[str], read: int, again: int, by: str
) -> None:
    """It read some answers of a lost bind and sends the rest again: each of these is recognised as
    itself or as an equal one before it, and what follows as new."""
    peer = Peer()
    lost = [(peer.first(text), text) for text in texts]
    peer.ended()
    peer.later(2)
    rest = lost[read:][: again + 1]
    recognised = [peer.sends(text, by) for _, text in rest]
    words = dict(lost)
    ids = [one.message for one in recognised if isinstance(one, Repeats)]
    assert [words[id] for id in ids] == [text for _, text in rest]
    assert ids == sorted(set(ids))
    assert peer.sends("CXYL", by) is None
    assert peer.sends("YE", by) is None
