"""Callers speak after a tone: what ends it, and what becomes of it when something breaks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ivr.ami.messages import Unsendable
from ivr.call.call import Call
from ivr.call.call_events import CallAnswered, CallEnded, CallEndReason, CallStarted
from ivr.call.recording import RecordingEnded, RecordingRequest
from simulators.pbx.channel import PbxChannel
from tests.ivr.simulated_asterisk import SimulatedAsterisk

STORY = RecordingRequest("/recordings/r1", silence=3, longest=20)


def called(pair: SimulatedAsterisk) -> tuple[Call, PbxChannel]:
    call, channel = pair.call()
    pair.wait(0.1)
    assert [type(event) for event in pair.told(call)] == [CallStarted, CallAnswered]
    return call, channel


def recording(pair: SimulatedAsterisk) -> tuple[Call, PbxChannel]:
    """A call on which the tone has been heard."""
    call, channel = called(pair)
    call.record(STORY, pair.now)
    pair.wait(0.6)
    assert [heard.sound for heard in channel.said] == ["beep"]
    return call, channel


def recorded(pair: SimulatedAsterisk, call: Call) -> RecordingEnded:
    (told,) = pair.told(call)
    assert isinstance(told, RecordingEnded)
    return told


@pytest.mark.parametrize("key", ["#", "*", "0", "5"])
def test_any_key_ends_it_and_is_told(pair: SimulatedAsterisk, key: str) -> None:
    """# is what is asked for; others may mean that he wants something else."""
    call, channel = recording(pair)
    pair.pbx.speak(channel, "上个月多收了三十元", 4)
    pair.wait(4.5)
    pair.press(channel, key)
    told = recorded(pair, call)
    assert (told.kept, told.failed, told.key) == (True, False, key)
    assert told.seconds == pytest.approx(4.5, abs=0.3)
    assert pair.pbx.recordings == {"/recordings/r1": "上个月多收了三十元"}


def test_silence_ends_it_and_counts_for_nothing(pair: SimulatedAsterisk) -> None:
    """Seconds are those in which somebody spoke."""
    call, channel = recording(pair)
    pair.pbx.speak(channel, "没信号", 2)
    pair.wait(6)
    told = recorded(pair, call)
    assert told.kept
    assert told.key == ""
    assert told.seconds == pytest.approx(2, abs=0.3)


def test_who_says_nothing_has_recorded_nothing(pair: SimulatedAsterisk) -> None:
    """Neither by silence nor by a key at once."""
    call, channel = recording(pair)
    pair.wait(4)
    assert recorded(pair, call)[:3] == (False, False, "")
    call.record(STORY, pair.now)
    pair.wait(0.6)
    pair.press(channel, "#")
    assert not recorded(pair, call).kept


def test_nobody_speaks_for_ever(pair: SimulatedAsterisk) -> None:
    """After the longest time it is what it is."""
    call, channel = recording(pair)
    pair.pbx.speak(channel, "说不完", 60)
    pair.wait(21)
    told = recorded(pair, call)
    assert told.kept
    assert told.seconds == pytest.approx(20, abs=0.3)


def test_a_disk_that_is_full_ends_no_call(pair: SimulatedAsterisk) -> None:
    """It is told, and the call goes on."""
    pair.pbx.faults.full = True
    call, channel = called(pair)
    call.record(STORY, pair.now)
    pair.wait(0.2)
    told = recorded(pair, call)
    assert told.failed
    assert not told.kept
    assert call.free
    assert not channel.ended


def test_an_asterisk_without_the_application_fails_politely(
    pairs: Callable[..., SimulatedAsterisk],
) -> None:
    """As a disk that is full."""
    pair = pairs(lacks=frozenset({"record"}))
    call, _ = called(pair)
    call.record(STORY, pair.now)
    pair.wait(0.2)
    assert recorded(pair, call).failed


def test_it_works_where_keys_are_not_noted(pairs: Callable[..., SimulatedAsterisk]) -> None:
    """Which key it was is not known then."""
    pair = pairs(lacks=frozenset({"storedtmf"}))
    call, channel = recording(pair)
    pair.pbx.speak(channel, "投诉", 2)
    pair.wait(2)
    pair.press(channel, "*")
    assert recorded(pair, call)[:3] == (True, False, "")


def test_what_was_typed_before_the_tone_ends_nothing(pair: SimulatedAsterisk) -> None:
    """Nor is it taken for the key that does."""
    call, channel = called(pair)
    pair.press(channel, "#0")
    call.record(STORY, pair.now)
    pair.wait(0.6)
    pair.pbx.speak(channel, "投诉", 2)
    pair.wait(6)
    assert recorded(pair, call)[:3] == (True, False, "")


def test_a_connection_that_breaks_begins_it_anew(pair: SimulatedAsterisk) -> None:
    """With another tone: what was said before may be lost, and nobody could tell."""
    call, channel = recording(pair)
    pair.pbx.speak(channel, "没人听见", 1)
    pair.wait(1)
    pair.cut()
    pair.wait(1)
    pair.connect()
    pair.wait(1)
    assert [heard.sound for heard in channel.said] == ["beep", "beep"]
    pair.pbx.speak(channel, "再说一遍", 2)
    pair.wait(2)
    pair.press(channel, "#")
    assert recorded(pair, call)[:3] == (True, False, "#")
    assert pair.pbx.recordings == {"/recordings/r1": "再说一遍"}


def test_hanging_up_ends_all_of_it(pair: SimulatedAsterisk) -> None:
    """And Asterisk throws away what it has."""
    call, channel = recording(pair)
    channel.hang_up()
    pair.settle()
    assert pair.told(call) == [CallEnded(CallEndReason.HUNG_UP)]
    assert pair.pbx.recordings == {}


@pytest.mark.parametrize("path", ["/a,b", "/a&b", "/a\r\nAction: Command"])
def test_a_path_that_would_say_something_else_is_refused(
    pair: SimulatedAsterisk, path: str
) -> None:
    """Nothing has been sent then."""
    call, _ = pair.call()
    pair.wait(0.1)
    with pytest.raises(Unsendable):
        call.record(RecordingRequest(path), pair.now)
    assert call.free
