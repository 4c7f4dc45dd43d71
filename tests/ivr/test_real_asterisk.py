"""Calls on a real Asterisk: the operator's dialplan and account, callers on Local channels."""

from __future__ import annotations

import pytest
import pytest_twisted

from ivr.ami.account import AmiAccount
from ivr.call.call_events import CallAnswered, CallEnded, CallEndReason, CallStarted
from ivr.call.prompts import AnnouncementEnded, QuestionEnded
from ivr.call.questions import BargeIn, Question, TypedKeys
from ivr.call.transfer import AgentConnected, CallerReturned, TransferRequest
from tests.ivr.asterisk_gateway import Gateway, asked, prompts, started

pytestmark = pytest.mark.service


@pytest_twisted.ensureDeferred
async def test_a_caller_is_heard_and_answered(asterisk, gateway, person):
    """Started, answered, asked, told, hung up: a whole call."""
    channel = await person.calls("10086")
    call = await gateway.call(CallStarted)
    assert (call.caller.number, call.caller.dialled) == ("13800138001", "10086")
    call.say(prompts(asterisk, "beep"), gateway.now)
    await gateway.event(call, CallAnswered)
    assert await gateway.event(call, AnnouncementEnded) == AnnouncementEnded(interrupted=False)
    call.ask(
        Question(prompts(asterisk, "demo-congrats"), most=6, enders="#*", tail=0.5), gateway.now
    )
    await person.presses(channel, "739204#")
    assert await gateway.event(call, QuestionEnded) == QuestionEnded(TypedKeys("739204", "#"))
    call.hang_up(gateway.now)
    assert await gateway.event(call, CallEnded) == CallEnded(CallEndReason.HUNG_UP)


@pytest.mark.parametrize("names", [("no-such-sound",), ("beep", "no-such-sound")])
@pytest_twisted.ensureDeferred
async def test_a_missing_sound_costs_neither_the_call_nor_the_question(
    asterisk, gateway, person, names
):
    """The caller hears less, and can still answer in the usual time."""
    call, channel = await started(gateway, person)
    call.say(prompts(asterisk, *names), gateway.now)
    assert await gateway.event(call, AnnouncementEnded) == AnnouncementEnded(interrupted=False)
    call.say(prompts(asterisk, *names), gateway.now, BargeIn.NO_BUFFER)
    assert await gateway.event(call, AnnouncementEnded) == AnnouncementEnded(interrupted=False)
    began = gateway.now
    typed = await asked(gateway, call, Question(prompts(asterisk, *names), wait=0.8))
    assert typed.silent
    assert gateway.now - began > 0.7
    await person.hangs_up(channel)
    await gateway.event(call, CallEnded)


@pytest_twisted.ensureDeferred
async def test_a_long_announcement_needs_several_commands(asterisk, gateway, person):
    """More sounds than one line can carry."""
    call, channel = await started(gateway, person)
    call.say(prompts(asterisk, *["beep"] * 14), gateway.now)
    assert await gateway.event(call, AnnouncementEnded) == AnnouncementEnded(interrupted=False)
    await person.hangs_up(channel)
    await gateway.event(call, CallEnded)


@pytest_twisted.ensureDeferred
async def test_a_caller_goes_to_a_person_and_comes_back(asterisk, gateway, person):
    """The queue's member hangs up first; what was typed to him is not typed to us."""
    call, channel = await started(gateway, person)
    context = {"HALL_CALLER": "13800138001", "HALL_REASON": '余额 "不对", 请\\查'}
    call.transfer(TransferRequest("hall", context), gateway.now)
    await gateway.event(call, AgentConnected)
    await person.presses(channel, "99")
    assert await gateway.event(call, CallerReturned) == CallerReturned("CONTINUE")
    answered = await person.act("GetVar", Channel=call.caller.channel, Variable="HALL_REASON")
    assert answered.answer.get("Value") == context["HALL_REASON"]
    call.ask(Question(prompts(asterisk, "beep")), gateway.now)
    await person.presses(channel, "1")
    assert (await gateway.event(call, QuestionEnded)).typed == TypedKeys("1")
    await person.hangs_up(channel)
    await gateway.event(call, CallEnded)


@pytest_twisted.ensureDeferred
async def test_who_waits_has_a_place_and_leaves_it_by_a_key(asterisk, gateway, person):
    """While somebody's telephone rings and nobody answers; then by the end of his patience, too."""
    members = {"Queue": "hall", "Interface": "Local/agent@tests"}
    await person.act("QueuePause", **members, Paused="true")
    await person.act("QueueAdd", Queue="hall", Interface="Local/busy@tests")
    call, channel = await started(gateway, person)
    call.transfer(TransferRequest("hall", {"QUEUE_PRIO": "1"}), gateway.now)
    await person.seen.next(lambda m: m.event == "QueueCallerJoin")
    await person.pause(2)
    assert call.place is not None
    assert call.place.ahead == 0
    await person.presses(channel, "71")
    assert await gateway.event(call, CallerReturned) == CallerReturned("", "1")
    call.ask(Question(prompts(asterisk, "beep")), gateway.now)
    await person.presses(channel, "2")
    assert (await gateway.event(call, QuestionEnded)).typed == TypedKeys("2")
    call.transfer(TransferRequest("hall", wait=2), gateway.now)
    assert await gateway.event(call, CallerReturned) == CallerReturned("TIMEOUT")
    await person.act("QueueRemove", Queue="hall", Interface="Local/busy@tests")
    call.transfer(TransferRequest("hall"), gateway.now)
    assert await gateway.event(call, CallerReturned) == CallerReturned("JOINEMPTY")
    await person.act("QueuePause", **members, Paused="false")
    await person.hangs_up(channel)
    await gateway.event(call, CallEnded)


@pytest_twisted.ensureDeferred
async def test_who_talks_is_left_alone_by_the_next_gateway(reactor, asterisk, person):
    """It hears of him when he is back."""
    account = AmiAccount("hallgate", "secret")
    gateway = await Gateway(reactor, asterisk.ami_port, account, "t1").up()
    await person.act("QueuePause", Queue="hall", Interface="Local/agent@tests", Paused="true")
    await person.act("QueueAdd", Queue="hall", Interface="Local/talker@tests")
    call, channel = await started(gateway, person)
    call.transfer(TransferRequest("hall"), gateway.now)
    await gateway.event(call, AgentConnected)
    await gateway.dies()
    other = await Gateway(reactor, asterisk.ami_port, account, "t2").up()
    again = await other.call(CallStarted)
    assert again.away == ""
    assert await other.event(again, CallerReturned) == CallerReturned("CONTINUE")
    again.say(prompts(asterisk, "beep"), other.now)
    assert await other.event(again, AnnouncementEnded) == AnnouncementEnded(interrupted=False)
    await person.act("QueueRemove", Queue="hall", Interface="Local/talker@tests")
    await person.act("QueuePause", Queue="hall", Interface="Local/agent@tests", Paused="false")
    await person.hangs_up(channel)
    await other.event(again, CallEnded)
    await other.down()


@pytest_twisted.ensureDeferred
async def test_a_call_goes_on_in_the_dialplan(gateway, person):
    """Sent on, it is none of ours; sent back, it is a new call."""
    call, channel = await started(gateway, person)
    call.leave("hallgate", "1860", "1", gateway.now)
    assert await gateway.event(call, CallEnded) == CallEnded(CallEndReason.LEFT)
    again = await gateway.call(CallStarted)
    assert again.caller.uniqueid == call.caller.uniqueid
    assert again.caller.dialled == "1860"
    assert await gateway.event(again, CallAnswered) == CallAnswered()
    await person.hangs_up(channel)
    await gateway.event(again, CallEnded)


@pytest_twisted.ensureDeferred
async def test_calls_outlive_the_connection(asterisk, gateway, person):
    """Cut in the middle of ten questions: keys typed meanwhile count, all calls go on."""
    calls = [await started(gateway, person) for _ in range(10)]
    question = Question(prompts(asterisk, "demo-congrats"), most=4, enders="#")
    for call, channel in calls:
        call.ask(question, gateway.now)
        await person.presses(channel, "12")
    await gateway.cut()
    for _, channel in calls:
        await person.presses(channel, "34")
    for call, channel in calls:
        assert (await gateway.event(call, QuestionEnded)).typed == TypedKeys("1234")
        await person.hangs_up(channel)
        assert await gateway.event(call, CallEnded) == CallEnded(CallEndReason.HUNG_UP)


@pytest_twisted.ensureDeferred
async def test_a_call_that_ended_meanwhile_is_told(asterisk, gateway, person):
    """Nobody saw it end; it is missed when we look."""
    call, channel = await started(gateway, person)
    await gateway.line.stop()
    await person.hangs_up(channel)
    await person.seen.next(
        lambda m: m.event == "Hangup" and m.get("Uniqueid") == call.caller.uniqueid
    )
    gateway.again()
    await gateway.up()
    assert await gateway.event(call, CallEnded) == CallEnded(CallEndReason.LOST)


@pytest_twisted.ensureDeferred
async def test_calls_outlive_the_gateway(reactor, asterisk, person):
    """Killed and started again: it finds its ten calls, the waiting and the talking."""
    account = AmiAccount("hallgate", "secret")
    first = await Gateway(reactor, asterisk.ami_port, account, "first").up()
    calls = [await started(first, person) for _ in range(10)]
    for call, _ in calls[:5]:
        call.ask(Question(prompts(asterisk, "demo-congrats")), first.now)
    await person.pause(0.3)  # so that their prompts play
    await first.dies()
    second = await Gateway(reactor, asterisk.ami_port, account, "second").up()
    for _ in calls:
        call = await second.call(CallStarted)
        assert call.caller.number == "13800138001"
        assert call.caller.dialled == "10086"
        await second.event(call, CallAnswered)
        (channel,) = [c for old, c in calls if old.caller.uniqueid == call.caller.uniqueid]
        call.ask(Question(prompts(asterisk, "demo-congrats")), second.now)
        await person.presses(channel, "5")
        assert (await second.event(call, QuestionEnded)).typed == TypedKeys("5")
        call.hang_up(second.now)
        assert await second.event(call, CallEnded) == CallEnded(CallEndReason.HUNG_UP)
    await second.down()


@pytest_twisted.ensureDeferred
async def test_hanging_up_at_any_moment_leaves_nothing(asterisk, gateway, person):
    """While it rings, plays, reads; twenty calls, each a little later than the one before."""
    for number in range(20):
        channel = await person.calls("10086")
        call = await gateway.call(CallStarted)
        call.ask(Question(prompts(asterisk, "demo-congrats")), gateway.now)
        await person.pause(number * 0.02)
        await person.hangs_up(channel)
        await gateway.end(call)


@pytest_twisted.ensureDeferred
async def test_a_wrong_secret_alarms(reactor, asterisk):
    """It is not tried again and again."""
    gateway = Gateway(reactor, asterisk.ami_port, AmiAccount("hallgate", "wrong"))
    gateway.line.start()
    change = await gateway.changes.next(lambda change: change.alarm)
    assert "Authentication failed" in change.reason
    await gateway.down()


@pytest_twisted.ensureDeferred
async def test_the_operators_account_hears_little(asterisk, gateway, person):
    """Of 60 events that a call makes, those that we need alone reach us."""
    call, channel = await started(gateway, person)
    await person.hangs_up(channel)
    await gateway.event(call, CallEnded)
    assert gateway.heard <= {
        "AsyncAGIStart",
        "AsyncAGIExec",
        "AsyncAGIEnd",
        "Hangup",
        "AgentConnect",
        "OriginateResponse",  # of calls back; here of the tester's own
    }


@pytest_twisted.ensureDeferred
async def test_the_operators_account_may_do_little(gateway):
    """No commands, no configuration."""
    for action in ("Command", "GetConfig", "UpdateConfig", "DBPut", "Setvar"):
        assert not (await gateway.act(action)).ok
    # each is told, for somebody who set the account up wrongly
    assert any("denied" in fault for fault in gateway.faults)
    gateway.faults.clear()
