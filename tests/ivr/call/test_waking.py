"""An Asterisk looks for commands with each frame that a channel brings: a frame of ours saves the
wait for the next one of the caller's."""

from __future__ import annotations

import pytest

from ivr.call.call_events import CallEndReason
from ivr.call.prompts import QuestionEnded
from ivr.call.questions import TypedKeys
from ivr.call.transfer import TransferRequest
from tests.ivr.call.begun_call import MENU, begun

NO_FLASH = frozenset({"sendflash"})


@pytest.fixture
def woken(pairs):
    return pairs()


def test_what_is_asked_begins_without_waiting_for_a_frame(woken):
    """No time passes between the order and the first sound."""
    call, channel = begun(woken)
    call.ask(MENU, woken.now)
    woken.settle()
    assert channel.reading


def test_what_comes_before_the_first_word_wakes_nobody(woken):
    """It is sent at once, so that no key is lost, and done with the next frame; the first word does
    not wait for one."""
    call, channel = woken.call()
    asked = woken.pbx.managers[0].asked
    assert asked.count("AGI") == 2
    assert "SendFlash" not in asked
    call.ask(MENU, woken.now)
    woken.settle()
    assert asked.count("AGI") == 4
    assert asked[-1] == "SendFlash"
    assert asked.count("SendFlash") == 1
    assert channel.reading


def test_a_key_before_the_first_word_counts(woken):
    """It takes the hall a moment to know what to say."""
    call, channel = woken.call()
    woken.wait(0.03)
    woken.press(channel, "2")
    woken.wait(0.1)
    call.ask(MENU, woken.now)
    woken.wait(0.2)
    assert QuestionEnded(TypedKeys("2")) in woken.told(call)


def test_who_hangs_up_on_a_caller_at_once_is_heard(woken):
    """Though nothing has been said."""
    call, channel = woken.call()
    call.hang_up(woken.now)
    woken.settle()
    assert channel.name not in woken.pbx.channels


def test_an_asterisk_that_cannot_be_woken_looks_with_the_next_frame(pairs):
    """It is asked once; that it refuses ends no call, and is no fault."""
    pair = pairs(lacks=NO_FLASH)
    call, channel = begun(pair)
    for _ in range(3):
        call.ask(MENU, pair.now)
        pair.settle()
        assert not channel.reading
        pair.wait(0.1)
        assert channel.reading
        pair.press(channel, "1")
        pair.wait(0.1)
        assert len(pair.told(call)) == 1
    assert not call.ended
    assert pair.pbx.managers[0].asked.count("SendFlash") == 1
    assert len(pair.noted) == 1, "the login, and no fault"


def test_another_connection_may_be_to_another_asterisk(pairs):
    """After an upgrade it can be woken."""
    pair = pairs(lacks=NO_FLASH)
    begun(pair)
    pair.cut()
    pair.pbx.lacks = frozenset()
    pair.connect()
    call, channel = begun(pair)
    call.ask(MENU, pair.now)
    pair.settle()
    assert channel.reading


def test_who_has_gone_meanwhile_ends_no_waking(woken):
    """The channel is not there: the others are woken as before."""
    gone, channel = begun(woken)
    stays, other = begun(woken)
    gone.ask(MENU, woken.now)
    channel.hang_up()
    woken.settle()
    assert gone.ended
    stays.ask(MENU, woken.now)
    woken.settle()
    assert other.reading


def test_a_talk_is_not_disturbed(woken):
    """Who is put through gets no frame of ours: it would reach the person."""
    call, _ = begun(woken)
    before = woken.pbx.managers[0].asked.count("SendFlash")
    call.transfer(TransferRequest("hall"), woken.now)
    woken.wait(1)
    assert woken.pbx.managers[0].asked.count("SendFlash") == before
    call.hang_up(woken.now)
    woken.wait(1)
    assert woken.told(call)[-1].end is CallEndReason.HUNG_UP


def test_where_it_is_read_in_rounds_it_is_not_woken(woken):
    """A caller's next frame does as well; once there is room again, it is."""
    woken.pause = 0.02
    call, channel = begun(woken)
    call.ask(MENU, woken.now)
    woken.settle()
    assert not channel.reading
    woken.wait(0.02)
    assert channel.reading
    assert "SendFlash" not in woken.pbx.managers[0].asked
    woken.pause = 0.0
    woken.press(channel, "2")
    woken.wait(0.1)
    call.ask(MENU, woken.now)
    woken.settle()
    assert channel.reading
