"""Where a subscriber stands: what was offered, what waits for a yes, what must still be typed.

A dialogue holds no secret. It may be lost or stale: then a confirm finds no order, and nothing
happens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from commands.model.request import AuthLevel, ConfirmRule

# An expired confirm, list or step is still answered with "too late" for so many seconds.
EXPIRED_IS_TOLD: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class NumberedList:
    """A numbered list on the screen: number n stands for items[n-1], a text read as if it had
    been sent. With `several`, numbers may be answered together, and the list stays open while what
    was picked from it waits for its confirm. A list without items has run out. `latest`: nothing
    has been said since, so that a yes can be for it."""

    items: tuple[str, ...]
    until: int
    several: bool = False
    latest: bool = True


@dataclass(frozen=True, slots=True)
class PendingConfirm:
    """An order that waits for its confirm."""

    order: int
    action: str
    confirm: ConfirmRule
    until: int
    against: tuple[str, ...] = ()  # codes that would undo it: sent now, they say no to it


@dataclass(frozen=True, slots=True)
class AwaitedInput:
    """The next message is expected to be something typed: a password, a code, the next
    parameter."""

    action: str
    subject: str
    wants: str  # "password", "code", or the name of a parameter
    level: AuthLevel
    until: int
    args: dict[str, str] = field(default_factory=dict)  # gathered so far; marks instead of secrets


@dataclass(frozen=True, slots=True)
class Dialogue:
    choice: NumberedList | None = None
    pending: tuple[PendingConfirm, ...] = ()
    step: AwaitedInput | None = None
    lapsed: AwaitedInput | None = None  # nobody typed it in time

    def alive(self, now: int) -> Dialogue:
        """What has not run out yet. A pending confirm is kept, and of a list or a step that it was
        there: their end is told when they are answered."""
        choice = self.choice
        if choice is not None and choice.until <= now:
            told = choice.until + EXPIRED_IS_TOLD > now
            choice = NumberedList((), choice.until) if told else None
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
