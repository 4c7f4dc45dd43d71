"""Saying and asking: sounds to a caller, and keys from him.

Asterisk reads nothing between two commands that are not queued together. So all that an answer may
need is queued at once (`ivr.call.key_reading`), and keys that came in the gap before it keep it
from being played. Where they cannot, they show in a look before the read, which is then cut short.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from ivr.call.agi import AgiResult, execute_application, get_variable, sound_lists
from ivr.call.call_control import CallControl
from ivr.call.key_buffer import OK, TIMED_OUT
from ivr.call.key_reading import UNASKED, KeyReading, ReadStep
from ivr.call.questions import (
    OURS,
    AnswerMatch,
    BargeIn,
    Question,
    TypedKeys,
    late_answer,
    match_answer,
    phone_keys,
)
from ivr.call.timeouts import CallTimeouts

_AT_ONCE: Final = 0.001  # seconds; 0 would mean Asterisk's own six
_MOST_ROUNDS: Final = 20
"""Reads that ended without reason, before we take them for silence."""
_STATUS, _PLAYED = "PLAYBACKSTATUS", "SUCCESS"
"""What Playback() says when each of its sounds was there, could be read and was played."""
_CONGESTION: Final = 6.0  # seconds of a tone
_MANY: Final = 32
"""Keys that somebody may type who may type any number."""


class AnnouncementEnded(NamedTuple):
    """An announcement is over; or a key interrupted it, which waits for the next question. It was
    not `heard` if Asterisk said that it could not play all of it; only a checked one asks."""

    interrupted: bool
    heard: bool = True


class QuestionEnded(NamedTuple):
    """A question is answered, or is not."""

    typed: TypedKeys


class PromptTask:
    """One announcement or question. Without `most`, `enders` and `wait` in use it only says."""

    def __init__(
        self,
        call: CallControl,
        question: Question,
        listens: bool,
        timeouts: CallTimeouts,
        *,
        checked: bool = False,
    ) -> None:
        self._call = call
        self._keys = call.keys
        self._question = question
        self._listens = listens
        self._timeouts = timeouts
        self._sounds = sound_lists(question.prompts)
        self._fresh = question.fresh
        self._rounds = 0
        self._cut = False
        self._left: list[str] = []
        self._checked = checked
        self._heard = True

    def begin(self, now: float) -> None:
        """From the first sound; also when it has to begin again."""
        self._left = list(self._sounds)
        self._cut = False
        if self._question.barge is BargeIn.YES:
            if self._fresh:
                self._keys.forget()
            if not self._answered_already(now):
                self._sound(now)
        else:
            self._play_through(now)

    # ---- sounds that a key ends ----------------------------------------------------------------

    def _answered_already(self, now: float) -> bool:
        """Whoever typed ahead needs no prompt."""
        if self._settled():
            return True
        if phone_keys(self._keys.typed):
            self._collect(now)
            return True
        return False

    def _sound(self, now: float) -> None:
        sound = self._left.pop(0) if self._left else ""
        if self._left or not self._listens:
            self._call.allow(self._timeouts.answer + self._timeouts.prompts, now)
            reading = KeyReading(sound, (ReadStep(1, _AT_ONCE),), fresh=self._fresh)
            self._keys.read(reading, self._looked, self._sounded)
        else:
            self._read(sound, now)

    def _looked(self, now: float) -> None:
        if self._fresh:
            self._fresh = False
            self._keys.forget()
            return
        if self._settled():
            self._keys.cut(now)
        elif phone_keys(self._keys.typed) and not self._cut:
            self._cut = True
            self._keys.cut(now)

    def _sounded(self, ending: str, now: float) -> None:
        self._fresh = False
        if self._settled() or self._unread(ending, now):
            return
        if phone_keys(self._keys.typed):
            self._collect(now)
        elif self._unheard(ending):
            self._begin_again(now)
        elif self._left:
            self._sound(now)
        else:
            self._call.done(AnnouncementEnded(False))

    # ---- sounds that play to their end ---------------------------------------------------------

    def _play_through(self, now: float) -> None:
        self._call.allow(self._timeouts.answer + self._timeouts.prompts, now)
        if self._fresh:
            self._keys.look(self._looked)
        for each in self._left:
            self._call.run(execute_application("Playback", each))
            if self._checked:
                self._call.run(get_variable(_STATUS), self._played_well)
        self._left.clear()
        self._keys.look(self._played)

    def _played_well(self, result: AgiResult, now: float) -> None:
        self._heard = self._heard and result.text == _PLAYED

    def _played(self, now: float) -> None:
        if self._question.barge is BargeIn.NO_DISCARD:
            self._keys.forget()
        if not self._listens:
            self._call.done(AnnouncementEnded(False, self._heard))
        elif not self._settled():
            self._collect(now)

    # ---- keys ----------------------------------------------------------------------------------

    def _collect(self, now: float) -> None:
        """Waits for the keys that are missing, without a sound."""
        self._left.clear()
        self._cut = True
        self._read("", now)

    def _read(self, sound: str, now: float) -> None:
        steps = self._steps()
        talking = self._timeouts.prompts if sound else 0.0
        silence = sum(step.wait * (1 + (step.most or _MANY)) for step in steps)
        self._call.allow(self._timeouts.answer + talking + silence, now)
        reading = KeyReading(sound, steps, self._question.enders, self._fresh)
        self._keys.read(reading, self._looked, self._collected)

    def _steps(self) -> tuple[ReadStep, ...]:
        """What is missing."""
        question, typed = self._question, phone_keys(self._keys.typed)
        tail = (ReadStep(1, question.tail),) if question.tail and question.enders else ()
        if match_answer(self._keys.typed, question):
            return tail
        between = question.between or question.wait
        missing = max(0, question.most - len(typed))
        if typed or between == question.wait or question.most == 1:
            keys: tuple[ReadStep, ...] = (ReadStep(missing, between if typed else question.wait),)
        else:
            keys = ReadStep(1, question.wait), ReadStep(max(0, missing - 1), between)
        return keys + tail if missing else keys

    def _collected(self, ending: str, now: float) -> None:
        self._fresh = False
        if self._settled() or self._unread(ending, now):
            return
        self._rounds += 1
        if ending == TIMED_OUT or self._rounds >= _MOST_ROUNDS:
            self._answer(
                match_answer(self._keys.typed, self._question) or late_answer(self._keys.typed)
            )
        elif self._unheard(ending):
            self._begin_again(now)
        else:
            self._collect(now)

    def _unread(self, ending: str, now: float) -> bool:
        """Whether nothing was read at all: then there is no Read()."""
        if ending:
            return False
        self._call.unable("app_read", now)
        return True

    def _unheard(self, ending: str) -> bool:
        """Whether a tone of ours ended what it was not meant for, or kept it from being played."""
        ours = ending == UNASKED or (ending == OK and OURS in self._keys.typed)
        return ours and not self._cut and not phone_keys(self._keys.typed)

    def _begin_again(self, now: float) -> None:
        self._keys.forget()
        self.begin(now)

    def _settled(self) -> bool:
        """Whether the keys are what we want; then the task is over."""
        if not self._listens:
            if phone_keys(self._keys.typed) and self._question.barge is BargeIn.YES:
                self._call.done(AnnouncementEnded(True))
                return True
            return False
        found = match_answer(self._keys.typed, self._question)
        if found is None or found.open:
            return False
        self._answer(found)
        return True

    def _answer(self, found: AnswerMatch) -> None:
        self._keys.take(found.used)
        self._call.done(QuestionEnded(found.typed))


class CongestionTask:
    """The tone by which exchanges say that they cannot serve now."""

    def __init__(self, call: CallControl, timeouts: CallTimeouts) -> None:
        self._call = call
        self._timeouts = timeouts

    def begin(self, now: float) -> None:
        self._call.allow(self._timeouts.answer + _CONGESTION, now)
        self._call.run(execute_application("Congestion", f"{_CONGESTION:g}"), self._over)

    def _over(self, result: AgiResult, now: float) -> None:
        self._call.done(AnnouncementEnded(False))
