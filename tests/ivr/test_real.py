"""Calls on a real Asterisk: the operator's dialplan and account, callers on Local channels."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import pytest_twisted
from twisted.internet.defer import maybeDeferred

from ivr.asking import Heard, Said
from ivr.call_events import Answered, End, Ended, Started
from ivr.keys import Barge, Question, Typed
from ivr.terms import Account
from ivr.transfer import Connected, Returned, Transfer
from tests.ivr.asterisk import SECRET, TESTER, Asterisk, running
from tests.ivr.exchange import Gateway, Person
from tests.ivr.sip import Telephones

pytestmark = pytest.mark.service


@pytest.fixture(scope="module")
def asterisk() -> Iterator[Asterisk]:
    with running() as asterisk:
        yield asterisk


@pytest.fixture
def reactor() -> Any:
    from twisted.internet import reactor as installed

    return installed


@pytest_twisted.async_yield_fixture
async def gateway(reactor, asterisk):
    gateway = await Gateway(reactor, asterisk.ami_port, Account("hallgate", "secret")).up()
    yield gateway
    await gateway.down()
    assert gateway.switchboard.calls == 0
    assert gateway.faults == []


@pytest_twisted.async_yield_fixture
async def person(reactor, asterisk):
    person = await Person(reactor, asterisk.ami_port, Account(TESTER, SECRET)).up()
    yield person
    await person.down()


@pytest_twisted.async_yield_fixture(scope="module")
async def phones(asterisk):
    from twisted.internet import reactor

    phones = Telephones(reactor, asterisk.sip_port, Random(1))
    yield phones
    phones.hang_up()
    await maybeDeferred(phones.stop)


def prompts(asterisk: Asterisk, *names: str) -> tuple[str, ...]:
    return tuple(str(asterisk.sounds / name) for name in names)


@pytest_twisted.ensureDeferred
async def test_a_caller_is_heard_and_answered(asterisk, gateway, person):
    """Started, answered, asked, told, hung up: a whole call."""
    channel = await person.calls("10086")
    call = await gateway.call(Started)
    assert (call.caller.number, call.caller.dialled) == ("13800138001", "10086")
    call.say(prompts(asterisk, "beep"), gateway.now)
    await gateway.event(call, Answered)
    assert await gateway.event(call, Said) == Said(interrupted=False)
    call.ask(
        Question(prompts(asterisk, "demo-congrats"), most=6, enders="#*", tail=0.5), gateway.now
    )
    await person.presses(channel, "739204#")
    assert await gateway.event(call, Heard) == Heard(Typed("739204", "#"))
    call.hang_up(gateway.now)
    assert await gateway.event(call, Ended) == Ended(End.HUNG_UP)


async def asked(gateway: Gateway, call, question: Question):
    """Asks, and waits for the answer."""
    call.ask(question, gateway.now)
    return (await gateway.event(call, Heard)).typed


async def started(gateway: Gateway, person: Person, number: str = "10086"):
    """A call that is answered, and the caller's channel."""
    channel = await person.calls(number)
    call = await gateway.call(Started)
    await gateway.event(call, Answered)
    return call, channel


@pytest_twisted.ensureDeferred
async def test_a_key_interrupts_a_long_prompt(asterisk, gateway, person):
    """The caller knows the menu; nobody makes him hear half a minute of it."""
    call, channel = await started(gateway, person)
    call.ask(Question(prompts(asterisk, "demo-congrats", "demo-thanks")), gateway.now)
    began = gateway.now
    await person.presses(channel, "2")
    assert (await gateway.event(call, Heard)).typed == Typed("2")
    assert gateway.now - began < 3
    await person.hangs_up(channel)
    assert await gateway.event(call, Ended) == Ended(End.HUNG_UP)


@pytest.mark.parametrize("turn", range(5))
@pytest_twisted.ensureDeferred
async def test_typing_the_whole_path_loses_no_key(asterisk, gateway, person, turn):
    """Menu, sub-menu, password and the next menu in one go: keys between questions count."""
    call, channel = await started(gateway, person)
    menu = Question(prompts(asterisk, "demo-congrats"))
    password = Question(prompts(asterisk, "demo-thanks"), most=6, enders="#", tail=1.0)
    call.ask(menu, gateway.now)
    began = gateway.now
    await person.presses(channel, "21739204#*")
    heard = [(await gateway.event(call, Heard)).typed]
    for question in (menu, password, menu):
        heard.append(await asked(gateway, call, question))
    assert heard == [Typed("2"), Typed("1"), Typed("739204", "#"), Typed("*")]
    assert gateway.now - began < 6
    await person.hangs_up(channel)
    await gateway.event(call, Ended)


@pytest.mark.parametrize(("keys", "moment"), [("739204#", 0.0), ("773399#", 0.3), ("73#", 0.3)])
@pytest_twisted.ensureDeferred
async def test_a_password_in_a_burst_of_packets(asterisk, gateway, person, phones, keys, moment):
    """Asterisk spreads them in time, and notes some twice; each of them counts once."""
    phone = phones.call("10086", "13800138001", lambda frame: None)
    call = await gateway.call(Started)
    await gateway.event(call, Answered)
    await phone.answered
    await person.pause(0.3)  # in which Asterisk gets to know where the sound comes from
    password = Question(prompts(asterisk, "demo-congrats"), most=6, enders="#*", tail=0.5)
    call.ask(password, gateway.now)
    await person.pause(moment)
    phone.rtp.burst(keys)
    typed = (await gateway.event(call, Heard)).typed
    assert typed.keys + typed.ender == keys
    call.ask(Question(prompts(asterisk, "beep"), wait=0.5), gateway.now)
    assert (await gateway.event(call, Heard)).typed.silent
    phone.hang_up()
    await gateway.event(call, Ended)


@pytest_twisted.ensureDeferred
async def test_silence_is_silence(asterisk, gateway, person):
    """No key, an ender alone, and half an answer are three things."""
    call, channel = await started(gateway, person)
    short = Question(prompts(asterisk, "beep"), most=4, enders="#", wait=1.0)
    assert (await asked(gateway, call, short)).silent
    call.ask(short, gateway.now)
    await person.presses(channel, "#")
    assert (await gateway.event(call, Heard)).typed == Typed("", "#")
    call.ask(short, gateway.now)
    await person.presses(channel, "12")
    assert (await gateway.event(call, Heard)).typed == Typed("12", late=True)
    await person.hangs_up(channel)
    await gateway.event(call, Ended)


@pytest.mark.parametrize(
    ("barge", "expected"),
    [(Barge.NO_BUFFER, Typed("7")), (Barge.NO_DISCARD, Typed("", late=True))],
)
@pytest_twisted.ensureDeferred
async def test_what_must_be_heard_is_heard(asterisk, gateway, person, barge, expected):
    """A key ends no such prompt; afterwards it counts, or is gone."""
    call, channel = await started(gateway, person)
    began = gateway.now
    call.ask(Question(prompts(asterisk, "vm-goodbye"), barge=barge, wait=0.5), gateway.now)
    await person.presses(channel, "7")
    assert (await gateway.event(call, Heard)).typed == expected
    assert gateway.now - began > 0.6
    await person.hangs_up(channel)
    await gateway.event(call, Ended)


@pytest.mark.parametrize("names", [("no-such-sound",), ("beep", "no-such-sound")])
@pytest_twisted.ensureDeferred
async def test_a_missing_sound_costs_neither_the_call_nor_the_question(
    asterisk, gateway, person, names
):
    """The caller hears less, and can still answer in the usual time."""
    call, channel = await started(gateway, person)
    call.say(prompts(asterisk, *names), gateway.now)
    assert await gateway.event(call, Said) == Said(interrupted=False)
    call.say(prompts(asterisk, *names), gateway.now, Barge.NO_BUFFER)
    assert await gateway.event(call, Said) == Said(interrupted=False)
    began = gateway.now
    typed = await asked(gateway, call, Question(prompts(asterisk, *names), wait=0.8))
    assert typed.silent
    assert gateway.now - began > 0.7
    await person.hangs_up(channel)
    await gateway.event(call, Ended)


@pytest_twisted.ensureDeferred
async def test_a_long_announcement_needs_several_commands(asterisk, gateway, person):
    """More sounds than one line can carry."""
    call, channel = await started(gateway, person)
    call.say(prompts(asterisk, *["beep"] * 14), gateway.now)
    assert await gateway.event(call, Said) == Said(interrupted=False)
    await person.hangs_up(channel)
    await gateway.event(call, Ended)


@pytest_twisted.ensureDeferred
async def test_a_caller_goes_to_a_person_and_comes_back(asterisk, gateway, person):
    """The queue's member hangs up first; what was typed to him is not typed to us."""
    call, channel = await started(gateway, person)
    context = {"HALL_CALLER": "13800138001", "HALL_REASON": '余额 "不对", 请\\查'}
    call.transfer(Transfer("hall", context), gateway.now)
    await gateway.event(call, Connected)
    await person.presses(channel, "99")
    assert await gateway.event(call, Returned) == Returned("CONTINUE")
    answered = await person.act("GetVar", Channel=call.caller.channel, Variable="HALL_REASON")
    assert answered.answer.get("Value") == context["HALL_REASON"]
    call.ask(Question(prompts(asterisk, "beep")), gateway.now)
    await person.presses(channel, "1")
    assert (await gateway.event(call, Heard)).typed == Typed("1")
    await person.hangs_up(channel)
    await gateway.event(call, Ended)


@pytest_twisted.ensureDeferred
async def test_who_waits_has_a_place_and_leaves_it_by_a_key(asterisk, gateway, person):
    """While somebody's telephone rings and nobody answers; then by the end of his patience, too."""
    members = {"Queue": "hall", "Interface": "Local/agent@tests"}
    await person.act("QueuePause", **members, Paused="true")
    await person.act("QueueAdd", Queue="hall", Interface="Local/busy@tests")
    call, channel = await started(gateway, person)
    call.transfer(Transfer("hall", {"QUEUE_PRIO": "1"}), gateway.now)
    await person.seen.next(lambda m: m.event == "QueueCallerJoin")
    await person.pause(2)
    assert call.place is not None
    assert call.place.ahead == 0
    await person.presses(channel, "71")
    assert await gateway.event(call, Returned) == Returned("", "1")
    call.ask(Question(prompts(asterisk, "beep")), gateway.now)
    await person.presses(channel, "2")
    assert (await gateway.event(call, Heard)).typed == Typed("2")
    call.transfer(Transfer("hall", wait=2), gateway.now)
    assert await gateway.event(call, Returned) == Returned("TIMEOUT")
    await person.act("QueueRemove", Queue="hall", Interface="Local/busy@tests")
    call.transfer(Transfer("hall"), gateway.now)
    assert await gateway.event(call, Returned) == Returned("JOINEMPTY")
    await person.act("QueuePause", **members, Paused="false")
    await person.hangs_up(channel)
    await gateway.event(call, Ended)


@pytest_twisted.ensureDeferred
async def test_who_talks_is_left_alone_by_the_next_gateway(reactor, asterisk, person):
    """It hears of him when he is back."""
    account = Account("hallgate", "secret")
    gateway = await Gateway(reactor, asterisk.ami_port, account, "t1").up()
    await person.act("QueuePause", Queue="hall", Interface="Local/agent@tests", Paused="true")
    await person.act("QueueAdd", Queue="hall", Interface="Local/talker@tests")
    call, channel = await started(gateway, person)
    call.transfer(Transfer("hall"), gateway.now)
    await gateway.event(call, Connected)
    await gateway.dies()
    other = await Gateway(reactor, asterisk.ami_port, account, "t2").up()
    again = await other.call(Started)
    assert again.away == ""
    assert await other.event(again, Returned) == Returned("CONTINUE")
    again.say(prompts(asterisk, "beep"), other.now)
    assert await other.event(again, Said) == Said(interrupted=False)
    await person.act("QueueRemove", Queue="hall", Interface="Local/talker@tests")
    await person.act("QueuePause", Queue="hall", Interface="Local/agent@tests", Paused="false")
    await person.hangs_up(channel)
    await other.event(again, Ended)
    await other.down()


@pytest_twisted.ensureDeferred
async def test_a_call_goes_on_in_the_dialplan(gateway, person):
    """Sent on, it is none of ours; sent back, it is a new call."""
    call, channel = await started(gateway, person)
    call.leave("hallgate", "1860", "1", gateway.now)
    assert await gateway.event(call, Ended) == Ended(End.LEFT)
    again = await gateway.call(Started)
    assert again.caller.uniqueid == call.caller.uniqueid
    assert again.caller.dialled == "1860"
    assert await gateway.event(again, Answered) == Answered()
    await person.hangs_up(channel)
    await gateway.event(again, Ended)


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
        assert (await gateway.event(call, Heard)).typed == Typed("1234")
        await person.hangs_up(channel)
        assert await gateway.event(call, Ended) == Ended(End.HUNG_UP)


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
    assert await gateway.event(call, Ended) == Ended(End.LOST)


@pytest_twisted.ensureDeferred
async def test_calls_outlive_the_gateway(reactor, asterisk, person):
    """Killed and started again: it finds its ten calls, the waiting and the talking."""
    account = Account("hallgate", "secret")
    first = await Gateway(reactor, asterisk.ami_port, account, "first").up()
    calls = [await started(first, person) for _ in range(10)]
    for call, _ in calls[:5]:
        call.ask(Question(prompts(asterisk, "demo-congrats")), first.now)
    await person.pause(0.3)  # so that their prompts play
    await first.dies()
    second = await Gateway(reactor, asterisk.ami_port, account, "second").up()
    for _ in calls:
        call = await second.call(Started)
        assert call.caller.number == "13800138001"
        assert call.caller.dialled == "10086"
        await second.event(call, Answered)
        (channel,) = [c for old, c in calls if old.caller.uniqueid == call.caller.uniqueid]
        call.ask(Question(prompts(asterisk, "demo-congrats")), second.now)
        await person.presses(channel, "5")
        assert (await second.event(call, Heard)).typed == Typed("5")
        call.hang_up(second.now)
        assert await second.event(call, Ended) == Ended(End.HUNG_UP)
    await second.down()


@pytest_twisted.ensureDeferred
async def test_hanging_up_at_any_moment_leaves_nothing(asterisk, gateway, person):
    """While it rings, plays, reads; twenty calls, each a little later than the one before."""
    for number in range(20):
        channel = await person.calls("10086")
        call = await gateway.call(Started)
        call.ask(Question(prompts(asterisk, "demo-congrats")), gateway.now)
        await person.pause(number * 0.02)
        await person.hangs_up(channel)
        await gateway.end(call)


@pytest_twisted.ensureDeferred
async def test_a_wrong_secret_alarms(reactor, asterisk):
    """It is not tried again and again."""
    gateway = Gateway(reactor, asterisk.ami_port, Account("hallgate", "wrong"))
    gateway.line.start()
    change = await gateway.changes.next(lambda change: change.alarm)
    assert "Authentication failed" in change.reason
    await gateway.down()


@pytest_twisted.ensureDeferred
async def test_the_operators_account_hears_little(asterisk, gateway, person):
    """Of 60 events that a call makes, ours alone reach us."""
    call, channel = await started(gateway, person)
    await person.hangs_up(channel)
    await gateway.event(call, Ended)
    assert gateway.heard <= {
        "AsyncAGIStart",
        "AsyncAGIExec",
        "AsyncAGIEnd",
        "Hangup",
        "AgentConnect",
    }


@pytest_twisted.ensureDeferred
async def test_the_operators_account_may_do_little(gateway):
    """No commands, no configuration, no calls of its own."""
    for action in ("Command", "Originate", "GetConfig", "UpdateConfig", "DBPut", "Setvar"):
        assert not (await gateway.act(action)).ok
    # each is told, for somebody who set the account up wrongly
    assert any("denied" in fault for fault in gateway.faults)
    gateway.faults.clear()
