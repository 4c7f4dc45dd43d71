"""How what was refused is offered again."""

from __future__ import annotations

from simulators.load.measurement import SentMo
from simulators.load.retries import PROBE, RefusedMessages


def filled(count: int) -> RefusedMessages:
    """All refused at 10.0, probed every second."""
    refused = RefusedMessages(1.0)
    for number in range(count):
        refused.add(SentMo(number, 9.0), 10.0)
    return refused


def takes(refused: RefusedMessages, now: float) -> list[int]:
    taken = []
    while (mo := refused.take(now)) is not None:
        taken.append(mo.subscriber)
    return taken


def test_nothing_is_tried_again_at_once():
    """The ESME has just said that it is full."""
    refused = filled(3)

    assert refused.wait(10.25) == 0.75
    assert takes(refused, 10.99) == []


def test_each_place_that_becomes_free_is_offered():
    """In the order of the refusals."""
    refused = filled(3)

    refused.place_freed()
    refused.place_freed()

    assert refused.wait(10.25) == 0.0
    assert takes(refused, 10.25) == [0, 1]
    assert refused.wait(10.25) == 0.75


def test_a_few_probe_an_esme_that_takes_nothing():
    """Now and then, and not more for the time that has passed."""
    refused = filled(10 * PROBE)

    assert len(takes(refused, 15.0)) == PROBE
    assert takes(refused, 15.9) == []
    assert len(takes(refused, 16.0)) == PROBE


def test_who_is_turned_away_again_goes_to_the_end():
    """The others have waited longer."""
    refused = filled(2)
    refused.place_freed()
    assert takes(refused, 10.5) == [0]

    refused.add(SentMo(0, 9.0), 10.6)

    assert takes(refused, 11.0) == [1, 0]
    assert refused.wait(11.0) is None


def test_places_that_were_free_before_the_first_refusal_are_no_longer():
    """The refusal is the newer news."""
    refused = RefusedMessages(1.0)
    refused.place_freed()

    refused.add(SentMo(0, 9.0), 10.0)

    assert takes(refused, 10.5) == []
