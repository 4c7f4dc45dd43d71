"""Voice: calls of an Asterisk to the desk, what is to be said and asked back.

    call comes ─▶ CallInput ─▶ desk ─▶ VoiceInstruction ─▶ sounds ─▶ say, ask ─▶ keys ─▶ CallInput …

One call does one thing at a time: it waits for the desk, or for Asterisk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from twisted.internet.interfaces import IDelayedCall
from twisted.python.failure import Failure

from commands.mobile_number import calling_number
from gateway.channels.voice.agent_queue import POP, QUEUE, QueueWait, put_through, returned
from gateway.channels.voice.call_journal import CallJournal
from gateway.channels.voice.caller_turns import CallerTurns
from gateway.channels.voice.password_check import PasswordCheck, is_check
from gateway.channels.voice.playback import Playback
from gateway.channels.voice.voice_services import VoiceServices, told_agents
from gateway.dialogue.agent_handover import unheard
from gateway.dialogue.voice_instruction import AfterPrompt, VoiceInstruction, typed_text
from gateway.model.address import Address
from gateway.model.call_record import CallRecord
from gateway.model.messages import CallInput, ScreenAct
from gateway.model.queue_return import QueueReturn
from gateway.ops.log import masked
from gateway.serving.work import Served, WorkResult
from gateway.tts.announcer import SpokenText
from ivr.call.call import Call
from ivr.call.call_events import CallAnswered, CallEnded, CallEvent, CallRefused, CallStarted
from ivr.call.prompts import AnnouncementEnded, QuestionEnded
from ivr.call.questions import TypedKeys
from ivr.call.recording import RecordingEnded
from ivr.call.transfer import AgentConnected, CallerReturned, TransferRequest
from menus.model.fields import UNRECORDED

_TRIES: Final = 4  # times that the desk is asked once more when it cannot serve
_PAUSE: Final = 1.0  # seconds before that
_HOLD_ON: Final = 5.0
"""Seconds of waiting for the desk after which a caller hears that we are at it."""
_TOO_LONG: Final = 30.0  # seconds after which nobody waits for the desk any more
_LAST_WORDS: Final = 30.0  # seconds that an apology may take, whatever goes wrong with it
_INSTEAD: Final = frozenset({"*", "0"})
"""Keys by which somebody who shall speak goes back, or to a person."""


class VoiceCall:
    """One call, from its start, or from ours, to its end. Who waits for the desk is told so."""

    def __init__(self, channel: VoiceServices, exchange: str, call: Call, *, ours: bool) -> None:
        """`ours`: it began with us."""
        self._channel = channel
        self._call = call
        self.exchange = exchange
        self._session = f"{exchange}/{call.caller.uniqueid}"
        self._phone = calling_number(call.caller.number)
        self._playback = Playback(
            call, channel.announcer, channel.clock, channel.recordings, self._broken,
            partial(channel.doubts.about, exchange),
        )  # fmt: skip
        self._deaf = False  # nothing that we play is heard
        self._language = "zh"  # of what was said last
        self._failures = 0
        self._turns = CallerTurns(channel.turns, self._phone, self._answered, ours=ours)
        self._asked = False  # something was, that may have been done
        self._sorry = False  # the last words are on their way
        self._answers = 0  # commands that have answered
        self._over: CallRecord | None = None
        self._began = channel.clock.seconds()
        self._id = 0  # of its first turn: its name in the log
        self._timers: list[IDelayedCall] = []
        self._waiting = QueueWait(exchange, channel.clock, channel.counts)
        self._journal = CallJournal()
        self._recording = ""  # the name of what is spoken now
        self._check = PasswordCheck(channel, call) if is_check(call) else None

    # -- what Asterisk tells ---------------------------------------------------------------------

    def happened(self, event: CallEvent) -> None:
        """Whatever goes wrong with it concerns this call only."""
        try:
            self._happened(event)
        except Exception:
            self._broken(Failure())

    def _happened(self, event: CallEvent) -> None:
        match event:
            case CallStarted(resumed, talking):
                self._asked = resumed
                nuisance = self._channel.nuisance.refuses(self._phone, self._now)
                if nuisance and not (resumed or self._check):
                    self._refuse()
                elif not talking:  # else nobody shall disturb him
                    self._turn(ScreenAct.AGAIN if resumed else ScreenAct.BEGIN)
                facts = {"to": self._call.caller.dialled} | ({"talking": True} if talking else {})
                self._tell("call resumed" if resumed else "call", **facts)
            case QuestionEnded(typed):
                self._heard(typed)
            case RecordingEnded():
                self._recorded(event)
            case AnnouncementEnded(_, heard):
                self._played(heard)
            case AgentConnected(name):
                self._waiting.answered()
                self._journal.talks(name, self._now)
                self._note()
            case CallerReturned(status, key):
                self._back(status, key)
            case CallEnded(end):
                self.stop()
                self._waiting.ends("hung_up")
                seconds = round(self._channel.clock.seconds() - self._began, 3)
                self._tell("call over", how=end.value, seconds=round(seconds, 1))
                self._over = self._journal.record(
                    seconds, end.value, self._answers, self._waiting, self._now
                )
                if self._over.outcome == "nothing" and self._check is None:
                    self._channel.nuisance.count(self._phone, self._now)
                self._turn(ScreenAct.END)
            case CallRefused(what, said):
                self._tell("call refused", what=what, said=said)
            case CallAnswered():
                pass

    def _refuse(self) -> None:
        self._tell("caller refused")
        self._sorry = True
        words = self._channel.words("sys.idle_calls", self._language)
        self._playback.tell(VoiceInstruction(words, self._language, AfterPrompt.HANG_UP))

    def stop(self) -> None:
        """Nothing is waited for any more."""
        for timer in self._timers:
            if timer.active():
                timer.cancel()
        self._timers.clear()

    def leave(self) -> None:
        """It is somebody else's."""
        self.stop()
        self._turns.leave()

    def _played(self, heard: bool) -> None:
        if self._deaf:
            self._let_go()
        elif not self._playback.proving:
            self._said()
        elif not heard:
            self._unheard()
        else:
            self._channel.doubts.heard(self.exchange)
            self._playback.proved()

    def _unheard(self) -> None:
        """He is put through to a person, who learns who calls."""
        self._channel.doubts.unheard(self.exchange)
        self._deaf = True
        if self._check is not None:
            self._let_go()
            return
        self._waiting.begins(QUEUE)
        self._call.transfer(TransferRequest(QUEUE, unheard(self._phone), pop=POP), self._now)

    def _said(self) -> None:
        instruction = self._playback.said()
        if instruction is None or self._call.ended:
            return
        if instruction.then is AfterPrompt.HANG_UP or (self._check and instruction.handover):
            self._let_go(instruction.proved)
        elif instruction.then is AfterPrompt.HAND_OVER and instruction.handover is not None:
            request = put_through(instruction.handover, self._call.caller.channel)
            self._waiting.begins(request.queue)
            self._whisper(instruction.handover.whisper, request)

    def _let_go(self, proved: str = "") -> None:
        """Back to the agent who waits for him, or nowhere."""
        if self._check is not None:
            self._check.over(proved)
        else:
            self._call.hang_up(self._now)

    def _whisper(self, text: str, request: TransferRequest) -> None:
        """Puts him through; who answers hears first who comes."""

        def transfer(spoken: SpokenText) -> None:
            if self._call.free:
                self._call.transfer(replace(request, whisper=spoken.paths), self._now)

        told_agents(self._channel, text).addCallback(transfer).addErrback(self._broken)

    def _back(self, status: str, key: str) -> None:
        """From the queue."""
        self._journal.talked(self._now)
        if self._deaf:
            self._waiting.ends("nobody_there")
            self._call.congestion(self._now)
            return
        back = returned(self._call, status, key)
        self._tell("back from the queue", status=status or "by key")
        if back.talked:
            self._waiting.answered()
        elif back.nobody or key:
            self._waiting.ends("nobody_there" if back.nobody else "left_by_key")
        self._turn(ScreenAct.BACK, back=back)

    # -- what the caller types and says ----------------------------------------------------------

    def _heard(self, typed: TypedKeys) -> None:
        if typed.silent and self._playback.too_short():
            self._channel.doubts.doubt(self.exchange, "they were over before they were heard")
        instruction = self._playback.instruction
        if (
            instruction is not None
            and instruction.then is AfterPrompt.RECORD
            and typed.keys not in _INSTEAD
        ):
            self._recording = f"r{self._channel.ids.next()}"
            self._call.record(self._channel.recordings.of(self._recording), self._now)
        else:
            most = instruction.keys.most if instruction is not None else 0
            self._journal.typed(typed.keys, typed.ender, most)
            self._turn(ScreenAct.ON, typed_text(typed.keys, typed.ender))

    def _recorded(self, recorded: RecordingEnded) -> None:
        channel, recordings = self._channel, self._channel.recordings
        if what := recordings.trouble(self._recording, recorded):
            self._tell("recording failed", folder=str(recordings.folder), what=what)
            channel.unrecorded = f"what callers say is not kept in {recordings.folder}: {what}"
        elif recorded.kept:
            channel.unrecorded = ""
        if recorded.key in _INSTEAD:
            self._turn(ScreenAct.ON, recorded.key)
        else:
            kept = self._recording if recorded.kept else ""
            self._turn(ScreenAct.ON, UNRECORDED if what else kept)

    # -- to the desk and back --------------------------------------------------------------------

    def _turn(self, act: ScreenAct, keys: str = "", back: QueueReturn | None = None) -> None:
        channel = self._channel
        if not channel.open:
            return
        self._asked = self._asked or bool(keys) or back is not None
        if act is not ScreenAct.END and channel.desk.full:
            self._wait()
            self._later()
            return
        arrived = self._input(act, keys, back)
        self._id = self._id or arrived.id
        if not self._turns.take(arrived) and act is not ScreenAct.END:
            self._wait()

    def _input(self, act: ScreenAct, keys: str, back: QueueReturn | None) -> CallInput:
        id, number = self._channel.ids.next(), Address.service(self._call.caller.dialled)
        return CallInput(
            id, self.exchange, self._session, act, self._phone, number, keys, back, self._over,
            entry=self._call.caller.context,
        )  # fmt: skip

    def _answered(self, result: WorkResult | Failure, latest: bool) -> None:
        if isinstance(result, Served) and result.answers:
            self._channel.outbox.add(result.answers)
        if self._call.ended or self._sorry or not latest:
            return
        try:
            self._served(result)
        except Exception:
            self._broken(Failure())

    def _served(self, result: WorkResult | Failure) -> None:
        if not isinstance(result, Served) or result.cue is None:
            self._later()
            return
        self._failures = 0
        self.stop()
        instruction = result.cue
        self._language = instruction.language
        self._answers += bool(instruction.action)
        self._journal.shown(instruction.screen, instruction.action)
        self._note()
        self._playback.tell(instruction)

    def _note(self) -> None:
        if self._channel.cdr:
            self._journal.note_on(self._call, self._waiting.outcome, self._answers)

    # -- when it takes long, or goes wrong -------------------------------------------------------

    def _wait(self) -> None:
        """Until an instruction comes."""
        if not self._timers:
            self._timers = [self._after(_HOLD_ON, self._hold_on)]

    def _hold_on(self) -> None:
        self._timers.append(self._after(_TOO_LONG - _HOLD_ON, self._end))
        words = self._channel.words("sys.wait", self._language)
        self._playback.tell(VoiceInstruction(words, self._language, AfterPrompt.WAIT))

    def _later(self) -> None:
        """The desk cannot serve now. What was typed may have been done all the same: so the caller
        hears where he stands, as soon as somebody knows."""
        self._failures += 1
        if self._failures > _TRIES:
            self._end()
        else:
            self._timers.append(self._after(_PAUSE, partial(self._turn, ScreenAct.AGAIN)))

    def _broken(self, failure: Failure) -> None:
        """It is our own mistake."""
        if not self._sorry and failure.value is not None:
            self._channel.counts.call_failed(self.exchange)
            self._tell("call failed", error=failure.value)
        self._end()

    def _end(self) -> None:
        """In order: an apology, and good-bye. If even that goes wrong, good-bye."""
        self.stop()
        if self._sorry or self._check is not None or self._call.ended:
            self._let_go()
            return
        self._sorry = True
        self._timers = [self._after(_LAST_WORDS, self._end)]
        sorry = "sys.sorry" if self._asked else "sys.sorry.idle"
        words = self._channel.words(sorry, self._language)
        self._playback.tell(VoiceInstruction(words, self._language, AfterPrompt.HANG_UP))

    def _after(self, seconds: float, then: Callable[[], None]) -> IDelayedCall:
        def due() -> None:
            if not self._channel.open:
                return  # the next gateway goes on with the call
            try:
                then()
            except Exception:
                self._broken(Failure())

        return self._channel.clock.callLater(seconds, due)

    @property
    def _now(self) -> float:
        return self._channel.clock.seconds()

    def _tell(self, event: str, **facts: object) -> None:
        facts = {"pbx": self.exchange, "phone": masked(self._phone)} | facts
        self._channel.log.event(event, id=self._id, call=self._call.caller.uniqueid, **facts)
