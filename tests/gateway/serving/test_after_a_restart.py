"""What may come again after a gateway has begun anew, though no bind was lost before it was read:
the SMSC was asked to bring it later, or had sent it twice before it read a late answer."""

from __future__ import annotations

import pytest

from gateway.model.messages import LateAnswer, PeerHasRead
from gateway.model.redelivery import LATE, LATE_FOR
from gateway.store.store import Store
from tests.gateway.hall import Office


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def left_in_order(office: Office, upto: int) -> None:
    """The SMSC has read all our answers; the link ends, and the gateway."""
    office.lose(upto)
    office.crash()


def test_what_was_kept_and_refused_is_known_when_it_comes_again(office: Office) -> None:
    """The store had kept it, and said that it had not."""
    message = office.arrived("YE")
    office.answers(message)
    office.counter._doubtful.append(message)
    office.hears("CXTC", "13900000002")
    left_in_order(office, office.bag.id())
    office.answers(office.again(message))
    assert office.journal()[-1] == ("again", "repeated")


def test_what_was_answered_late_is_known_when_it_comes_again(office: Office) -> None:
    message = office.arrived("YE")
    office.bag.now += LATE + 1
    office.answers(message)
    late = LateAnswer(message.id, int(office.bag.now * 1000))
    office.serve(PeerHasRead(office.bind, message.id, (late,)))
    left_in_order(office, message.id)
    office.answers(office.again(message))
    assert office.journal()[-1] == ("again", "repeated")


def test_a_minute_after_a_late_answer_the_same_words_are_new(office: Office) -> None:
    message = office.arrived("YE")
    office.bag.now += LATE + 1
    office.answers(message)
    office.bag.now += LATE_FOR
    left_in_order(office, message.id)
    office.answers(office.again(message))
    assert office.journal()[-1] == ("q.balance", "ok")
