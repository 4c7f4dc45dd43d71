"""Messages that a peer may send again, told from those of a subscriber who asks twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.model.address import Address
from gateway.model.message_id import MessageIds
from gateway.model.messages import ShortMessage
from gateway.model.redelivery import Before, Unproven, Unread

NOON = 1_795_233_600.0
ZHANG, LI = "13800138001", "13800138002"


class Peer:
    """Messages that come at the moments a test wants, and are lost or sent again."""

    def __init__(self, horizon: int = 3600) -> None:
        self.now = NOON
        self.unproven = Unproven(horizon)
        self.undo: list[Before] = []
        self._ids = MessageIds(0, lambda: self.now)

    def id(self) -> int:
        return self._ids.next()

    def lost(
        self, text: str, phone: str = ZHANG, repeats: int = 0, *, in_order: bool = True
    ) -> Unread:
        """A message whose answer the peer has perhaps not read."""
        id = self.id()
        return Unread(id, phone, text.encode(), repeats or id, in_order)

    def ended(self, *lost: Unread) -> None:
        """The bind that they came by is gone."""
        self.unproven.add(lost, self.now)

    def sends(self, text: str, phone: str = ZHANG) -> int | None:
        """A message comes; which one it repeats."""
        arrived = ShortMessage(
            self.id(),
            1,
            "smsc-a",
            text.encode(),
            phone,
            Address(1, 1, phone),
            Address(0, 0, "10086"),
            text,
        )
        repeated = self.unproven.take(arrived, self.undo)
        return repeated.message if repeated else None


def test_what_was_not_proven_may_come_again_once() -> None:
    """The third is the subscriber's own doing."""
    peer = Peer()
    first = peer.lost("YE")
    peer.ended(first)
    assert peer.sends("YE") == first.message
    assert peer.sends("YE") is None


def test_the_same_words_of_somebody_else_are_new() -> None:
    """Fingerprints hold the sender, and subscribers are kept apart besides."""
    peer = Peer()
    first = peer.lost("YE", ZHANG)
    peer.ended(first)
    assert peer.sends("YE", LI) is None
    assert peer.sends("YE", ZHANG) == first.message


def test_equal_messages_come_again_in_their_order() -> None:
    """Who had asked twice before the link was lost: two come again, the older first."""
    peer = Peer()
    first, second = peer.lost("YE"), peer.lost("YE")
    peer.ended(first, second)
    assert [peer.sends("YE") for _ in range(3)] == [first.message, second.message, None]


def test_a_repeated_message_stands_for_the_first() -> None:
    """Lost a second time, it is still the answer to the first that is said."""
    peer = Peer()
    first = peer.lost("YE")
    peer.ended(first)
    again = peer.sends("YE")
    assert again == first.message
    peer.ended(peer.lost("YE", repeats=again))
    assert peer.sends("YE") == first.message


def test_who_writes_something_new_was_answered_before() -> None:
    """A peer keeps a subscriber's order: what it does not repeat now, it has had answered."""
    peer = Peer()
    peer.ended(peer.lost("YE"))
    assert peer.sends("CXTC") is None
    assert peer.sends("YE") is None


def test_who_repeats_something_was_answered_up_to_there() -> None:
    """What was lost after it may still come."""
    peer = Peer()
    first, second, third = peer.lost("YE"), peer.lost("CXTC"), peer.lost("CXYL")
    peer.ended(first, second, third)
    assert peer.sends("CXTC") == second.message
    assert peer.sends("YE") is None
    peer.ended(first, second, third)
    assert [peer.sends(text) for text in ("YE", "CXTC", "CXYL")] == [
        first.message,
        second.message,
        third.message,
    ]


def test_after_the_horizon_it_is_a_new_message() -> None:
    """No peer holds a message for ever; a subscriber asks again tomorrow."""
    peer = Peer()
    mine, theirs = peer.lost("YE", ZHANG), peer.lost("YE", LI)
    peer.ended(mine, theirs)
    peer.now += 3599
    assert peer.sends("YE", ZHANG) == mine.message
    peer.now += 2
    assert peer.sends("YE", LI) is None


def test_what_is_too_old_hides_nothing_younger() -> None:
    """The same words, asked again before the link was lost."""
    peer = Peer()
    old = peer.lost("YE")
    peer.now += 3000
    young = peer.lost("YE")
    peer.ended(old, young)
    peer.now += 1000
    assert peer.sends("YE") == young.message


def test_binds_that_end_in_any_order_are_told_in_the_order_of_their_messages() -> None:
    """After a start all of them are told together."""
    peer = Peer()
    first, second = peer.lost("YE"), peer.lost("YE")
    peer.ended(second, first)
    assert [peer.sends("YE") for _ in range(2)] == [first.message, second.message]


def test_what_came_to_nothing_is_put_back() -> None:
    """The batch failed: its messages will come again, and each is as new or as old as it was."""
    peer = Peer()
    first, second, other = peer.lost("YE"), peer.lost("YE"), peer.lost("Y", LI)
    peer.ended(first, second, other)
    for text, phone in (("YE", ZHANG), ("YE", ZHANG), ("N", LI)):
        peer.sends(text, phone)
    peer.unproven.put_back(peer.undo)
    assert [peer.sends("YE") for _ in range(3)] == [first.message, second.message, None]
    assert peer.sends("Y", LI) == other.message


def test_a_peer_that_does_not_wait_may_repeat_in_any_order() -> None:
    """It had several of a subscriber's messages under way, and goes on with new ones first."""
    peer = Peer()
    lost = [peer.lost(text, in_order=False) for text in ("KTEDU40", "是", "YE")]
    peer.ended(*lost)
    assert peer.sends("CXTC") is None
    assert peer.sends("YE") == lost[2].message
    assert peer.sends("KTEDU40") == lost[0].message
    assert peer.sends("是") == lost[1].message
    assert peer.sends("是") is None


def test_memory_is_given_back() -> None:
    """By what comes, and when another bind ends after the horizon."""
    peer = Peer(horizon=60)
    peer.ended(*(peer.lost("YE", str(13_900_000_000 + n)) for n in range(100)))
    assert len(peer.unproven) == 100
    peer.now += 61
    peer.ended(peer.lost("YE"))
    assert len(peer.unproven) == 1
    peer.sends("YE")
    assert len(peer.unproven) == 0


texts = st.lists(st.sampled_from(["YE", "Y", "是"]), max_size=8)


@given(texts, st.integers(0, 8), st.integers(0, 8), st.lists(st.integers(0, 8), max_size=5))
def test_a_peer_that_keeps_the_order_is_always_understood(
    texts: list[str], read: int, again: int, failing: list[int]
) -> None:
    """It read some answers of an unproven bind and sends the rest again, some to no avail: each of
    these is recognised as itself or as an equal one before it, and what follows as new."""
    peer = Peer()
    lost = [peer.lost(text) for text in texts]
    peer.ended(*lost)
    rest = lost[read:][: again + 1]
    recognised = []
    for place, message in enumerate(rest):
        peer.undo.clear()
        repeats = peer.sends(message.fingerprint.decode())
        if place in failing:
            peer.unproven.put_back(peer.undo)
            repeats = peer.sends(message.fingerprint.decode())
        recognised.append(repeats)
    assert None not in recognised
    words = {one.message: one.fingerprint for one in lost}
    assert [words[id] for id in recognised if id] == [one.fingerprint for one in rest]
    assert recognised == sorted(set(recognised), key=str)
    assert peer.sends("CXYL") is None
    assert peer.sends("YE") is None
