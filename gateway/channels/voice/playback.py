"""What a caller hears, one instruction after the other: a text to sounds, sounds to the call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from twisted.internet.interfaces import IReactorTime
from twisted.python.failure import Failure

from gateway.channels.voice.recordings import Recordings
from gateway.channels.voice.sound_doubts import LEAST, SHARE, seconds_of
from gateway.dialogue.voice_instruction import AfterPrompt, VoiceInstruction
from gateway.tts.announcer import Announcer, SpokenText
from ivr.call.call import Call
from ivr.call.questions import BargeIn, Question

_NO_KEY = 0.3  # seconds after which it is plain that no key interrupts what comes before a tone


def slowly(sounds: Sequence[str], pause: str) -> tuple[str, ...]:
    """With a pause behind each phrase but the last; a figure is said in one breath."""
    told = [part for sound in sounds for part in ((sound, pause) if "/p/" in sound else (sound,))]
    return tuple(told[:-1] if told and told[-1] == pause else told)


class Playback:
    """`failed` is told once for each instruction that cannot be said."""

    def __init__(
        self,
        call: Call,
        announcer: Announcer,
        clock: IReactorTime,
        recordings: Recordings,
        failed: Callable[[Failure], None],
        doubtful: Callable[[], bool],
    ) -> None:
        """`doubtful`: whether Asterisk must tell how it went when it plays a question's words."""
        self._call = call
        self._announcer = announcer
        self._clock = clock
        self._recordings = recordings
        self._failed = failed
        self._doubtful = doubtful
        self._proving: Question | None = None
        self._asked: tuple[Question, float] | None = None  # the last question, and when
        self.instruction: VoiceInstruction | None = None  # the last one
        self._ready: SpokenText | None = None  # its sounds, while something else is being said
        self._saying: VoiceInstruction | None = None  # may be the one before

    def tell(self, instruction: VoiceInstruction) -> None:
        """At once, or when what is being said is over. It takes the place of whatever waits."""
        self.instruction, self._ready = instruction, None
        try:
            self._speak(instruction)
        except Exception:
            self._failed(Failure())

    def _speak(self, instruction: VoiceInstruction) -> None:
        text, language = instruction.text, instruction.language
        private, slow = instruction.private, instruction.slow
        spoken = self._announcer.at_hand(text, language, private=private, slow=slow)
        if spoken is not None:
            self._spoken(spoken, instruction)
            return
        speaking = self._announcer.speak(text, language, private=private, slow=slow)
        speaking.addCallback(self._spoken, instruction).addErrback(self._failed)

    def said(self) -> VoiceInstruction | None:
        """Something has been said to its end: the instruction, unless it was what came before."""
        if self._ready is None or self.instruction is None:
            return self.instruction if self._saying is self.instruction else None
        spoken, self._ready = self._ready, None
        self._say(spoken, self.instruction)
        return None

    def _spoken(self, spoken: SpokenText, instruction: VoiceInstruction) -> None:
        if self._call.ended or instruction is not self.instruction:
            return
        if self._call.free:
            self._say(spoken, instruction)
        else:
            self._ready = spoken

    def _say(self, spoken: SpokenText, instruction: VoiceInstruction) -> None:
        now, self._saying = self._clock.seconds(), instruction
        if instruction.then is AfterPrompt.RECORD:
            self._ask(Question(spoken.paths, wait=_NO_KEY, fresh=True), now)
            return
        if instruction.then is not AfterPrompt.ASK:
            # last words are heard, whatever else was typed
            self._call.say(spoken.paths, now, BargeIn.NO_BUFFER)
            return
        keys = instruction.keys
        sounds = spoken.paths
        if instruction.slow:
            sounds = slowly(sounds, self._announcer.pause(instruction.language))
        if instruction.play:
            sounds = (self._recordings.path(instruction.play), *sounds)
        question = Question(
            sounds, keys.most, keys.enders, keys.barge, keys.wait, keys.between, keys.tail,
            instruction.fresh,
        )  # fmt: skip
        self._ask(question, now)

    def _ask(self, question: Question, now: float) -> None:
        if self._doubtful() and question.prompts:
            self._proving = question
            self._call.prove(question.prompts, now)
            return
        self._asked = question, now
        self._call.ask(question, now)

    @property
    def proving(self) -> bool:
        """Whether a question's words are played so that Asterisk tells how it went."""
        return self._proving is not None

    def proved(self) -> None:
        """They were heard: the question follows, without the words."""
        question, self._proving = self._proving, None
        if question is not None:
            now = self._clock.seconds()
            self._asked = None
            self._call.ask(replace(question, prompts=(), fresh=False), now)

    def too_short(self) -> bool:
        """Whether the last question, to which nothing was typed, was over before its sounds can
        have been heard, or has lost one."""
        if self._asked is None:
            return False
        question, began = self._asked
        if any(self._announcer.lost(path) for path in question.prompts):
            return True
        sounds = seconds_of(question.prompts)
        took = self._clock.seconds() - began - question.wait
        return sounds >= LEAST and took < SHARE * sounds
