"""Keys typed ahead, twice, too many or all at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.call.prompts import AnnouncementEnded, QuestionEnded
from ivr.call.questions import Question, TypedKeys
from ivr.call.transfer import TransferRequest
from tests.ivr.call.begun_call import MENU, PASSWORD, begun, decides


def answers_four_at_once(pair, call, channel, within):
    """One burst for four questions, each asked when the one before is answered."""
    questions = [MENU, MENU, PASSWORD, MENU, MENU]
    pair.reply = lambda call, event: call.ask(questions.pop(0), pair.now)
    call.ask(questions.pop(0), pair.now)
    pair.wait(0.1)
    pair.press(channel, "21739204#5")
    pair.wait(within)
    assert [event.typed for event in pair.told(call)] == [
        TypedKeys("2"), TypedKeys("1"), TypedKeys("739204", "#"), TypedKeys("5"),
    ]  # fmt: skip
    pair.reply = None


def test_typing_everything_at_once(pair):
    """One burst answers four questions; what follows it waits for the caller."""
    call, channel = begun(pair)
    answers_four_at_once(pair, call, channel, 0.2)
    pair.wait(1)
    assert pair.told(call) == []


@pytest.mark.parametrize("moment", range(0, 60, 3))
def test_a_key_between_two_questions_is_not_lost(pair, moment):
    """Nobody reads while we think; yet the key ends the next prompt, or keeps it from beginning."""
    call, channel = begun(pair)
    call.ask(MENU, pair.now)
    pair.wait(0.1)
    pair.press(channel, "2")
    assert pair.told(call) == [QuestionEnded(TypedKeys("2"))]
    pair.wait(moment / 1000, step=0.001)
    if moment % 2:
        pair.press(channel, "7")
        call.ask(MENU, pair.now)
    else:
        call.ask(MENU, pair.now)
        pair.press(channel, "7")
    pair.wait(0.2)
    assert pair.told(call) == [QuestionEnded(TypedKeys("7"))]
    call.say(("next",), pair.now)
    pair.wait(2.2)
    assert pair.told(call) == [AnnouncementEnded(interrupted=False)]


def test_half_a_number_before_the_question(pair):
    """The prompt is cut or left out, and the rest is waited for in silence."""
    call, channel = begun(pair)
    pair.press(channel, "13")
    call.ask(Question(("number",), most=4), pair.now)
    pair.wait(0.5)
    pair.press(channel, "80")
    pair.wait(0.6)
    assert pair.told(call) == [QuestionEnded(TypedKeys("1380"))]


@pytest.mark.parametrize(
    ("keys", "seconds", "typed"),
    [
        ("", 6, TypedKeys("", late=True)),
        ("3", 3, TypedKeys("3", late=True)),
        ("12", 0, TypedKeys("12")),
    ],
)
def test_a_number_of_one_digit_or_two(pair, keys, seconds, typed):
    """Who has begun to type is waited for less long than who has not."""
    call, channel = pair.call()
    call.ask(Question(("list",), most=2, between=3.0), pair.now)
    pair.wait(2.5)
    pair.told(call)
    pair.press(channel, keys)
    if seconds:
        pair.wait(seconds - 1.0)
        assert pair.told(call) == []
    pair.wait(1.5)
    assert pair.told(call) == [QuestionEnded(typed)]


@decides
def test_who_has_typed_is_asked_nothing(pair):
    """The prompt does not begin for him, be it for a moment."""
    call, channel = begun(pair)
    pair.press(channel, "7")
    call.ask(MENU, pair.now)
    pair.wait(0.2)
    assert pair.told(call) == [QuestionEnded(TypedKeys("7"))]
    assert channel.said == []


@decides
def test_an_ender_behind_the_last_key_ends_the_answer_at_once(pair):
    """However soon it comes: it is read without our asking for it."""
    call, channel = begun(pair)
    call.ask(PASSWORD, pair.now)
    pair.wait(0.5)
    pair.press(channel, "739204")
    pair.press(channel, "#")
    assert pair.told(call) == [QuestionEnded(TypedKeys("739204", "#"))]
    assert channel.variables["HALL_KEYS"] == "739204#"


def typed_through(pair, *bunches, gap):
    """The answers to a menu and a password, typed without a pause for either."""
    call, channel = begun(pair)
    heard = []

    def reply(call, event):
        heard.append(event.typed.keys)
        if len(heard) == 1:
            call.ask(PASSWORD, pair.now)

    pair.reply = reply
    call.ask(MENU, pair.now)
    pair.wait(0.5)
    for keys in bunches:
        pair.press(channel, keys)
        pair.wait(gap)
    pair.wait(2)
    pair.reply = None
    return heard


@pytest.mark.parametrize("look", [0.02, 0.1, 0.13, 0.15, 0.17, 0.2, 0.25])
@pytest.mark.parametrize("gap", [0.1, 0.15, 0.25])
def test_the_same_digit_twice_counts_twice(pairs, look, gap):
    """Typed ahead on a line without sound, at whose keys Asterisk looks seldom."""
    assert typed_through(pairs(look=look), *"1558204#", gap=gap) == ["1", "558204"]


@decides
def test_a_key_noted_twice_counts_once_however_late_we_learn_of_it(pair):
    """The password's first key comes with the menu's, and the others slowly."""
    pair.pbx.faults.crowded = True
    assert typed_through(pair, "17", *"39204#", gap=0.2) == ["1", "739204"]


@decides
def test_an_answer_that_is_complete_waits_for_nothing(pair):
    """Its first key came before the question, its last one behind it."""
    call, channel = begun(pair)
    pair.press(channel, "1")
    call.ask(Question(("list",), most=2, enders="#*", between=3.0), pair.now)
    pair.wait(0.05)
    pair.press(channel, "2")
    pair.wait(0.6)
    assert pair.told(call) == [QuestionEnded(TypedKeys("12"))]


@pytest.mark.parametrize("module", ["exec", "func_logic", "func_strings"])
def test_an_asterisk_without_a_module_hears_every_key(pairs, module):
    """It decides less, or does not tell the time."""
    pair = pairs(lacks=frozenset({module}))
    call, channel = begun(pair)
    answers_four_at_once(pair, call, channel, 1.0)
    pair.wait(1)
    assert pair.told(call) == []


@decides
def test_a_repeated_question_is_read_in_one_go_too(pair):
    """The # behind the password needs no turn of ours."""
    call, channel = begun(pair)
    pair.press(channel, "9")
    call.ask(replace(PASSWORD, fresh=True), pair.now)
    pair.wait(0.5)
    pair.press(channel, "739204")
    pair.press(channel, "#")
    assert pair.told(call) == [QuestionEnded(TypedKeys("739204", "#"))]


@decides
def test_nothing_typed_is_left_in_the_channel_for_others(pair):
    """Whoever talks to the caller next may look at its variables."""
    call, channel = begun(pair)
    pair.press(channel, "7")
    call.ask(PASSWORD, pair.now)
    pair.wait(0.2)
    pair.press(channel, "39204#")
    assert pair.told(call) == [QuestionEnded(TypedKeys("739204", "#"))]
    call.transfer(TransferRequest("hall"), pair.now)
    pair.wait(0.5)
    assert not [name for name, value in channel.variables.items() if "39" in value or value == "7"]


def test_fresh_forgets_what_was_typed_before(pair):
    """After a mistake nobody should answer what he has not heard."""
    call, channel = begun(pair)
    pair.press(channel, "99")
    call.ask(Question(("again",), fresh=True), pair.now)
    pair.wait(0.5)
    assert pair.told(call) == []
    pair.press(channel, "1")
    assert pair.told(call) == [QuestionEnded(TypedKeys("1"))]


def test_a_key_interrupts_an_announcement_and_answers_the_question(pair):
    """It is not lost on the way from one to the other."""
    call, channel = begun(pair)
    call.say(("long", "longer"), pair.now)
    pair.wait(0.5)
    pair.press(channel, "3")
    assert pair.told(call) == [AnnouncementEnded(interrupted=True)]
    call.ask(MENU, pair.now)
    pair.settle()
    assert pair.told(call) == [QuestionEnded(TypedKeys("3"))]
    assert [sound.sound for sound in channel.said] == ["long"]


def test_more_keys_than_asterisk_notes(pair):
    """It begins anew in time."""
    call, channel = begun(pair)
    heard = ""
    for number in range(700):
        call.ask(MENU, pair.now)
        pair.wait(0.05)
        pair.press(channel, str(number % 10))
        (event,) = pair.told(call)
        heard += event.typed.keys
    assert heard == "0123456789" * 70
    assert len(channel.variables["HALL_KEYS"]) < 511


def test_keys_that_come_twice(pair):
    """A bad line: the second one answers the next question, which is what it looks like."""
    pair.pbx.faults.twice = True
    call, channel = begun(pair)
    call.ask(MENU, pair.now)
    pair.wait(0.1)
    pair.press(channel, "2")
    assert pair.told(call) == [QuestionEnded(TypedKeys("2"))]
    call.ask(Question(("again",), fresh=True), pair.now)
    pair.wait(1)
    assert pair.told(call) == []


@pytest.mark.parametrize("keys", ["739204#", "739204", "73#", "773399#", "*"])
@pytest.mark.parametrize("moment", [-0.03, 0.0, 0.01, 0.3])
def test_keys_that_come_at_once(pair, keys, moment):
    """A little before they are asked for, or then: what is noted twice counts once."""
    pair.pbx.faults.crowded = True
    call, channel = begun(pair)
    if moment < 0:
        pair.press(channel, keys)
    pair.wait(abs(moment))
    call.ask(PASSWORD, pair.now)
    if moment >= 0:
        pair.wait(moment)
        pair.press(channel, keys)
    pair.wait(1.5)
    assert moment == 0.3 or len(keys) == 1 or len(channel.noted) > len(keys)
    (heard,) = pair.told(call)
    assert heard.typed.keys + heard.typed.ender == keys
    call.ask(MENU, pair.now)
    pair.wait(1)
    assert pair.told(call) == []


def test_keys_that_come_at_once_for_several_questions(pair):
    """One burst; each question is asked soon behind the answer to the one before."""
    pair.pbx.faults.crowded = True
    call, channel = begun(pair)
    answers_four_at_once(pair, call, channel, 1.0)


def test_what_a_read_got_is_learnt_also_when_its_question_is_answered(pair):
    """By keys from before it: what it tells of them keeps the second from counting twice."""
    pair.pbx.faults.crowded = True
    call, channel = begun(pair)
    pair.press(channel, "35")
    for key in "35":
        call.ask(MENU, pair.now)
        pair.wait(0.1)
        assert pair.told(call) == [QuestionEnded(TypedKeys(key))]
    pair.wait(0.2)
    assert "55" in channel.noted.replace("D", "")
    call.ask(MENU, pair.now)
    pair.wait(1)
    assert pair.told(call) == []
