"""What a text was understood to say."""

from __future__ import annotations

from dataclasses import dataclass

from commands.model.dialogue import AwaitedInput, PendingConfirm
from commands.model.frozen_value import frozen_value
from commands.model.request import CommandSpec, Secret


@frozen_value
class ParsedCommand:
    """A command with its parameters."""

    spec: CommandSpec
    args: dict[str, str | Secret]
    guessed: bool = False  # found by keyword or likeness, not by its code
    also: tuple[
        tuple[str, CommandSpec], ...
    ] = ()  # what else the text may wish: proposed by number


@dataclass(frozen=True, slots=True)
class MalformedCommand:
    """A known command whose parameters do not fit. `text` tells how it is written."""

    spec: CommandSpec
    text: str = "help.format"


@dataclass(frozen=True, slots=True)
class ConfirmAnswer:
    """A bare word while a confirm waits. `yes` holds only for a word that this kind of confirm
    accepts."""

    pending: PendingConfirm
    word: str
    yes: bool


@dataclass(frozen=True, slots=True)
class DoubtfulAnswer:
    """A question, or half a yes, while a confirm waits: it is neither yes nor no."""

    pending: PendingConfirm


@dataclass(frozen=True, slots=True)
class QuestionLeft:
    """Out of the step, or the list, that is open."""

    step: AwaitedInput | None


@dataclass(frozen=True, slots=True)
class InputTooLate:
    """What a step was waiting for, and came too late."""

    step: AwaitedInput


@dataclass(frozen=True, slots=True)
class TypedInput:
    """What a step was waiting for."""

    step: AwaitedInput
    value: Secret


@dataclass(frozen=True, slots=True)
class UnlistedNumber:
    """A number that is not in the open list; empty: a yes, where several things are in it."""

    number: str


@dataclass(frozen=True, slots=True)
class AmbiguousYes:
    """A bare yes while several confirms wait: which one?"""

    pending: tuple[PendingConfirm, ...]


@dataclass(frozen=True, slots=True)
class UnknownText:
    """No such command. Suggestions are codes, best first."""

    text: str
    suggestions: tuple[tuple[str, CommandSpec], ...] = ()


ParsedMessage = (
    ParsedCommand
    | MalformedCommand
    | ConfirmAnswer
    | DoubtfulAnswer
    | QuestionLeft
    | InputTooLate
    | TypedInput
    | UnlistedNumber
    | AmbiguousYes
    | UnknownText
)
