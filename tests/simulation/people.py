"""Subscribers, and how they understand what they read. Each keeps their own books.

A turn is a text and its one answer. `Account` is what the subscriber knows to be so: money,
services, complaints. It is reckoned from nothing but what they wrote and read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

BELIEFS: Final = 100  # ways to understand what was read that are thought of at a time


@dataclass(frozen=True, slots=True)
class Account:
    balance: int  # fen
    asked: str = ""  # what waits for a confirm
    services: frozenset[str] = frozenset()
    ended: frozenset[str] = frozenset()  # to the end of the month
    complaints: tuple[str, ...] = ()
    password: str = ""
    charged: int = 0  # fen, for what was ordered


Reads = Callable[[Account, str], Account | None]
"""What is so after an answer; None: it is no answer to that."""


@dataclass(frozen=True, slots=True)
class Turn:
    text: str
    reads: Reads
    pause: float  # seconds before it is written
    parts: str = "udh8"  # how a long text is cut
    reference: int | None = None  # of its parts
    waits: bool = False  # for a while: then he writes on
    must: bool = False  # it is a question: nothing else is written before it is read
    anew: str = ""  # words that ask for the same again


@dataclass(frozen=True, slots=True)
class Shown:
    """On a phone, at a moment of the world."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Belief:
    """How what was read may be understood: what it answered, and what only came again."""

    answered: int  # turns
    account: Account
    repeats: tuple[Shown, ...] = ()
    passed: tuple[int, ...] = ()  # turns that were taken for one before that looks the same

    @property
    def cost(self) -> tuple[float, ...]:
        """The best is the least: few repetitions, and late ones, for an answer comes first."""
        return len(self.passed), len(self.repeats), *(-each.at for each in self.repeats)


def _passed(one: Belief) -> Belief:
    return replace(one, answered=one.answered + 1, passed=(*one.passed, one.answered))


@dataclass
class Person:
    """`began` is what was so at first."""

    number: str
    began: Account
    turns: list[Turn]
    secrets: list[str] = field(default_factory=list)
    written: int = 0  # turns
    shown: list[Shown] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    """What answers nothing, and was not said before either."""
    beliefs: list[Belief] = field(init=False)

    def __post_init__(self) -> None:
        self.beliefs = [Belief(0, self.began)]

    @property
    def answered(self) -> int:
        """Turns that were, as far as he knows."""
        return max(one.answered for one in self.beliefs)

    @property
    def best(self) -> list[Belief]:
        """Those by which most turns were answered: each may be how it was."""
        return [one for one in self.beliefs if one.answered == self.answered]

    def read(self, text: str, at: float) -> None:
        shown = Shown(at, text)
        known = any(text == one.text for one in self.shown)
        fits = [after for one in self.beliefs for after in self._fitting(one, shown, known)]
        self.shown.append(shown)
        if not fits:
            self.strange.append(text)
            return
        self.beliefs = sorted(dict.fromkeys(fits), key=lambda one: one.cost)[:BELIEFS]

    def _fitting(self, one: Belief, shown: Shown, known: bool) -> Iterator[Belief]:
        if known:
            yield replace(one, repeats=(*one.repeats, shown))
        if one.answered == self.written:
            return
        turn = self.turns[one.answered]
        if turn.anew and turn.anew in shown.text:
            self._write_again(one.answered)
            yield replace(one, answered=one.answered + 1)
        elif (after := turn.reads(one.account, shown.text)) is not None:
            yield replace(one, answered=one.answered + 1, account=after)
        if self.says_again(one.answered):
            yield from self._fitting(_passed(one), shown, known=False)

    def says_again(self, place: int) -> bool:
        """Whether that turn looks like one before it."""
        return bool(self.like(place))

    def like(self, place: int) -> list[int]:
        """The places of the turns before it that have the same words."""
        text = self.turns[place].text
        return [before for before in range(place) if self.turns[before].text == text]

    def ends(self) -> None:
        """Nothing more comes: what looks like something before it may have been taken for that."""
        fits = [self._to_the_end(one) for one in self.beliefs]
        self.beliefs = list(dict.fromkeys([*self.beliefs, *fits]))

    def answers(self, belief: Belief) -> dict[int, Shown]:
        """What answered each turn, by its place: whatever did not only come again, in its order."""
        rest = list(self.shown)
        for repeat in belief.repeats:
            rest.remove(repeat)
        places = [place for place in range(belief.answered) if place not in belief.passed]
        return dict(zip(places, rest, strict=False))  # what is strange answers nothing

    def _to_the_end(self, one: Belief) -> Belief:
        while one.answered < self.written and self.says_again(one.answered):
            one = _passed(one)
        return one

    def _write_again(self, place: int) -> None:
        """He was asked anew: what he said had come before anybody knew that he was asked."""
        if self.written == place + 1 and self.turns[place] not in self.turns[place + 1 :]:
            self.turns.insert(place + 1, self.turns[place])
