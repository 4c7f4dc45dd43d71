"""Where a subscriber stands: what was offered, what waits for a yes, what must still be typed.

A dialogue holds no secret. It may be lost or stale: then a confirm finds no order, and nothing
happens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from commands.values import value
from commands.vocabulary import Confirm, Level, Secret, Spec

# An expired confirm, list or step is still answered with "too late" for so many seconds.
EXPIRED_IS_TOLD: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Choice:
    """A numbered list on the screen: number n stands for items[n-1], a text read as if it had
    been sent. With `several`, numbers may be answered together, and the list stays open while what
    was picked from it waits for its confirm. A list without items has run out."""

    items: tuple[str, ...]
    until: int
    several: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """An order that waits for its confirm."""

    order: int
    action: str
    confirm: Confirm
    until: int
    against: tuple[str, ...] = ()  # codes that would undo it: sent now, they say no to it


@dataclass(frozen=True, slots=True)
class Step:
    """The next message is expected to be something typed: a password, a code, the next
    parameter."""

    action: str
    subject: str
    wants: str  # "password", "code", or the name of a parameter
    level: Level
    until: int
    args: dict[str, str] = field(default_factory=dict)  # gathered so far; marks instead of secrets


@dataclass(frozen=True, slots=True)
class Dialogue:
    choice: Choice | None = None
    pending: tuple[Pending, ...] = ()
    step: Step | None = None
    lapsed: Step | None = None  # nobody typed it in time

    def alive(self, now: int) -> Dialogue:
        """What has not run out yet. A pending confirm is kept, and of a list or a step that it was
        there: their end is told when they are answered."""
        choice = self.choice
        if choice is not None and choice.until <= now:
            told = choice.until + EXPIRED_IS_TOLD > now
            choice = Choice((), choice.until) if told else None
        step, lapsed = self.step, self.lapsed
        if step is not None and step.until <= now:
            step, lapsed = None, step
        if lapsed is not None and lapsed.until + EXPIRED_IS_TOLD <= now:
            lapsed = None
        if choice is self.choice and step is self.step and lapsed is self.lapsed:
            return self
        return Dialogue(choice, self.pending, step, lapsed)

    @property
    def empty(self) -> bool:
        return not (self.choice or self.step or self.pending or self.lapsed)


NO_DIALOGUE = Dialogue()


# What a text was understood to say.


@value
class Asked:
    """A command with its parameters."""

    spec: Spec
    args: dict[str, str | Secret]
    guessed: bool = False  # found by keyword or likeness, not by its code
    also: tuple[tuple[str, Spec], ...] = ()  # what else the text may wish: proposed by number


@dataclass(frozen=True, slots=True)
class Misformed:
    """A known command whose parameters do not fit. `text` tells how it is written."""

    spec: Spec
    text: str = "help.format"


@dataclass(frozen=True, slots=True)
class Answered:
    """A bare word while a confirm waits. `yes` holds only for a word that this kind of confirm
    accepts."""

    pending: Pending
    word: str
    yes: bool


@dataclass(frozen=True, slots=True)
class Doubted:
    """A question, or half a yes, while a confirm waits: it is neither yes nor no."""

    pending: Pending


@dataclass(frozen=True, slots=True)
class Left:
    """Out of the step, or the list, that is open."""

    step: Step | None


@dataclass(frozen=True, slots=True)
class Lapsed:
    """What a step was waiting for, and came too late."""

    step: Step


@dataclass(frozen=True, slots=True)
class Typed:
    """What a step was waiting for."""

    step: Step
    value: Secret


@dataclass(frozen=True, slots=True)
class BadPick:
    """A number that is not in the open list."""

    number: str


@dataclass(frozen=True, slots=True)
class Which:
    """A bare yes while several confirms wait: which one?"""

    pending: tuple[Pending, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """No such command. Suggestions are codes, best first."""

    text: str
    suggestions: tuple[tuple[str, Spec], ...] = ()


Understood = (
    Asked | Misformed | Answered | Doubted | Left | Lapsed | Typed | BadPick | Which | Unknown
)
