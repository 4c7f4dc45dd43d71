"""Saying and asking: sounds to a caller, and keys from him.

Asterisk reads nothing between two commands that are not queued together. So all that an answer may
need is queued at once (`ivr.reads`), and keys that came in the gap before it keep it from being
played. Where they cannot, they show in a look before the read, which is then cut short.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from ivr.agi import execute, sounds
from ivr.hand import Hand
from ivr.keyboard import OK, TIMED_OUT
from ivr.keys import OURS, Barge, Match, Question, Typed, late, match, phone_keys
from ivr.reads import UNASKED, Reading, Step
from ivr.terms import Patience

_AT_ONCE: Final = 0.001  # seconds; 0 would mean Asterisk's own six
_MOST_ROUNDS: Final = 20
"""Reads that ended without reason, before we take them for silence."""
_MANY: Final = 32
"""Keys that somebody may type who may type any number."""


class Said(NamedTuple):
    """An announcement is over; or a key interrupted it, which waits for the next question."""

    interrupted: bool


class Heard(NamedTuple):
    """A question is answered, or is not."""

    typed: Typed


class Conversing:
    """One announcement or question. Without `most`, `enders` and `wait` in use it only says."""

    def __init__(self, hand: Hand, question: Question, listens: bool, patience: Patience) -> None:
        self._hand = hand
        self._question = question
        self._listens = listens
        self._patience = patience
        self._sounds = sounds(question.prompts)
        self._fresh = question.fresh
        self._rounds = 0
        self._cut = False
        self._left: list[str] = []

    def begin(self, now: float) -> None:
        """From the first sound; also when it has to begin again."""
        self._left = list(self._sounds)
        self._cut = False
        if self._question.barge is Barge.YES:
            if self._fresh:
                self._hand.forget()
            if not self._answered_already(now):
                self._sound(now)
        else:
            self._play_through(now)

    # ---- sounds that a key ends ----------------------------------------------------------------

    def _answered_already(self, now: float) -> bool:
        """Whoever typed ahead needs no prompt."""
        if self._settled():
            return True
        if phone_keys(self._hand.typed):
            self._collect(now)
            return True
        return False

    def _sound(self, now: float) -> None:
        sound = self._left.pop(0) if self._left else ""
        if self._left or not self._listens:
            self._hand.allow(self._patience.answer + self._patience.prompts, now)
            reading = Reading(sound, (Step(1, _AT_ONCE),), fresh=self._fresh)
            self._hand.read(reading, self._looked, self._sounded)
        else:
            self._read(sound, now)

    def _looked(self, now: float) -> None:
        if self._fresh:
            self._fresh = False
            self._hand.forget()
            return
        if self._settled():
            self._hand.cut(now)
        elif phone_keys(self._hand.typed) and not self._cut:
            self._cut = True
            self._hand.cut(now)

    def _sounded(self, ending: str, now: float) -> None:
        if self._settled():
            return
        if phone_keys(self._hand.typed):
            self._collect(now)
        elif self._unheard(ending):
            self._begin_again(now)
        elif self._left:
            self._sound(now)
        else:
            self._hand.done(Said(False))

    # ---- sounds that play to their end ---------------------------------------------------------

    def _play_through(self, now: float) -> None:
        self._hand.allow(self._patience.answer + self._patience.prompts, now)
        if self._fresh:
            self._hand.look(self._looked)
        for each in self._left:
            self._hand.run(execute("Playback", each))
        self._left.clear()
        self._hand.look(self._played)

    def _played(self, now: float) -> None:
        if self._question.barge is Barge.NO_DISCARD:
            self._hand.forget()
        if not self._listens:
            self._hand.done(Said(False))
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
        talking = self._patience.prompts if sound else 0.0
        silence = sum(step.wait * (1 + (step.most or _MANY)) for step in steps)
        self._hand.allow(self._patience.answer + talking + silence, now)
        reading = Reading(sound, steps, self._question.enders, self._fresh)
        self._hand.read(reading, self._looked, self._collected)

    def _steps(self) -> tuple[Step, ...]:
        """What is missing."""
        question, typed = self._question, phone_keys(self._hand.typed)
        tail = (Step(1, question.tail),) if question.tail and question.enders else ()
        if match(self._hand.typed, question):
            return tail
        between = question.between or question.wait
        missing = max(0, question.most - len(typed))
        if typed or between == question.wait or question.most == 1:
            keys: tuple[Step, ...] = (Step(missing, between if typed else question.wait),)
        else:
            keys = Step(1, question.wait), Step(max(0, missing - 1), between)
        return keys + tail if missing else keys

    def _collected(self, ending: str, now: float) -> None:
        if self._settled():
            return
        self._rounds += 1
        if ending == TIMED_OUT or self._rounds >= _MOST_ROUNDS:
            self._answer(match(self._hand.typed, self._question) or late(self._hand.typed))
        elif self._unheard(ending):
            self._begin_again(now)
        else:
            self._collect(now)

    def _unheard(self, ending: str) -> bool:
        """Whether a tone of ours ended what it was not meant for, or kept it from being played."""
        ours = ending == UNASKED or (ending == OK and OURS in self._hand.typed)
        return ours and not self._cut and not phone_keys(self._hand.typed)

    def _begin_again(self, now: float) -> None:
        self._hand.forget()
        self.begin(now)

    def _settled(self) -> bool:
        """Whether the keys are what we want; then the errand is over."""
        if not self._listens:
            if phone_keys(self._hand.typed) and self._question.barge is Barge.YES:
                self._hand.done(Said(True))
                return True
            return False
        found = match(self._hand.typed, self._question)
        if found is None or found.open:
            return False
        self._answer(found)
        return True

    def _answer(self, found: Match) -> None:
        self._hand.take(found.used)
        self._hand.done(Heard(found.typed))
