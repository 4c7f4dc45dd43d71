"""What is open besides an answer: confirms and steps that go on waiting, how they are left, and how
that is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from commands.dispatch.confirmation import facts_of
from commands.model.dialogue import AwaitedInput, Dialogue, PendingConfirm
from commands.model.request import Reply
from commands.model.turn import TurnOutcome, TurnState
from commands.parser.parsed_message import (
    AmbiguousYes,
    InputTooLate,
    ParsedCommand,
    ParsedMessage,
    QuestionLeft,
    TypedInput,
)


def leave_question(turn: TurnState, said: QuestionLeft | InputTooLate) -> TurnOutcome:
    """Out of what was asked; or it was over already."""
    step = said.step
    if step is None:
        turn.dialogue = replace(turn.dialogue, choice=None)
        return turn.outcome("pick", "left", Reply("list.left"))
    turn.wait_for(None)
    turn.dialogue = replace(turn.dialogue, lapsed=None)
    late = isinstance(said, InputTooLate)
    text, result = ("step.expired", "expired") if late else ("step.left", "left")
    return turn.outcome(step.action, result, Reply(text, _facts(turn, step)))


def open_questions(
    turn: TurnState, said: ParsedMessage, outcome: TurnOutcome, before: Dialogue
) -> list[Reply]:
    """Beside the answer to something else: what still waits, and what does not any more."""
    return [*_confirms(turn, said, outcome, before), *_step(turn, said, outcome, before)]


def _confirms(
    turn: TurnState, said: ParsedMessage, outcome: TurnOutcome, before: Dialogue
) -> Iterable[Reply]:
    """Not while what was typed is still to be gone on with: one question at a time."""
    now, after = turn.context.now, outcome.dialogue.pending
    if isinstance(said, AmbiguousYes) or (isinstance(said, TypedInput) and outcome.dialogue.step):
        return
    waiting = [p for p in after if p in before.pending and p.until > now]
    waiting = [p for p in waiting if p.order != outcome.proposed]
    if waiting:  # how it is answered is told where nothing else is to be answered first
        asks = bool(outcome.proposed) or outcome.dialogue.step is not None
        text = "confirm.besides" if asks else "confirm.waiting"
        yield Reply(text, {"names": _names(turn, waiting)})


def _names(turn: TurnState, pending: Iterable[PendingConfirm]) -> list[object]:
    return [facts_of(turn, p, turn.hall.orders.find(p.order))["name"] for p in pending]


def _step(
    turn: TurnState, said: ParsedMessage, outcome: TurnOutcome, before: Dialogue
) -> Iterable[Reply]:
    step, now = before.step, outcome.dialogue.step
    if step is None or isinstance(said, TypedInput | QuestionLeft):
        return
    if now is step:
        yield Reply("step.waiting", _facts(turn, step))
    elif not (now and now.action == step.action) and _other(said, step):
        yield Reply("step.left", _facts(turn, step))


def _other(said: ParsedMessage, step: AwaitedInput) -> bool:
    return not (isinstance(said, ParsedCommand) and said.spec.action == step.action)


def _facts(turn: TurnState, step: AwaitedInput) -> dict[str, object]:
    spec = turn.register.spec(step.action, step.args)
    return {"name": spec.name, "code": turn.register.code_of(spec)}
