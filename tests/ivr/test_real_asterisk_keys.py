"""Keys, silence and barge-in on a real Asterisk."""

from __future__ import annotations

import pytest
import pytest_twisted

from ivr.call.call_events import CallAnswered, CallEnded, CallEndReason, CallStarted
from ivr.call.prompts import QuestionEnded
from ivr.call.questions import BargeIn, Question, TypedKeys
from tests.ivr.asterisk_gateway import asked, prompts, started

pytestmark = pytest.mark.service


@pytest_twisted.ensureDeferred
async def test_a_key_interrupts_a_long_prompt(asterisk, gateway, person):
    """The caller knows the menu; nobody makes him hear half a minute of it."""
    call, channel = await started(gateway, person)
    call.ask(Question(prompts(asterisk, "demo-congrats", "demo-thanks")), gateway.now)
    began = gateway.now
    await person.presses(channel, "2")
    assert (await gateway.event(call, QuestionEnded)).typed == TypedKeys("2")
    assert gateway.now - began < 3
    await person.hangs_up(channel)
    assert await gateway.event(call, CallEnded) == CallEnded(CallEndReason.HUNG_UP)


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
    heard = [(await gateway.event(call, QuestionEnded)).typed]
    for question in (menu, password, menu):
        heard.append(await asked(gateway, call, question))
    assert heard == [TypedKeys("2"), TypedKeys("1"), TypedKeys("739204", "#"), TypedKeys("*")]
    assert gateway.now - began < 6
    await person.hangs_up(channel)
    await gateway.event(call, CallEnded)


@pytest.mark.parametrize(("keys", "moment"), [("739204#", 0.0), ("773399#", 0.3), ("73#", 0.3)])
@pytest_twisted.ensureDeferred
async def test_a_password_in_a_burst_of_packets(asterisk, gateway, person, phones, keys, moment):
    """Asterisk spreads them in time, and notes some twice; each of them counts once."""
    phone = phones.call("10086", "13800138001", lambda frame: None)
    call = await gateway.call(CallStarted)
    await gateway.event(call, CallAnswered)
    await phone.answered
    await person.pause(0.3)  # in which Asterisk gets to know where the sound comes from
    password = Question(prompts(asterisk, "demo-congrats"), most=6, enders="#*", tail=0.5)
    call.ask(password, gateway.now)
    await person.pause(moment)
    phone.rtp.burst(keys)
    typed = (await gateway.event(call, QuestionEnded)).typed
    assert typed.keys + typed.ender == keys
    call.ask(Question(prompts(asterisk, "beep"), wait=0.5), gateway.now)
    assert (await gateway.event(call, QuestionEnded)).typed.silent
    phone.hang_up()
    await gateway.event(call, CallEnded)


@pytest_twisted.ensureDeferred
async def test_silence_is_silence(asterisk, gateway, person):
    """No key, an ender alone, and half an answer are three things."""
    call, channel = await started(gateway, person)
    short = Question(prompts(asterisk, "beep"), most=4, enders="#", wait=1.0)
    assert (await asked(gateway, call, short)).silent
    call.ask(short, gateway.now)
    await person.presses(channel, "#")
    assert (await gateway.event(call, QuestionEnded)).typed == TypedKeys("", "#")
    call.ask(short, gateway.now)
    await person.presses(channel, "12")
    assert (await gateway.event(call, QuestionEnded)).typed == TypedKeys("12", late=True)
    await person.hangs_up(channel)
    await gateway.event(call, CallEnded)


@pytest.mark.parametrize(
    ("barge", "expected"),
    [(BargeIn.NO_BUFFER, TypedKeys("7")), (BargeIn.NO_DISCARD, TypedKeys("", late=True))],
)
@pytest_twisted.ensureDeferred
async def test_what_must_be_heard_is_heard(asterisk, gateway, person, barge, expected):
    """A key ends no such prompt; afterwards it counts, or is gone."""
    call, channel = await started(gateway, person)
    began = gateway.now
    call.ask(Question(prompts(asterisk, "vm-goodbye"), barge=barge, wait=0.5), gateway.now)
    await person.presses(channel, "7")
    assert (await gateway.event(call, QuestionEnded)).typed == expected
    assert gateway.now - began > 0.6
    await person.hangs_up(channel)
    await gateway.event(call, CallEnded)
