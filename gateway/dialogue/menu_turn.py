"""What one turn of a subscriber in a menu came to."""

from __future__ import annotations

from typing import Final, NamedTuple

from gateway.model.reply_text import ReplyText
from gateway.model.session_state import SessionState
from menus.model.book import CommandEnding
from menus.model.conditions import MenuUser
from menus.model.steps import EndDialogue, ShowScreen, TransferCall

MenuStep = ShowScreen | EndDialogue | TransferCall
"""Where a turn stops: there is something to show, it is over, or a person takes over."""


class WalkTrace(NamedTuple):
    """What is counted and recorded of a turn."""

    version: str = ""  # of the book that was walked
    began: int = 0  # the message that the walk began with; 0: it does not begin like others
    chosen: tuple[str, ...] = ()  # the options taken, as screen/option
    typed: str | None = None  # a key, or stars for what was asked for; None: nothing
    endings: tuple[CommandEnding, ...] = ()  # of the commands that ran
    who: MenuUser | None = None  # of a walk that begins


NO_TRACE: Final = WalkTrace()


class MenuTurn(NamedTuple):
    """What there is to show now, and what else came of it."""

    step: MenuStep
    state: SessionState
    heard: str  # what was typed, with its secrets cut out
    action: str = "menu"  # for the journal: what it was about …
    result: str = "shown"  # … and how that ended
    letters: tuple[ReplyText, ...] = ()  # short messages besides
    answered: bool = False  # a command has answered
    late: ReplyText | None = None  # a command's answer, to be told if nobody sees the step
    secret: bool = False  # the step's text carries a secret
    changed: bool = False  # something took effect
    asks_for: int = 0  # the order whose confirm the step asks for
    language: str = "zh"
    trace: WalkTrace = NO_TRACE
    refused: tuple[str, ...] = ()  # the texts that refused it
    says: tuple[str, ...] = ()  # the texts that the last command answered with
    proved: str = ""  # the number whose password has been right since it began
