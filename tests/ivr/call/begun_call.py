"""A call that has begun, and what is usually asked."""

from __future__ import annotations

import pytest

from ivr.call.call_events import CallAnswered, CallStarted
from ivr.call.questions import Question
from tests.ivr.simulated_asterisk import SimulatedAsterisk

MENU = Question(("menu",))
PASSWORD = Question(("password",), most=6, enders="#*", tail=1.0)
decides = pytest.mark.parametrize("pair", [frozenset()], indirect=True, ids=["decides"])
"""Only on an Asterisk that decides itself what to read."""


def begun(pair: SimulatedAsterisk):
    call, channel = pair.call()
    pair.wait(0.1)
    assert pair.told(call) == [CallStarted(resumed=False), CallAnswered()]
    return call, channel
