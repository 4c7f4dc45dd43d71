"""What a walk comes to: something to show, a command to run, the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from menus.model.book import CommandEnding
from menus.model.fields import Field, FieldInput, TypedSecret
from menus.model.position import Position


@dataclass(frozen=True, slots=True)
class ShowScreen:
    """A screen that waits for an input. `sms`: what the last command answered goes out as a short
    message too, in the words of one. `field` is what is to be typed, if not a key."""

    screen: str
    text: str
    sms: bool = False
    field: Field | None = None
    longest_key: int = 1  # digits of it; a voice prompt gathers no more
    page: int = 0
    pages: int = 1
    offer: str = ""  # shown for the first time


@dataclass(frozen=True, slots=True)
class RunCommand:
    """Run this action or code; `walk.resume` wants to know how it ended."""

    run: str
    args: Mapping[str, FieldInput] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerCommand:
    """Tell the command what it asked for: yes, no, a password, numbers of a list; then `resume`."""

    word: str | TypedSecret


@dataclass(frozen=True, slots=True)
class EndDialogue:
    """The last words; `sms` as in Show."""

    text: str
    sms: bool = False


@dataclass(frozen=True, slots=True)
class TransferCall:
    """To a person, behind these words."""

    text: str
    screen: str


WalkStep = ShowScreen | RunCommand | AnswerCommand | EndDialogue | TransferCall


@dataclass(frozen=True, slots=True)
class CommandResult:
    """How a command ended, in words for the channel. `secret` words are shown once and kept
    nowhere."""

    ending: CommandEnding
    words: str = ""
    secret: bool = False


@dataclass(frozen=True, slots=True)
class WalkResult:
    """`position` is to be stored, `step` to be done. `keep` are secrets just typed, to be kept
    sealed until the dialogue ends. `dropped`: the command's question was walked away from. `ahead`
    is what is as good as typed behind a command: to be given to `resume`, never stored. `chosen`
    names the options that were taken, as screen/option; `language` was chosen with one of them."""

    position: Position
    step: WalkStep
    keep: Mapping[str, TypedSecret] = field(default_factory=dict)
    dropped: bool = False
    ahead: tuple[TypedSecret, ...] = ()
    chosen: tuple[str, ...] = ()
    language: str = ""
