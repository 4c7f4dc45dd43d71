"""How a command ended, as menus tell endings apart."""

from __future__ import annotations

from typing import Final

from commands.model.turn import TurnOutcome
from menus.model.book import CommandEnding

_LOCKED: Final = frozenset({"auth.pw_locked", "auth.id_locked", "rc.err.tries"})
_DONE: Final = frozenset({"ok", "accepted"})
_WANTS: Final = {"password": CommandEnding.PASSWORD, "code": CommandEnding.CODE}


def ending_of(outcome: TurnOutcome) -> CommandEnding:
    """How a command ended, as menus tell endings apart."""
    dialogue = outcome.dialogue
    if outcome.proposed:
        return CommandEnding.CONFIRM
    if outcome.result not in _DONE and dialogue.step is not None:
        return _WANTS.get(dialogue.step.wants, CommandEnding.INPUT)
    if outcome.result in _DONE:
        opened = any(reply.opens for reply in outcome.replies)
        return CommandEnding.LIST if opened else CommandEnding.OK
    if any(reply.text in _LOCKED for reply in outcome.replies):
        return CommandEnding.LOCKED
    if outcome.result in {"asked", "misformed"} and dialogue.choice is not None:
        return CommandEnding.LIST
    return CommandEnding.REFUSED
