"""Calls between a gateway and a simulated exchange, on one clock."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.asking import Heard, Said
from ivr.call import Busy
from ivr.call_events import Answered, End, Ended, Started
from ivr.keys import Barge, Question, Typed
from ivr.messages import Unsendable
from ivr.queues import Place
from ivr.terms import Patience
from ivr.transfer import Connected, Returned, Transfer
from simulators.pbx_channel import Heard as Sound
from tests.ivr.pair import Pair

MENU = Question(("menu",))
PASSWORD = Question(("password",), most=6, enders="#*", tail=1.0)
decides = pytest.mark.parametrize("pair", [frozenset()], indirect=True, ids=["decides"])
"""Only on an Asterisk that decides itself what to read."""


def begun(pair: Pair):
    call, channel = pair.call()
    pair.wait(0.1)
    assert pair.told(call) == [Started(resumed=False), Answered()]
    return call, channel


# ---- the usual ----


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
    assert pair.told(call) == [Started(resumed=False)]
    pair.wait(0.1)
    assert channel.up
    assert pair.told(call) == [Answered()]


def test_an_announcement_is_told_when_it_is_over(pair):
    """All its sounds, in order."""
    call, channel = begun(pair)
    call.say(("welcome", "balance"), pair.now)
    pair.wait(5)
    assert pair.told(call) == [Said(interrupted=False)]
    assert channel.said == [Sound("welcome", False), Sound("balance", False)]


def test_a_question_is_answered_by_a_key(pair):
    """The key ends the prompt at once."""
    call, channel = begun(pair)
    call.ask(MENU, pair.now)
    pair.wait(0.5)
    pair.press(channel, "2")
    assert pair.told(call) == [Heard(Typed("2"))]
    assert channel.said == [Sound("menu", True)]


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
    assert pair.told(call) == [Heard(Typed("", late=True))]


@pytest.mark.parametrize(
    ("keys", "typed"),
    [
        ("739204#", Typed("739204", "#")),
        ("739204", Typed("739204")),
        ("*", Typed("", "*")),
        ("73#", Typed("73", "#")),
        ("739", Typed("739", late=True)),
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
    assert pair.told(call) == [Heard(typed)]


def test_an_ender_after_the_last_key_is_not_typed_into_the_next_question(pair):
    """It comes a moment after the sixth digit."""
    call, channel = begun(pair)
    call.ask(PASSWORD, pair.now)
    pair.wait(0.1)
    pair.press(channel, "739204")
    pair.wait(0.4)
    pair.press(channel, "#")
    assert pair.told(call) == [Heard(Typed("739204", "#"))]
    call.ask(MENU, pair.now)
    pair.wait(1)
    assert pair.told(call) == []


# ---- typing ahead ----


def answers_four_at_once(pair, call, channel, within):
    """One burst for four questions, each asked when the one before is answered."""
    questions = [MENU, MENU, PASSWORD, MENU, MENU]
    pair.reply = lambda call, event: call.ask(questions.pop(0), pair.now)
    call.ask(questions.pop(0), pair.now)
    pair.wait(0.1)
    pair.press(channel, "21739204#5")
    pair.wait(within)
    assert [event.typed for event in pair.told(call)] == [
        Typed("2"), Typed("1"), Typed("739204", "#"), Typed("5"),
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
    assert pair.told(call) == [Heard(Typed("2"))]
    pair.wait(moment / 1000, step=0.001)
    if moment % 2:
        pair.press(channel, "7")
        call.ask(MENU, pair.now)
    else:
        call.ask(MENU, pair.now)
        pair.press(channel, "7")
    pair.wait(0.2)
    assert pair.told(call) == [Heard(Typed("7"))]
    call.say(("next",), pair.now)
    pair.wait(2.2)
    assert pair.told(call) == [Said(interrupted=False)]


def test_half_a_number_before_the_question(pair):
    """The prompt is cut or left out, and the rest is waited for in silence."""
    call, channel = begun(pair)
    pair.press(channel, "13")
    call.ask(Question(("number",), most=4), pair.now)
    pair.wait(0.5)
    pair.press(channel, "80")
    pair.wait(0.6)
    assert pair.told(call) == [Heard(Typed("1380"))]


@pytest.mark.parametrize(("keys", "seconds", "typed"), [
    ("", 6, Typed("", late=True)), ("3", 3, Typed("3", late=True)), ("12", 0, Typed("12")),
])  # fmt: skip
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
    assert pair.told(call) == [Heard(typed)]


@decides
def test_who_has_typed_is_asked_nothing(pair):
    """The prompt does not begin for him, be it for a moment."""
    call, channel = begun(pair)
    pair.press(channel, "7")
    call.ask(MENU, pair.now)
    pair.wait(0.2)
    assert pair.told(call) == [Heard(Typed("7"))]
    assert channel.said == []


@decides
def test_an_ender_behind_the_last_key_ends_the_answer_at_once(pair):
    """However soon it comes: it is read without our asking for it."""
    call, channel = begun(pair)
    call.ask(PASSWORD, pair.now)
    pair.wait(0.5)
    pair.press(channel, "739204")
    pair.press(channel, "#")
    assert pair.told(call) == [Heard(Typed("739204", "#"))]
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
    assert pair.told(call) == [Heard(Typed("12"))]


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
    assert pair.told(call) == [Heard(Typed("739204", "#"))]


@decides
def test_nothing_typed_is_left_in_the_channel_for_others(pair):
    """Whoever talks to the caller next may look at its variables."""
    call, channel = begun(pair)
    pair.press(channel, "7")
    call.ask(PASSWORD, pair.now)
    pair.wait(0.2)
    pair.press(channel, "39204#")
    assert pair.told(call) == [Heard(Typed("739204", "#"))]
    call.transfer(Transfer("hall"), pair.now)
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
    assert pair.told(call) == [Heard(Typed("1"))]


def test_a_key_interrupts_an_announcement_and_answers_the_question(pair):
    """It is not lost on the way from one to the other."""
    call, channel = begun(pair)
    call.say(("long", "longer"), pair.now)
    pair.wait(0.5)
    pair.press(channel, "3")
    assert pair.told(call) == [Said(interrupted=True)]
    call.ask(MENU, pair.now)
    pair.settle()
    assert pair.told(call) == [Heard(Typed("3"))]
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


# ---- barge-in ----


def test_no_buffer_plays_to_the_end_and_keeps_the_keys(pair):
    """What must be heard is heard; the key counts afterwards."""
    call, channel = begun(pair)
    call.ask(Question(("price",), barge=Barge.NO_BUFFER), pair.now)
    pair.wait(1)
    pair.press(channel, "1")
    assert pair.told(call) == []
    pair.wait(1.1)
    assert pair.told(call) == [Heard(Typed("1"))]
    assert channel.said == [Sound("price", False)]


def test_no_discard_plays_to_the_end_and_forgets_the_keys(pair):
    """Who confirms a price must have heard it."""
    call, channel = begun(pair)
    pair.press(channel, "1")
    call.ask(Question(("price",), barge=Barge.NO_DISCARD), pair.now)
    pair.wait(1)
    pair.press(channel, "1")
    pair.wait(1.5)
    assert pair.told(call) == []
    pair.press(channel, "2")
    assert pair.told(call) == [Heard(Typed("2"))]


def test_an_announcement_that_cannot_be_interrupted(pair):
    """Said tells so, and the key waits for the next question."""
    call, channel = begun(pair)
    call.say(("law",), pair.now, Barge.NO_BUFFER)
    pair.wait(1)
    pair.press(channel, "1")
    pair.wait(1.1)
    assert pair.told(call) == [Said(interrupted=False)]
    call.ask(MENU, pair.now)
    pair.settle()
    assert pair.told(call) == [Heard(Typed("1"))]


# ---- what goes wrong ----


def test_one_thing_at_a_time(pair):
    """A second question while the first is open is our own mistake."""
    call, _ = begun(pair)
    call.ask(MENU, pair.now)
    assert not call.free
    with pytest.raises(Busy):
        call.say(("x",), pair.now)


def test_a_question_to_somebody_who_has_hung_up_is_none(pair):
    """Whoever was thinking may not know it yet."""
    call, channel = begun(pair)
    channel.hang_up()
    pair.settle()
    call.ask(MENU, pair.now)
    call.hang_up(pair.now)
    pair.wait(30)
    assert pair.told(call) == [Ended(End.HUNG_UP)]


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
    assert pair.told(call) == [Heard(Typed("1"))]
    call.ask(MENU, pair.now)
    pair.wait(5.5)
    assert pair.told(call) == []
    pair.wait(1)
    assert pair.told(call) == [Heard(Typed("", late=True))]


def test_an_asterisk_without_its_notebook(pairs):
    """Without StoreDTMF keys are what reads tell."""
    pair = pairs(lacks=frozenset({"storedtmf"}))
    call, channel = begun(pair)
    for question, keys, typed in [
        (MENU, "2", Typed("2")),
        (PASSWORD, "739204#", Typed("739204", "#")),
        (Question(("n",), most=0, enders="#"), "138#", Typed("138", "#")),
    ]:
        call.ask(question, pair.now)
        pair.wait(0.1)
        pair.press(channel, keys)
        pair.wait(1.2)
        assert pair.told(call)[0].typed.keys == typed.keys


def test_an_asterisk_that_does_not_answer_is_told_to_hang_up(pairs):
    """Every wait has an end, also this one's."""
    pair = pairs(patience=Patience(prompts=20, answer=5))
    call, channel = begun(pair)
    call.ask(MENU, pair.now)
    pair.wait(0.1)
    channel.exchange.event = lambda *args: None  # it plays, and tells nobody
    pair.wait(20 + 5 + 2 * 6 + 1, step=0.25)
    assert channel.ended
    pair.wait(6, step=0.25)
    assert isinstance(pair.told(call)[-1], Ended)


def test_an_asterisk_that_does_not_hang_up_is_given_up(pair):
    """It said that it would; then the call is its own affair."""
    call, channel = begun(pair)
    hang_up, channel.hang_up = channel.hang_up, lambda: None
    call.hang_up(pair.now)
    pair.wait(9, step=0.25)
    assert pair.told(call) == []
    pair.wait(1.5, step=0.25)
    assert pair.told(call) == [Ended(End.STUCK)]
    channel.hang_up = hang_up


# ---- people ----


def test_to_a_person_and_back(pair):
    """With context; what was typed before and meanwhile is in no variable that he sees."""
    call, channel = begun(pair)
    call.ask(PASSWORD, pair.now)
    pair.wait(0.1)
    pair.press(channel, "739204#")
    pair.wait(0.1)
    assert len(pair.told(call)) == 1
    call.transfer(Transfer("hall", {"HALL_LEVEL": "A2"}), pair.now)
    pair.wait(1)
    assert channel.variables["HALL_LEVEL"] == "A2"
    assert not any("739204" in value for value in channel.variables.values())
    pair.press(channel, "55")
    pair.wait(2)
    assert pair.told(call) == [Connected(), Returned("CONTINUE")]
    assert channel.variables["TIMEOUT(absolute)"] == "900"
    call.ask(MENU, pair.now)
    pair.wait(1)
    assert pair.told(call) == []


def test_nobody_is_there(pairs):
    """An empty queue returns the caller at once."""
    pair = pairs(sounds=lambda sound: None if sound.startswith("queue/") else 1.0)
    call, _ = begun(pair)
    call.transfer(Transfer("hall"), pair.now)
    pair.wait(0.1)
    assert pair.told(call) == [Returned("JOINEMPTY")]


def test_sent_on_in_the_dialplan(pair):
    """It comes back as a new call."""
    call, _ = begun(pair)
    call.ask(MENU, pair.now)
    pair.wait(0.1)
    call.leave("hallgate", "1860", "1", pair.now)
    pair.wait(0.2)
    assert pair.told(call) == [Ended(End.LEFT)]
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
    assert order[:2] == [(True, Ended), (False, Started)]


@pytest.mark.parametrize("name", ["A\r\nB", "A" * 2000])
def test_context_that_cannot_be_sent_is_refused_first(pair, name):
    """The call goes on as if nothing had been asked."""
    call, _ = begun(pair)
    with pytest.raises(Unsendable):
        call.transfer(Transfer("hall", {"X": name}), pair.now)
    assert call.free


# ---- connections ----


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
    assert pair.told(call) == [Heard(Typed("1234"))]


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
    assert pair.told(call) == [Heard(Typed("1"))]


def test_a_question_asked_while_nobody_hears_us(pair):
    """It is asked as soon as somebody does."""
    call, channel = begun(pair)
    pair.cut()
    call.ask(MENU, pair.now)
    pair.wait(1)
    pair.connect()
    pair.wait(0.5)
    pair.press(channel, "1")
    assert pair.told(call) == [Heard(Typed("1"))]


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
    assert pair.told(call) == [Ended(End.HUNG_UP)]


def test_a_call_that_ended_meanwhile(pair):
    """Its end was told to nobody; it is missed."""
    call, channel = begun(pair)
    pair.cut()
    channel.hang_up()
    pair.connect()
    assert pair.told(call) == [Ended(End.LOST)]


def test_a_transfer_outlives_a_cut(pair):
    """The talk is not disturbed, and its end is learnt."""
    call, _ = begun(pair)
    call.transfer(Transfer("hall"), pair.now)
    pair.wait(1)
    pair.cut()
    pair.connect()
    pair.wait(3)
    assert pair.told(call) == [Connected(), Returned("CONTINUE")]


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
    assert told.event == Started(resumed=True)
    assert told.call.caller.number == "13800138001"
    told.call.ask(MENU, pair.now)
    pair.wait(0.5)
    assert not any(isinstance(each.event, Heard) for each in pair.heard)
    pair.press(channel, "1")
    assert pair.heard[-1].event == Heard(Typed("1"))


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
    assert pair.told(call) == [Heard(Typed("1"))]
    assert pair.told(other) == [Ended(End.HUNG_UP)]


# ---- faults ----


def test_keys_that_come_twice(pair):
    """A bad line: the second one answers the next question, which is what it looks like."""
    pair.pbx.faults.twice = True
    call, channel = begun(pair)
    call.ask(MENU, pair.now)
    pair.wait(0.1)
    pair.press(channel, "2")
    assert pair.told(call) == [Heard(Typed("2"))]
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
    assert moment == 0.3 or len(keys) == 1 or len(channel.variables["HALL_KEYS"]) > len(keys)
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
        assert pair.told(call) == [Heard(Typed(key))]
    pair.wait(0.2)
    assert "55" in channel.variables["HALL_KEYS"].replace("D", "")
    call.ask(MENU, pair.now)
    pair.wait(1)
    assert pair.told(call) == []


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
    assert Heard(Typed("4")) in pair.told(call)


def test_a_talk_outlives_the_gateway(pair):
    """The next one leaves the caller with his person, and goes on with him afterwards."""
    call, channel = begun(pair)
    call.transfer(Transfer("hall"), pair.now)
    pair.wait(0.5)
    keys = channel.variables.get("HALL_KEYS", "")
    pair.die()
    pair.connect()
    pair.wait(0.5)
    (told,) = {told.call for told in pair.heard if told.call is not call}
    assert pair.told(told) == [Started(resumed=True, talking=True)]
    assert channel.variables.get("HALL_KEYS", "") == keys, "a tone was heard by who talks"
    pair.wait(3)
    assert pair.told(told) == [Returned("CONTINUE")]
    assert told.free
    assert channel.variables["TIMEOUT(absolute)"] == "900"


def test_a_talk_that_ended_without_a_gateway_is_told_by_the_next(pair):
    """The caller waits in AsyncAGI; how the queue ended stands in the channel."""
    call, _ = begun(pair)
    call.transfer(Transfer("hall"), pair.now)
    pair.wait(0.5)
    pair.die()
    pair.wait(5)
    pair.connect()
    pair.wait(0.5)
    (told,) = {told.call for told in pair.heard if told.call is not call}
    assert pair.told(told) == [Started(resumed=True, talking=True), Returned("CONTINUE")]


def waits(pair, call, **transfer):
    """He is put through while everybody talks to others."""
    pair.pbx.queue.people, pair.pbx.queue.talk = 1, 100
    others, _ = pair.call()
    pair.wait(0.1)
    others.transfer(Transfer("hall"), pair.now)
    pair.wait(0.5)
    call.transfer(Transfer("hall", **transfer), pair.now)
    pair.wait(0.5)


def test_who_waits_has_a_place(pair):
    """It is asked for now and then, while somebody waits; how long it takes follows from talks."""
    call, _ = begun(pair)
    waits(pair, call, wait=15)
    pair.wait(6)
    assert call.place == Place(0, 100)
    pair.wait(10)
    assert pair.told(call) == [Returned("TIMEOUT")]
    assert call.place == Place(0, 100)
    assert call.away == ""


def test_a_key_leads_out_of_the_queue(pair):
    """It is told, and the call is still one to 10086."""
    call, channel = begun(pair)
    waits(pair, call)
    pair.press(channel, "7")
    assert pair.told(call) == []
    pair.press(channel, "1")
    pair.wait(0.1)
    assert pair.told(call) == [Returned("", "1")]
    assert channel.dialled == "10086"
    call.ask(MENU, pair.now)
    pair.wait(0.5)
    assert pair.told(call) == []


def test_nobody_waits_where_nobody_is(pair):
    """At once, and when the last one goes."""
    call, _ = begun(pair)
    pair.pbx.queue.people = 0
    call.transfer(Transfer("hall"), pair.now)
    pair.wait(0.1)
    assert pair.told(call) == [Returned("JOINEMPTY")]
    waits(pair, call)
    pair.pbx.queue.people = 0
    pair.wait(0.2)
    assert pair.told(call) == [Returned("LEAVEEMPTY")]
