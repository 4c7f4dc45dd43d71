"""What callers type: a question, the keys that came, and whether they answer it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple

PHONE: Final = frozenset("0123456789*#")
"""The keys that telephones have."""
OURS: Final = "D"
"""A tone that no telephone has a key for: we press it to end a sound."""


class BargeIn(Enum):
    """What keys do while a prompt plays."""

    YES = "yes"
    """They end the prompt, and count."""
    NO_BUFFER = "no-buffer"
    """The prompt plays to its end; they count."""
    NO_DISCARD = "no-discard"
    """The prompt plays to its end; they are thrown away."""


@dataclass(frozen=True, slots=True)
class Question:
    """Sounds to play, and the keys to wait for.

    It is answered by `most` keys (0: any number), by an ender, or by silence. With a `tail`, an
    ender that follows the last key within so many seconds belongs to the answer: who is asked for
    six digits and #, and types them, would else press # into the next question. `fresh` throws
    away what was typed before.
    """

    prompts: tuple[str, ...] = ()
    most: int = 1
    enders: str = ""
    barge: BargeIn = BargeIn.YES
    wait: float = 6.0
    """Seconds of silence, before the first key and between keys."""
    between: float = 0.0
    """Seconds of silence between keys, if they are others."""
    tail: float = 0.0
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class TypedKeys:
    """What a caller typed. `ender` is the key that ended it, which `keys` does not hold; `late` if
    silence did."""

    keys: str = field(repr=False)  # often a password
    ender: str = ""
    late: bool = False

    @property
    def silent(self) -> bool:
        return self.late and not self.keys


class AnswerMatch(NamedTuple):
    """An answer, how many of the keys it took, and whether an ender might still follow."""

    typed: TypedKeys
    used: int
    open: bool = False


def phone_keys(raw: str) -> str:
    """What the caller pressed, of all that was heard."""
    return "".join(key for key in raw if key in PHONE)


def match_answer(raw: str, question: Question) -> AnswerMatch | None:
    """The answer at the beginning of these keys, if it is complete."""
    keys = ""
    for place, key in enumerate(raw):
        if key not in PHONE:
            continue
        if key in question.enders:
            return AnswerMatch(TypedKeys(keys, key), place + 1)
        keys += key
        if len(keys) == question.most:
            return _with_tail(keys, raw, place + 1, question)
    return None


def _with_tail(keys: str, raw: str, used: int, question: Question) -> AnswerMatch:
    if question.tail and question.enders:
        for place in range(used, len(raw)):
            if raw[place] in question.enders:
                return AnswerMatch(TypedKeys(keys, raw[place]), place + 1)
            if raw[place] in PHONE:
                return AnswerMatch(TypedKeys(keys), used)
        return AnswerMatch(TypedKeys(keys), used, open=True)
    return AnswerMatch(TypedKeys(keys), used)


def late_answer(raw: str) -> AnswerMatch:
    """The answer when nothing more comes."""
    return AnswerMatch(TypedKeys(phone_keys(raw), late=True), len(raw))
