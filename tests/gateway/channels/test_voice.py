"""Calls at the door while the desk is slow, or something breaks: no caller hears silence."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import cast

import orjson
import pytest
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from gateway.channels.voice.nuisance import NuisanceLimit
from gateway.channels.voice.recordings import Recordings
from gateway.channels.voice.sound_doubts import SoundDoubts
from gateway.channels.voice.voice_channel import VoiceChannel
from gateway.channels.voice.voice_services import VoiceServices
from gateway.delivery.outbox import Outbox
from gateway.dialogue.voice_instruction import AfterPrompt, KeysWanted, VoiceInstruction
from gateway.model.message_id import MessageIds
from gateway.model.messages import CallInput, ScreenAct
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.serving.call_turns import CallTurns
from gateway.serving.desk import Unavailable
from gateway.serving.work import HallDesk, HallJob, Served, WorkResult
from gateway.tts.announcer import Announcer, SpokenText
from ivr.switchboard import CallUpdate
from simulators.pbx.channel import PbxChannel
from tests.ivr.simulated_asterisk import SimulatedAsterisk

MENU = VoiceInstruction("menu", "en", AfterPrompt.ASK, KeysWanted())
BYE = VoiceInstruction("bye", "en", AfterPrompt.HANG_UP)


class FakeDesk:
    """The desk and the way to it: what is asked waits until a test answers."""

    def __init__(self) -> None:
        self.jobs: list[HallJob] = []
        self.full = False

    def may_answer(self, message: CallInput) -> bool:
        """Nothing at once: all that is asked is seen here."""
        return False

    def ask(self, job: HallJob) -> None:
        self.jobs.append(job)

    later = ask

    def leave_now(self) -> None:
        pass

    stop = leave_now

    def asked(self) -> list[tuple[ScreenAct, str]]:
        works = (cast(CallInput, job.work) for job in self.jobs)
        return [(work.act, work.keys) for work in works]

    def answers(self, result: WorkResult | Failure) -> None:
        self.jobs.pop(0).done(result)


class FakeAnnouncer:
    """Says every text as one sound of its name, but those that it cannot."""

    def __init__(self) -> None:
        self.cannot: set[str] = set()
        self.slow: list[Deferred[SpokenText]] | None = None

    def lost(self, path: str) -> bool:
        return False

    def at_hand(
        self, text: str, language: str, *, private: bool = False, slow: bool = False
    ) -> SpokenText | None:
        if text in self.cannot:
            raise KeyError(text)
        return SpokenText((text.replace("!", "\n"),)) if self.slow is None else None

    def speak(
        self, text: str, language: str, *, private: bool = False, slow: bool = False
    ) -> Deferred[SpokenText]:
        assert self.slow is not None
        self.slow.append(Deferred())
        return self.slow[-1].addCallback(lambda _: SpokenText((text,)))


class Place:
    """A door, its desk and an exchange on one clock; prompts take two seconds."""

    def __init__(self) -> None:
        self.pair = SimulatedAsterisk()
        self.desk, self.announcer, self.counts, self.written = (
            FakeDesk(),
            FakeAnnouncer(),
            Metrics(),
            BytesIO(),
        )
        services = VoiceServices(
            cast(HallDesk, self.desk), cast(CallTurns, self.desk), cast(Outbox, None),
            MessageIds(0, lambda: 1.7e9 + self.pair.now, after=0), self.pair.clock,
            cast(Announcer, self.announcer), self.counts, Log(self.written),
            lambda text, language: f"{text} {language}",
            Recordings(Path("/recordings"), 5, 120), SoundDoubts(Log(self.written)),
            NuisanceLimit(3),
        )  # fmt: skip
        self.door = VoiceChannel(services)
        self.pair.reply = lambda call, event: self.door.told("pbx-a", [CallUpdate(call, event)])
        self.pair.connect()
        self.channel: PbxChannel = self.pair.pbx.call("10086", "13800138001")
        self.pair.settle()

    def answers(self, result: WorkResult | Failure) -> None:
        self.desk.answers(result)
        self.pair.settle()

    def heard(self) -> list[str]:
        """What the caller has heard since the last time."""
        said = [each.sound for each in self.channel.said]
        self.channel.said.clear()
        return said

    def events(self, name: str) -> list[dict[str, object]]:
        events = [orjson.loads(line) for line in self.written.getvalue().splitlines()]
        return [event for event in events if event["event"] == name]

    @property
    def failed(self) -> int:
        return sum(self.counts.calls_failed.values())


@pytest.fixture
def place() -> Iterator[Place]:
    """When all is over, no timer is left of a call."""
    place = Place()
    yield place
    place.channel.hang_up()
    place.pair.settle()
    for channel in list(place.pair.pbx.channels.values()):
        channel.hang_up()
    place.pair.wait(1)
    assert place.door.calls == 0
    place.pair.cut()
    place.pair.exchange.stop()
    assert place.pair.clock.getDelayedCalls() == []


def test_a_caller_hears_what_the_desk_says(place: Place) -> None:
    """And what he presses goes back to it."""
    assert place.desk.asked() == [(ScreenAct.BEGIN, "")]
    place.answers(Served(cue=MENU))
    place.pair.wait(2.5)
    assert place.heard() == ["menu"]
    place.pair.press(place.channel, "4")
    place.pair.wait(0.2)
    assert place.desk.asked() == [(ScreenAct.ON, "4")]
    place.answers(Served(cue=BYE))
    place.pair.wait(4)
    assert place.heard() == ["bye"]
    assert place.channel.ended


@pytest.mark.parametrize("text", ["unspeakable", "impossible!"])
def test_what_cannot_be_said_becomes_an_apology(place: Place, text: str) -> None:
    """A text that cannot be read, a sound that cannot be sent: told and counted once, and the end
    is in order, in the caller's language."""
    place.announcer.cannot.add("unspeakable")
    place.answers(Served(cue=MENU._replace(text=text)))
    place.pair.wait(5)
    assert place.heard() == ["sys.sorry.idle en"]
    assert place.channel.ended
    (event,) = place.events("call failed")
    assert str(event["error"]).startswith(("KeyError in at_hand", "Unsendable in sound_lists"))
    assert place.failed == 1


def test_even_without_an_apology_a_call_ends(place: Place) -> None:
    """Nothing can be said at all: told and counted once, and hung up."""
    place.announcer.cannot |= {"menu", "sys.sorry.idle en"}
    place.answers(Served(cue=MENU))
    place.pair.wait(1)
    assert place.channel.ended
    assert len(place.events("call failed")) == place.failed == 1


def test_who_has_typed_hears_how_to_know_what_became_of_it(place: Place) -> None:
    """It may have been done; before the first key there is nothing that could have been."""
    place.answers(Served(cue=MENU))
    place.pair.wait(2.5)
    place.pair.press(place.channel, "4")
    place.pair.wait(0.2)
    place.answers(Served(cue=MENU._replace(text="impossible!")))
    place.pair.wait(5)
    assert place.heard() == ["menu", "sys.sorry en"]
    assert place.channel.ended


def test_a_desk_that_takes_its_time(place: Place) -> None:
    """The caller is asked to hold on, and hears the answer behind that."""
    place.pair.wait(6)
    place.answers(Served(cue=MENU))
    assert place.heard() == []  # the words are not cut
    place.pair.wait(5)
    assert place.heard() == ["sys.wait zh", "menu"]
    place.pair.press(place.channel, "1")
    place.pair.wait(0.2)
    assert place.desk.asked() == [(ScreenAct.ON, "1")]


def test_words_that_are_not_ready_are_waited_for(place: Place) -> None:
    """The end of what came before is not theirs: nobody is hung up on, or handed over, unheard."""
    place.pair.wait(5.1)  # "hold on" is being said
    place.announcer.slow = []
    place.answers(Served(cue=BYE))
    place.pair.wait(3)  # its sounds take longer than that
    assert place.heard() == ["sys.wait zh"]
    assert not place.channel.ended
    for making in place.announcer.slow:
        making.callback(SpokenText(()))
    place.pair.wait(4)
    assert place.heard() == ["bye"]
    assert place.channel.ended


def test_a_call_that_another_gateway_serves_is_left_alone(place: Place) -> None:
    """What the desk still answers, and what goes wrong with it, is nobody's here: it is not asked
    again, and no time is waited for."""
    place.pair.cut()
    place.door.forget("pbx-a")
    place.pair.exchange.stop()
    place.answers(Failure(Unavailable("store")))
    place.pair.wait(3)
    assert place.desk.asked() == []


def test_a_desk_that_never_answers(place: Place) -> None:
    """Once asked to hold on, then an apology and the end; what comes after that comes too late."""
    place.pair.wait(36, step=0.1)
    assert place.heard() == ["sys.wait zh", "sys.sorry.idle zh"]
    assert place.channel.ended
    assert place.failed == 0  # it is no mistake of ours
    place.answers(Served(cue=MENU))
    assert place.heard() == []


@pytest.mark.parametrize("result", [Failure(Unavailable("store")), Served()])
def test_a_desk_that_cannot_serve_is_asked_again(
    place: Place, result: WorkResult | Failure
) -> None:
    """Four times, a second apart: where does the caller stand? Then an apology."""
    for _ in range(4):
        place.answers(result)
        place.pair.wait(1.1)
        assert place.desk.asked() == [(ScreenAct.AGAIN, "")]
    place.answers(result)
    place.pair.wait(5)
    assert place.heard()[-1] == "sys.sorry.idle zh"
    assert place.channel.ended


def test_a_full_desk(place: Place) -> None:
    """Is asked again as soon as it may be."""
    place.answers(Served(cue=MENU))
    place.pair.wait(2.5)
    place.desk.full = True
    place.pair.press(place.channel, "4")
    place.pair.wait(0.5)
    assert place.desk.jobs == []
    place.desk.full = False
    place.pair.wait(1)
    assert place.desk.asked() == [(ScreenAct.AGAIN, "")]


def test_sounds_that_come_when_the_caller_is_gone(place: Place) -> None:
    """Are said to nobody."""
    place.announcer.slow = []
    place.answers(Served(cue=MENU))
    place.channel.hang_up()
    place.pair.settle()
    place.announcer.slow[0].callback(SpokenText(()))
    assert (place.failed, place.heard()) == (0, [])


def test_one_call_that_breaks_harms_no_other(place: Place) -> None:
    """They are told of in one breath."""
    place.answers(Served(cue=MENU))
    other = place.pair.pbx.call("10086", "13800138006")
    place.pair.settle()
    place.announcer.cannot.add("menu")
    place.answers(Served(cue=MENU))
    place.pair.wait(5)
    assert other.ended
    assert not place.channel.ended
    assert place.failed == 1


def test_while_draining_calls_are_left_to_the_next_gateway(place: Place) -> None:
    """Nobody is hung up on."""
    place.door.close()
    place.pair.wait(40, step=0.1)
    assert place.heard() == []
    assert not place.channel.ended
