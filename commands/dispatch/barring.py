"""Numbers that may not use the hall: what is said to them, whatever they ask, but for what protects
them."""

from __future__ import annotations

from commands.dispatch.command_kinds import ChangeCommand
from commands.dispatch.command_table import ACTIONS
from commands.model.request import Reply
from commands.model.turn import TurnOutcome, TurnState
from commands.parser.parsed_message import (
    ConfirmAnswer,
    ParsedCommand,
    ParsedMessage,
    TypedInput,
)

NOTHING = "barred"  # the action of what was no command


def refused(turn: TurnState, said: ParsedMessage) -> TurnOutcome | None:
    """None for who is served. Asked only where some class is not."""
    context, hall = turn.context, turn.hall
    account = hall.accounts.find(context.phone) if context.phone else None
    found = hall.settings.classes.barred(account.classes_at(context.now)) if account else None
    if found is None:
        return None
    action = _action_of(said)
    kind = ACTIONS.get(action)
    if isinstance(kind, ChangeCommand) and (kind.protects or kind.gives_up):
        return None
    return turn.outcome(action, "refused", Reply("sv.err.class", {"words": found.says}))


def _action_of(said: ParsedMessage) -> str:
    match said:
        case ParsedCommand():
            return said.spec.action
        case TypedInput():
            return said.step.action
        case ConfirmAnswer():
            return said.pending.action
        case _:
            return NOTHING
