"""What can be chosen on a screen, and what it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from menus.model.conditions import ALWAYS, Condition
from menus.model.wording import EVERYWHERE, MenuChannel, ScreenWording

MenuFilePlace = tuple[str | int, ...]


class CommandEnding(StrEnum):
    """How a command ended, or what it wants before it can."""

    OK = "ok"
    REFUSED = "refused"  # not done; the words say why
    CONFIRM = "confirm"  # it waits for a yes
    PASSWORD = "password"  # it wants the service password
    CODE = "code"  # it wants the random code
    INPUT = "input"  # it wants something else to be typed
    LOCKED = "locked"  # the password is locked
    LIST = "list"  # it offers a numbered list
    LATE = "late"  # it takes too long; the answer follows by SMS


# Where to, besides the names of screens.
BACK, HOME, END, AGAIN, HUMAN = "back", "home", "end", "again", "human"
SPECIAL: Final = frozenset({BACK, HOME, END, AGAIN, HUMAN})


@dataclass(frozen=True, slots=True)
class GoTo:
    to: str


@dataclass(frozen=True, slots=True)
class CommandCall:
    """Runs a command: an action such as q.balance, or a code such as KTEDU40 that fixes its
    parameters. An argument is a fixed value or the name of a field in braces."""

    run: str
    args: tuple[tuple[str, str], ...] = ()
    on: Mapping[CommandEnding, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """Answers what the last command asked: yes or no."""

    word: str


OptionAction = GoTo | CommandCall | AnswerQuestion


def name_of(does: OptionAction) -> str:
    """Where it goes, what it runs, or what it says."""
    match does:
        case GoTo(to):
            return to
        case CommandCall(run):
            return run
        case AnswerQuestion(word):
            return word


@dataclass(frozen=True, slots=True)
class Option:
    name: str  # stays the same when keys move; usage is counted under it
    key: str
    label: ScreenWording
    does: OptionAction
    place: MenuFilePlace
    when: Condition = ALWAYS
    channels: frozenset[MenuChannel] = EVERYWHERE
    language: str = ""  # the dialogue goes on in it
    pinned: bool = False
