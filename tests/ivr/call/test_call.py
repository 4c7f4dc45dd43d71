"""Saying and asking, and what goes wrong with them, between a gateway and a simulated exchange."""

from __future__ import annotations

import pytest

from ivr.ami.messages import Unsendable
from ivr.call.call import CallBusy
from ivr.call.call_events import CallAnswered, CallEnded, CallEndReason, CallStarted
from ivr.call.prompts import AnnouncementEnded, QuestionEnded
from ivr.call.questions import BargeIn, Question, TypedKeys
from ivr.call.timeouts import CallTimeouts
from simulators.pbx.channel import HeardSound
from tests.ivr.call.begun_call import MENU, PASSWORD, begun


def test_a_call_is_answered_and_bounded(pair):
    """Asterisk itself ends it after the longest time, should we be gone."""
    call, channel = begun(pair)
    assert channel.up
    assert channel.variables["TIMEOUT(absolute)"] == "900"
    assert (call.caller.number, call.caller.dialled, call.caller.language) == (
        "13800138001", "10086", "zh",
    )  # fmt: skip


def test_a_call_that_the_dialplan_leaves_to_us_is_answered(pair):
    """It rings until we do."""
    pair.pbx.answers = False
    call, channel = pair.call()
    assert not channel.up
    assert pair.told(call) == [CallStarted(resumed=False)]
    pair.wait(0.1)
    assert channel.up
    assert pair.told(call) == [CallAnswered()]


def test_an_announcement_is_told_when_it_is_over(pair):
    """All its sounds, in order."""
    call, channel = begun(pair)
    call.say(("welcome", "balance"), pair.now)
    pair.wait(5)
    assert pair.told(call) == [AnnouncementEnded(interrupted=False)]
    assert channel.said == [HeardSound("welcome", False), HeardSound("balance", False)]


def test_a_question_is_answered_by_a_key(pair):
    """The key ends the prompt at once."""
    call, channel = begun(pair)
    call.ask(MENU, pair.now)
    pair.wait(0.5)
    pair.press(channel, "2")
    assert pair.told(call) == [QuestionEnded(TypedKeys("2"))]
    assert channel.said == [HeardSound("menu", True)]


def test_a_screen_costs_one_wait_of_asterisks(pair):
    """It looks for commands now and then: all of a screen's are there when it does."""
    call, _ = begun(pair)
    assert pair.pipe is not None
    before = pair.pipe.near.writes
    call.ask(MENU, pair.now)
    pair.settle()
    assert pair.pipe.near.writes == before + 1


def test_silence_is_told_after_the_wait(pair):
    """The prompt's end begins it."""
    call, _ = begun(pair)
    call.ask(MENU, pair.now)
    pair.wait(2 + 5.9)
    assert pair.told(call) == []
    pair.wait(0.2)
    assert pair.told(call) == [QuestionEnded(TypedKeys("", late=True))]


@pytest.mark.parametrize(
    ("keys", "typed"),
    [
        ("739204#", TypedKeys("739204", "#")),
        ("739204", TypedKeys("739204")),
        ("*", TypedKeys("", "*")),
        ("73#", TypedKeys("73", "#")),
        ("739", TypedKeys("739", late=True)),
    ],
)
def test_a_password(pair, keys, typed):
    """Six digits and #, six digits alone, back, too few."""
    call, channel = begun(pair)
    call.ask(PASSWORD, pair.now)
    pair.wait(0.3)
    for key in keys:
        pair.press(channel, key)
        pair.wait(0.3)
    pair.wait(7)
    assert pair.told(call) == [QuestionEnded(typed)]


def test_an_ender_after_the_last_key_is_not_typed_into_the_next_question(pair):
    """It comes a moment after the sixth digit."""
    call, channel = begun(pair)
    call.ask(PASSWORD, pair.now)
    pair.wait(0.1)
    pair.press(channel, "739204")
    pair.wait(0.4)
    pair.press(channel, "#")
    assert pair.told(call) == [QuestionEnded(TypedKeys("739204", "#"))]
    call.ask(MENU, pair.now)
    pair.wait(1)
    assert pair.told(call) == []


# ---- barge-in ----


def test_no_buffer_plays_to_the_end_and_keeps_the_keys(pair):
    """What must be heard is heard; the key counts afterwards."""
    call, channel = begun(pair)
    call.ask(Question(("price",), barge=BargeIn.NO_BUFFER), pair.now)
    pair.wait(1)
    pair.press(channel, "1")
    assert pair.told(call) == []
    pair.wait(1.1)
    assert pair.told(call) == [QuestionEnded(TypedKeys("1"))]
    assert channel.said == [HeardSound("price", False)]


def test_no_discard_plays_to_the_end_and_forgets_the_keys(pair):
    """Who confirms a price must have heard it."""
    call, channel = begun(pair)
    pair.press(channel, "1")
    call.ask(Question(("price",), barge=BargeIn.NO_DISCARD), pair.now)
    pair.wait(1)
    pair.press(channel, "1")
    pair.wait(1.5)
    assert pair.told(call) == []
    pair.press(channel, "2")
    assert pair.told(call) == [QuestionEnded(TypedKeys("2"))]


def test_an_announcement_that_cannot_be_interrupted(pair):
    """AnnouncementEnded tells so, and the key waits for the next question."""
    call, channel = begun(pair)
    call.say(("law",), pair.now, BargeIn.NO_BUFFER)
    pair.wait(1)
    pair.press(channel, "1")
    pair.wait(1.1)
    assert pair.told(call) == [AnnouncementEnded(interrupted=False)]
    call.ask(MENU, pair.now)
    pair.settle()
    assert pair.told(call) == [QuestionEnded(TypedKeys("1"))]


# ---- what goes wrong ----


def test_one_thing_at_a_time(pair):
    """A second question while the first is open is our own mistake."""
    call, _ = begun(pair)
    call.ask(MENU, pair.now)
    assert not call.free
    with pytest.raises(CallBusy):
        call.say(("x",), pair.now)


def test_a_question_to_somebody_who_has_hung_up_is_none(pair):
    """Whoever was thinking may not know it yet."""
    call, channel = begun(pair)
    channel.hang_up()
    pair.settle()
    call.ask(MENU, pair.now)
    call.hang_up(pair.now)
    pair.wait(30)
    assert pair.told(call) == [CallEnded(CallEndReason.HUNG_UP)]


def test_an_impossible_sound_changes_nothing(pair):
    """It is refused before anything is sent, and the call can be told something else."""
    call, _ = begun(pair)
    with pytest.raises(Unsendable):
        call.say(("a&b",), pair.now)
    assert call.free


def test_a_question_without_any_sound_left(pairs):
    """All prompts are missing: the caller can still answer, in the usual time."""
    pair = pairs(sounds=lambda sound: None)
    call, channel = begun(pair)
    call.ask(MENU, pair.now)
    pair.wait(5)
    pair.press(channel, "1")
    assert pair.told(call) == [QuestionEnded(TypedKeys("1"))]
    call.ask(MENU, pair.now)
    pair.wait(5.5)
    assert pair.told(call) == []
    pair.wait(1)
    assert pair.told(call) == [QuestionEnded(TypedKeys("", late=True))]


def test_an_asterisk_without_its_notebook(pairs):
    """Without StoreDTMF keys are what reads tell."""
    pair = pairs(lacks=frozenset({"storedtmf"}))
    call, channel = begun(pair)
    for question, keys, typed in [
        (MENU, "2", TypedKeys("2")),
        (PASSWORD, "739204#", TypedKeys("739204", "#")),
        (Question(("n",), most=0, enders="#"), "138#", TypedKeys("138", "#")),
    ]:
        call.ask(question, pair.now)
        pair.wait(0.1)
        pair.press(channel, keys)
        pair.wait(1.2)
        assert pair.told(call)[0].typed.keys == typed.keys


def test_an_asterisk_that_does_not_answer_is_told_to_hang_up(pairs):
    """Every wait has an end, also this one's."""
    pair = pairs(timeouts=CallTimeouts(prompts=20, answer=5))
    call, channel = begun(pair)
    call.ask(MENU, pair.now)
    pair.wait(0.1)
    channel.exchange.event = lambda *args: None  # it plays, and tells nobody
    pair.wait(20 + 5 + 2 * 6 + 1, step=0.25)
    assert channel.ended
    pair.wait(6, step=0.25)
    assert isinstance(pair.told(call)[-1], CallEnded)


def test_an_asterisk_that_does_not_hang_up_is_given_up(pair):
    """It said that it would; then the call is its own affair."""
    call, channel = begun(pair)
    hang_up, channel.hang_up = channel.hang_up, lambda: None
    call.hang_up(pair.now)
    pair.wait(9, step=0.25)
    assert pair.told(call) == []
    pair.wait(1.5, step=0.25)
    assert pair.told(call) == [CallEnded(CallEndReason.STUCK)]
    channel.hang_up = hang_up


def test_a_slow_asterisk(pair):
    """Late answers are answers."""
    pair.pbx.faults.slow = 0.5
    channel = pair.pbx.call()
    pair.wait(2)
    call = pair.heard[0].call
    call.ask(MENU, pair.now)
    pair.wait(1)
    pair.press(channel, "4")
    pair.wait(2)
    assert QuestionEnded(TypedKeys("4")) in pair.told(call)
