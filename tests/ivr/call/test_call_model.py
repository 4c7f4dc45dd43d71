"""Calls, keys, words, cuts and hang-ups in any order: nobody waits for ever or is told twice."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from ivr.ami.account import AmiLimits
from ivr.call.call import Call
from ivr.call.call_events import CallEnded, CallStarted
from ivr.call.prompts import AnnouncementEnded, QuestionEnded
from ivr.call.questions import BargeIn, Question
from ivr.call.recording import RecordingEnded, RecordingRequest
from ivr.call.timeouts import CallTimeouts
from ivr.call.transfer import CallerReturned, TransferRequest
from simulators.pbx.channel import PbxChannel
from tests.ivr.simulated_asterisk import SimulatedAsterisk

PATIENCE = CallTimeouts(call=120, talk=60, prompts=20, answer=5)
LONGEST = 400.0  # seconds after which no call can be left, whatever happened
sounds = st.lists(st.sampled_from(["a", "b", "missing"]), max_size=3).map(tuple)
barges = st.sampled_from(BargeIn)
questions = st.builds(
    Question,
    prompts=sounds,
    most=st.integers(0, 3),
    enders=st.sampled_from(["", "#", "#*"]),
    barge=barges,
    wait=st.sampled_from([0.5, 6.0]),
    tail=st.sampled_from([0.0, 0.5]),
    between=st.sampled_from([0.0, 2.0]),
    fresh=st.booleans(),
)


class AnyCalls(RuleBasedStateMachine):
    """A gateway and an exchange, and books of what each call was asked and told."""

    def __init__(self) -> None:
        super().__init__()
        self.pair = SimulatedAsterisk(PATIENCE, AmiLimits(), self.length, self.lacks())
        self.calls: dict[Call, list[object]] = {}
        self.asked: dict[Call, int] = {}
        self.answered: dict[Call, int] = {}
        self.channels: list[PbxChannel] = []

    def lacks(self) -> frozenset[str]:
        return frozenset()

    def length(self, sound: str) -> float | None:
        return None if sound == "missing" else 2.0

    def note(self) -> None:
        self.pair.settle()
        for call, event in self.pair.heard:
            self.calls.setdefault(call, []).append(event)
            if isinstance(
                event, AnnouncementEnded | QuestionEnded | RecordingEnded | CallerReturned
            ):
                self.answered[call] = self.answered.get(call, 0) + 1
        self.pair.heard.clear()

    def free(self) -> list[Call]:
        self.note()
        return [call for call in self.calls if call.free]

    def ours(self, call: Call) -> None:
        self.asked[call] = self.asked.get(call, 0) + 1

    @initialize()
    def the_first_call(self) -> None:
        self.pair.connect()
        self.somebody_calls()

    # ---- callers ----

    @precondition(lambda self: len(self.channels) < 3)
    @rule()
    def somebody_calls(self) -> None:
        self.channels.append(self.pair.pbx.call())
        self.pair.settle()

    @precondition(lambda self: self.channels)
    @rule(keys=st.text("0123456789*#", min_size=1, max_size=4), which=st.integers(0, 2))
    def somebody_types(self, keys: str, which: int) -> None:
        self.pair.press(self.channels[which % len(self.channels)], keys)

    @precondition(lambda self: self.channels)
    @rule(which=st.integers(0, 2))
    def somebody_hangs_up(self, which: int) -> None:
        self.channels.pop(which % len(self.channels)).hang_up()
        self.pair.settle()

    # ---- the gateway ----

    @rule(question=questions, keys=st.text("0123456789*#", max_size=4))
    def we_ask(self, question: Question, keys: str) -> None:
        for call in self.free():
            call.ask(question, self.pair.now)
            self.ours(call)
        for channel in self.channels:
            self.pair.press(channel, keys)

    @rule(prompts=sounds, barge=barges)
    def we_say(self, prompts: tuple[str, ...], barge: BargeIn) -> None:
        for call in self.free():
            call.say(prompts, self.pair.now, barge)
            self.ours(call)

    @rule(full=st.booleans())
    def we_record(self, full: bool) -> None:
        self.pair.pbx.faults.full = full
        for call in self.free()[:2]:
            call.record(RecordingRequest("/r", silence=2, longest=5), self.pair.now)
            self.ours(call)

    @rule()
    def we_transfer(self) -> None:
        for call in self.free()[:1]:
            call.transfer(TransferRequest("hall", {"X": "1"}), self.pair.now)
            self.ours(call)

    @rule(leaving=st.booleans())
    def we_end_a_call(self, leaving: bool) -> None:
        for call in list(self.calls)[-1:]:
            if leaving:
                call.leave("hallgate", "10086", "1", self.pair.now)
            else:
                call.hang_up(self.pair.now)

    # ---- connections ----

    @rule()
    def the_connection_breaks(self) -> None:
        self.pair.cut()

    @precondition(lambda self: self.pair.pipe is None or not self.pair.pipe.open)
    @rule()
    def it_is_back(self) -> None:
        self.pair.connect()

    @rule(silent=st.booleans(), slow=st.sampled_from([0.0, 0.0, 0.3]), twice=st.booleans())
    def the_exchange_is_not_well(self, silent: bool, slow: float, twice: bool) -> None:
        faults = self.pair.pbx.faults
        faults.silent, faults.slow, faults.twice = silent, slow, twice

    # ---- time ----

    @rule(seconds=st.sampled_from([0.0, 0.02, 0.1, 1.0, 7.0]))
    def time_passes(self, seconds: float) -> None:
        self.pair.wait(seconds, step=max(0.02, seconds / 40))

    # ---- the books ----

    @invariant()
    def every_call_is_told_in_order(self) -> None:
        self.note()
        for call, events in self.calls.items():
            assert isinstance(events[0], CallStarted)
            assert not any(isinstance(event, CallStarted | CallEnded) for event in events[1:-1])
            assert call.ended == isinstance(events[-1], CallEnded)

    @invariant()
    def every_errand_is_told_once(self) -> None:
        self.note()
        for call, asked in self.asked.items():
            answered = self.answered.get(call, 0)
            assert answered <= asked
            if call.free:
                assert answered == asked

    def teardown(self) -> None:
        """Whatever happened: with the caller gone, or with time, nothing is left."""
        faults = self.pair.pbx.faults
        faults.silent, faults.slow = False, 0.0
        self.pair.cut()
        self.pair.connect()
        for channel in self.channels[::2]:
            channel.hang_up()
        self.pair.wait(LONGEST, step=1.0)
        self.note()
        assert self.pair.switchboard.calls == 0
        assert all(call.ended and not call.pending for call in self.calls)
        assert self.pair.pbx.channels == {}
        self.pair.cut()
        self.pair.exchange.stop()
        assert self.pair.clock.getDelayedCalls() == []


class AnyCallsWithoutNotebook(AnyCalls):
    """The same on an Asterisk without StoreDTMF."""

    def lacks(self) -> frozenset[str]:
        return frozenset({"storedtmf"})


class AnyCallsThatWeDecide(AnyCalls):
    """The same on an Asterisk that cannot decide what to read."""

    def lacks(self) -> frozenset[str]:
        return frozenset({"exec"})


TestAnyCalls = AnyCalls.TestCase
TestAnyCalls.settings = settings(stateful_step_count=40, max_examples=60)
TestAnyCallsWithoutNotebook = AnyCallsWithoutNotebook.TestCase
TestAnyCallsWithoutNotebook.settings = settings(stateful_step_count=40, max_examples=20)
TestAnyCallsThatWeDecide = AnyCallsThatWeDecide.TestCase
TestAnyCallsThatWeDecide.settings = settings(stateful_step_count=40, max_examples=20)
