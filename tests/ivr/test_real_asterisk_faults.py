"""What once went wrong on a real Asterisk: calls that come back, passwords left on a channel, slow
fingers, modules that are missing."""

from __future__ import annotations

import pytest
import pytest_twisted

from ivr.ami.account import AmiAccount
from ivr.call.call_events import (
    CallAnswered,
    CallEnded,
    CallEndReason,
    CallRefused,
    CallStarted,
)
from ivr.call.prompts import AnnouncementEnded, QuestionEnded
from ivr.call.questions import BargeIn, Question, TypedKeys
from ivr.call.transfer import TransferRequest
from tests.ivr.asterisk_gateway import Gateway, Person, asked, prompts, started
from tests.ivr.real_asterisk import SECRET, TESTER, running

pytestmark = pytest.mark.service

PASSWORD = "846137"


@pytest.mark.parametrize("away", ["asked", "talks"])
@pytest_twisted.ensureDeferred
async def test_a_call_that_an_agent_sends_back_brings_no_old_keys(asterisk, gateway, person, away):
    """Whatever he typed before, to us or in the queue: he is at the beginning, and types anew."""
    call, channel = await started(gateway, person)
    question = Question(prompts(asterisk, "demo-congrats"), most=6, enders="#", tail=0.5)
    call.ask(question, gateway.now)
    await person.presses(channel, f"{PASSWORD}#")
    await gateway.event(call, QuestionEnded)
    if away == "talks":
        await person.act("QueuePause", Queue="hall", Interface="Local/agent@tests", Paused="true")
        await person.act("QueueAdd", Queue="hall", Interface="Local/talker@tests")
        call.transfer(TransferRequest("hall"), gateway.now)
        await gateway.told.next(lambda told: type(told.event).__name__ == "AgentConnected")
    else:
        call.ask(question, gateway.now)
    await person.presses(channel, "12")
    await person.pause(0.3)
    redirected = await person.act(
        "Redirect", Channel=call.caller.channel, Context="hallgate-call", Exten="10086",
        Priority="1",
    )  # fmt: skip
    assert redirected.ok
    await gateway.end(call)
    again = await gateway.call(CallStarted)
    assert again.caller.uniqueid == call.caller.uniqueid
    await gateway.event(again, CallAnswered)
    assert (await asked(gateway, again, Question(prompts(asterisk, "beep"), wait=1.0))).silent
    again.ask(Question(prompts(asterisk, "demo-congrats")), gateway.now)
    await person.presses(channel, "7")
    assert (await gateway.event(again, QuestionEnded)).typed == TypedKeys("7")
    await person.hangs_up(channel)
    await gateway.event(again, CallEnded)
    if away == "talks":
        await person.act("QueueRemove", Queue="hall", Interface="Local/talker@tests")
        await person.act("QueuePause", Queue="hall", Interface="Local/agent@tests", Paused="false")


async def on_channel(person: Person, channel: str) -> str:
    """All that Asterisk shows of it to whoever may look."""
    shown = await person.act("Command", Command=f"core show channel {channel}")
    return "\n".join(shown.answer.all("Output"))


COUNTED = ("UniqueID", "LinkedID", "Time to Hangup", "HALL_AT")
"""What Asterisk and we count: three digits of it may be three of a password by chance."""


async def shown_without(person: Person, channel: str, secret: str) -> str:
    """The same, once nothing of the secret is there: soon after it was read, also where others keep
    the machine busy."""
    parts = [secret[at : at + 3] for at in range(len(secret) - 2)]
    for _ in range(30):
        await person.pause(0.2)
        shown = await on_channel(person, channel)
        told = [line for line in shown.splitlines() if not line.strip().startswith(COUNTED)]
        if not any(part in line for line in told for part in parts):
            return shown
    raise AssertionError(f"it is still there: {shown}")


@pytest.mark.parametrize("ahead", ["", "4"])
@pytest.mark.parametrize("then", ["asks", "says", "nothing"])
@pytest_twisted.ensureDeferred
async def test_no_password_is_left_on_the_channel(asterisk, gateway, person, ahead, then):
    """Typed when asked for or ahead, and whatever follows: a moment later nobody finds it there,
    and no key that came since is lost."""
    call, channel = await started(gateway, person)
    password = Question(prompts(asterisk, "demo-thanks"), most=6, enders="#", tail=0.5)
    menu = Question(prompts(asterisk, "demo-congrats"))
    call.ask(menu if ahead else password, gateway.now)
    await person.presses(channel, f"{ahead}{PASSWORD}#")
    typed = (await gateway.event(call, QuestionEnded)).typed
    if ahead:
        assert typed == TypedKeys(ahead)
        typed = await asked(gateway, call, password)
    assert typed == TypedKeys(PASSWORD, "#")
    if then == "asks":
        call.ask(menu, gateway.now)
    elif then == "says":
        call.say(prompts(asterisk, "demo-congrats"), gateway.now, BargeIn.NO_BUFFER)
    shown = await shown_without(person, call.caller.channel, PASSWORD)
    assert "HALL_KEYS=" in shown
    if then == "asks":
        await person.presses(channel, "5")
        assert (await gateway.event(call, QuestionEnded)).typed == TypedKeys("5")
    await person.hangs_up(channel)
    await gateway.end(call)


@pytest_twisted.ensureDeferred
async def test_slow_fingers_have_as_long_as_the_question_says(asterisk, gateway, person):
    """Between digits too, and when the first came while the first of two sounds played."""
    call, channel = await started(gateway, person)
    sounds = prompts(asterisk, "demo-congrats", "demo-thanks")
    call.ask(Question(sounds, most=3, enders="#", wait=9.0), gateway.now)
    for key in "739":
        await person.presses(channel, key)
        await person.pause(5.4 if key != "9" else 0)
    assert (await gateway.event(call, QuestionEnded)).typed == TypedKeys("739")
    await person.hangs_up(channel)
    await gateway.end(call)


ACCOUNT = AmiAccount("hallgate", "secret")


@pytest_twisted.ensureDeferred
async def test_a_call_that_is_taken_over_without_our_tone_goes_on(reactor):
    """The module that presses keys is missing: it is told once, and the next gateway's callers
    hear what they are told when what plays is over."""
    with running(lacks=frozenset({"app_senddtmf"})) as asterisk:
        person = await Person(reactor, asterisk.ami_port, AmiAccount(TESTER, SECRET)).up()
        first = await Gateway(reactor, asterisk.ami_port, ACCOUNT, "m1").up()
        channel = await person.calls("10086")
        call = await first.call(CallStarted)
        await first.event(call, CallAnswered)
        call.ask(Question(prompts(asterisk, "beep"), wait=1.0), first.now)
        await person.pause(0.2)
        await first.dies()
        second = await Gateway(reactor, asterisk.ami_port, ACCOUNT, "m2").up()
        again = await second.call(CallStarted)
        refused = await second.told.next(lambda told: isinstance(told.event, CallRefused))
        assert refused.call is again
        assert isinstance(refused.event, CallRefused)
        assert refused.event.what == "PlayDTMF"
        again.say(prompts(asterisk, "beep"), second.now)
        ended = await second.told.next(lambda told: isinstance(told.event, AnnouncementEnded))
        assert ended.call is again
        await person.hangs_up(channel)
        await second.end(again)
        others = (CallStarted, CallRefused, CallEnded)
        assert [told for told in second.told.left if isinstance(told.event, others)] == []
        await second.down()
        await person.down()


@pytest_twisted.ensureDeferred
async def test_without_the_module_that_reads_keys_a_call_is_over_with_a_word(reactor):
    """Nobody is left on a line where nothing happens."""
    with running(lacks=frozenset({"app_read"})) as asterisk:
        person = await Person(reactor, asterisk.ami_port, AmiAccount(TESTER, SECRET)).up()
        gateway = await Gateway(reactor, asterisk.ami_port, ACCOUNT, "m3").up()
        await person.calls("10086")
        call = await gateway.call(CallStarted)
        await gateway.event(call, CallAnswered)
        call.ask(Question(prompts(asterisk, "beep")), gateway.now)
        assert (await gateway.event(call, CallRefused)).what == "app_read"
        assert await gateway.event(call, CallEnded) == CallEnded(CallEndReason.HUNG_UP)
        await gateway.down()
        await person.down()
