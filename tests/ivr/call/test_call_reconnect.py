"""Calls that outlive a connection, or a gateway."""

from __future__ import annotations

import pytest

from ivr.call.call_events import CallEnded, CallEndReason, CallStarted
from ivr.call.prompts import QuestionEnded
from ivr.call.questions import Question, TypedKeys
from ivr.call.transfer import AgentConnected, CallerReturned, TransferRequest
from tests.ivr.call.begun_call import MENU, begun


def test_a_cut_in_the_middle_of_a_question(pair):
    """What was typed before the cut and during it answers it."""
    call, channel = begun(pair)
    call.ask(Question(("n",), most=4), pair.now)
    pair.wait(0.5)
    pair.press(channel, "12")
    pair.cut()
    pair.press(channel, "34")
    pair.wait(3)
    assert pair.told(call) == []
    pair.connect()
    pair.wait(0.2)
    assert pair.told(call) == [QuestionEnded(TypedKeys("1234"))]


def test_a_cut_in_the_middle_of_a_prompt(pair):
    """It is said again from its beginning."""
    call, channel = begun(pair)
    call.ask(MENU, pair.now)
    pair.wait(1)
    pair.cut()
    pair.wait(0.5)
    pair.connect()
    pair.wait(0.5)
    pair.press(channel, "1")
    pair.wait(0.1)
    assert pair.told(call) == [QuestionEnded(TypedKeys("1"))]


def test_a_question_asked_while_nobody_hears_us(pair):
    """It is asked as soon as somebody does."""
    call, channel = begun(pair)
    pair.cut()
    call.ask(MENU, pair.now)
    pair.wait(1)
    pair.connect()
    pair.wait(0.5)
    pair.press(channel, "1")
    assert pair.told(call) == [QuestionEnded(TypedKeys("1"))]


def test_hanging_up_while_nobody_hears_us(pair):
    """It is done later, and waited for."""
    call, channel = begun(pair)
    pair.cut()
    call.hang_up(pair.now)
    pair.wait(60, step=0.5)
    assert not channel.ended
    pair.connect()
    pair.wait(0.1)
    assert channel.ended
    assert pair.told(call) == [CallEnded(CallEndReason.HUNG_UP)]


def test_a_call_that_ended_meanwhile(pair):
    """Its end was told to nobody; it is missed."""
    call, channel = begun(pair)
    pair.cut()
    channel.hang_up()
    pair.connect()
    assert pair.told(call) == [CallEnded(CallEndReason.LOST)]


def test_a_transfer_outlives_a_cut(pair):
    """The talk is not disturbed, and its end is learnt."""
    call, _ = begun(pair)
    call.transfer(TransferRequest("hall"), pair.now)
    pair.wait(1)
    pair.cut()
    pair.connect()
    pair.wait(3)
    assert pair.told(call) == [AgentConnected(), CallerReturned("CONTINUE")]


@pytest.mark.parametrize("talking", [True, False])
@pytest.mark.parametrize("pause", [0.0, 0.03, 0.2])
def test_another_gateway_takes_the_calls_over(pair, talking, pause):
    """The first one was killed; what was typed for it is not typed for the second, however soon
    that one asks."""
    call, channel = begun(pair)
    if talking:
        call.ask(MENU, pair.now)
        pair.wait(0.5)
    pair.die()
    pair.heard.clear()
    pair.press(channel, "9")
    pair.connect()
    pair.wait(pause)
    (told, *_) = pair.heard
    assert told.event == CallStarted(resumed=True)
    assert told.call.caller.number == "13800138001"
    told.call.ask(MENU, pair.now)
    pair.wait(0.5)
    assert not any(isinstance(each.event, QuestionEnded) for each in pair.heard)
    pair.press(channel, "1")
    assert pair.heard[-1].event == QuestionEnded(TypedKeys("1"))


def test_without_a_list_calls_go_on_all_the_same(pair):
    """An account that may not ask for channels."""
    call, channel = begun(pair)
    other, gone = begun(pair)
    call.ask(MENU, pair.now)
    other.ask(MENU, pair.now)
    pair.cut()
    gone.hang_up()
    pair.pbx.faults.secretive = True
    pair.connect()
    pair.wait(0.2)
    pair.press(channel, "1")
    assert pair.told(call) == [QuestionEnded(TypedKeys("1"))]
    assert pair.told(other) == [CallEnded(CallEndReason.HUNG_UP)]
