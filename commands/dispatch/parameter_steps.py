"""Parameters asked for one by one: whether what was typed fits, and what is asked next."""

from __future__ import annotations

from dataclasses import replace

from commands.auth import proof
from commands.dispatch.command_kinds import ChangeCommand
from commands.dispatch.command_table import ACTIONS
from commands.model.dialogue import AwaitedInput
from commands.model.parameters import ParameterKind
from commands.model.request import Argument, CommandSpec, Reply, Request, Secret
from commands.model.turn import TurnState
from commands.parser.parsed_message import TypedInput


def entered_value(turn: TurnState, said: TypedInput) -> Argument | None:
    """Whether it has the right shape; a password, a code or what the action itself checks is told
    what is wrong with it later."""
    step, action = said.step, ACTIONS[said.step.action]
    kind = proof.kind_of(step.wants, turn.register)
    checked = isinstance(action, ChangeCommand) and step.wants in action.checks
    value = kind.clean(said.value.reveal())
    if kind is ParameterKind.PASSWORD or (kind.secret and checked):
        return said.value
    if value is None or not kind.secret:
        return value
    return Secret(value)


def check_parameter(turn: TurnState, request: Request, step: AwaitedInput) -> None:
    """Say at once what is wrong with a parameter, not after the last one. Raises Refusal."""
    action = ACTIONS[request.spec.action]
    if isinstance(action, ChangeCommand) and step.wants in action.checks:
        action.checks[step.wants](request, turn.hall)


def check_secrets_sent_along(turn: TurnState, request: Request) -> None:
    """Before the next is asked for: from then on only a mark of a secret is kept. Raises
    Refusal."""
    action = ACTIONS[request.spec.action]
    for name, check in action.checks.items() if isinstance(action, ChangeCommand) else ():
        if isinstance(request.args.get(name), Secret):
            check(request, turn.hall)


def ask_for_new_again(turn: TurnState, request: Request) -> None:
    """What was sent in one message is asked for step by step from the new password on; a
    certificate that was right need not be sent again."""
    steps = request.spec.steps
    first = steps.index("new")
    proven = {n: value for n, value in request.args.items() if n not in steps[first:]}
    proof.wait_for(turn, "new", replace(request, args=proven))


def question_for(spec: CommandSpec, wants: str) -> Reply:
    text = proof.ASKS_NUMBER if wants == proof.NUMBER else spec.asks[wants]
    return Reply(text, {"name": spec.name})
