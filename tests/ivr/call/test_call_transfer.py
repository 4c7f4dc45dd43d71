"""Calls that go to a person, or on in the dialplan."""

from __future__ import annotations

import pytest

from ivr.ami.messages import Unsendable
from ivr.call.call_events import CallEnded, CallEndReason, CallStarted
from ivr.call.queue_status import QueuePosition
from ivr.call.transfer import AgentConnected, CallerReturned, TransferRequest
from tests.ivr.call.begun_call import MENU, PASSWORD, begun


def test_to_a_person_and_back(pair):
    """With context; what was typed before and meanwhile is in no variable that he sees."""
    call, channel = begun(pair)
    call.ask(PASSWORD, pair.now)
    pair.wait(0.1)
    pair.press(channel, "739204#")
    pair.wait(0.1)
    assert len(pair.told(call)) == 1
    call.transfer(TransferRequest("hall", {"HALL_LEVEL": "A2"}), pair.now)
    pair.wait(1)
    assert channel.variables["HALL_LEVEL"] == "A2"
    assert not any("739204" in value for value in channel.variables.values())
    pair.press(channel, "55")
    pair.wait(2)
    assert pair.told(call) == [AgentConnected(), CallerReturned("CONTINUE")]
    assert channel.variables["TIMEOUT(absolute)"] == "900"
    call.ask(MENU, pair.now)
    pair.wait(1)
    assert pair.told(call) == []


def test_nobody_is_there(pairs):
    """An empty queue returns the caller at once."""
    pair = pairs(sounds=lambda sound: None if sound.startswith("queue/") else 1.0)
    call, _ = begun(pair)
    call.transfer(TransferRequest("hall"), pair.now)
    pair.wait(0.1)
    assert pair.told(call) == [CallerReturned("JOINEMPTY")]


def test_sent_on_in_the_dialplan(pair):
    """It comes back as a new call."""
    call, _ = begun(pair)
    call.ask(MENU, pair.now)
    pair.wait(0.1)
    call.leave("hallgate", "1860", "1", pair.now)
    pair.wait(0.2)
    assert pair.told(call) == [CallEnded(CallEndReason.LEFT)]
    (again,) = {told.call for told in pair.heard}
    assert again.caller.dialled == "1860"


@pytest.mark.parametrize("told", [True, False])
def test_what_comes_again_begins_when_what_was_before_is_over(pair, told):
    """Also if nobody was told that it went: both have one id, and who keeps a place under it must
    not throw the new one away."""
    call, channel = begun(pair)
    if told:
        call.leave("hallgate", "1860", "1", pair.now)
    else:
        pair.pbx.left(channel)
    pair.wait(0.2)
    order = [(each.call is call, type(each.event)) for each in pair.heard]
    for channel in list(pair.pbx.channels.values()):
        channel.hang_up()
    assert order[:2] == [(True, CallEnded), (False, CallStarted)]


@pytest.mark.parametrize("name", ["A\r\nB", "A" * 2000])
def test_context_that_cannot_be_sent_is_refused_first(pair, name):
    """The call goes on as if nothing had been asked."""
    call, _ = begun(pair)
    with pytest.raises(Unsendable):
        call.transfer(TransferRequest("hall", {"X": name}), pair.now)
    assert call.free


def test_a_talk_outlives_the_gateway(pair):
    """The next one leaves the caller with his person, and goes on with him afterwards."""
    call, channel = begun(pair)
    call.transfer(TransferRequest("hall"), pair.now)
    pair.wait(0.5)
    keys = channel.variables.get("HALL_KEYS", "")
    pair.die()
    pair.connect()
    pair.wait(0.5)
    (told,) = {told.call for told in pair.heard if told.call is not call}
    assert pair.told(told) == [CallStarted(resumed=True, talking=True)]
    assert channel.variables.get("HALL_KEYS", "") == keys, "a tone was heard by who talks"
    pair.wait(3)
    assert pair.told(told) == [CallerReturned("CONTINUE")]
    assert told.free
    assert channel.variables["TIMEOUT(absolute)"] == "900"


def test_a_talk_that_ended_without_a_gateway_is_told_by_the_next(pair):
    """The caller waits in AsyncAGI; how the queue ended stands in the channel."""
    call, _ = begun(pair)
    call.transfer(TransferRequest("hall"), pair.now)
    pair.wait(0.5)
    pair.die()
    pair.wait(5)
    pair.connect()
    pair.wait(0.5)
    (told,) = {told.call for told in pair.heard if told.call is not call}
    assert pair.told(told) == [CallStarted(resumed=True, talking=True), CallerReturned("CONTINUE")]


def waits(pair, call, **transfer):
    """He is put through while everybody talks to others."""
    pair.pbx.queue.people, pair.pbx.queue.talk = 1, 100
    others, _ = pair.call()
    pair.wait(0.1)
    others.transfer(TransferRequest("hall"), pair.now)
    pair.wait(0.5)
    call.transfer(TransferRequest("hall", **transfer), pair.now)
    pair.wait(0.5)


def test_who_waits_has_a_place(pair):
    """It is asked for now and then, while somebody waits; how long it takes follows from talks."""
    call, _ = begun(pair)
    waits(pair, call, wait=15)
    pair.wait(6)
    assert call.place == QueuePosition(0, 100)
    pair.wait(10)
    assert pair.told(call) == [CallerReturned("TIMEOUT")]
    assert call.place == QueuePosition(0, 100)
    assert call.away == ""


def test_a_key_leads_out_of_the_queue(pair):
    """It is told, and the call is still one to 10086."""
    call, channel = begun(pair)
    waits(pair, call)
    pair.press(channel, "7")
    assert pair.told(call) == []
    pair.press(channel, "1")
    pair.wait(0.1)
    assert pair.told(call) == [CallerReturned("", "1")]
    assert channel.dialled == "10086"
    call.ask(MENU, pair.now)
    pair.wait(0.5)
    assert pair.told(call) == []


def test_nobody_waits_where_nobody_is(pair):
    """At once, and when the last one goes."""
    call, _ = begun(pair)
    pair.pbx.queue.people = 0
    call.transfer(TransferRequest("hall"), pair.now)
    pair.wait(0.1)
    assert pair.told(call) == [CallerReturned("JOINEMPTY")]
    waits(pair, call)
    pair.pbx.queue.people = 0
    pair.wait(0.2)
    assert pair.told(call) == [CallerReturned("LEAVEEMPTY")]
