"""Calls between a gateway and a simulated exchange, for the tests of calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.ivr.pair import Pair


@pytest.fixture
def pairs() -> Iterator[Callable[..., Pair]]:
    """Makes pairs; when all is over, no call and no timer is left."""
    made: list[Pair] = []

    def make(**kwargs: Any) -> Pair:
        pair = Pair(**kwargs).connect()
        made.append(pair)
        return pair

    yield make
    for pair in made:
        for channel in list(pair.pbx.channels.values()):
            channel.hang_up()
        pair.wait(1)
        assert pair.switchboard.calls == 0
        pair.cut()
        pair.exchange.stop()
        assert pair.clock.getDelayedCalls() == []


@pytest.fixture(params=[frozenset(), frozenset({"exec"})], ids=["decides", "is-told"])
def pair(pairs: Callable[..., Pair], request: pytest.FixtureRequest) -> Pair:
    """With an Asterisk that decides itself what to read, and one that cannot."""
    return pairs(lacks=request.param)
