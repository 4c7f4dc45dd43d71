"""How a message was understood and answered, for the journal and `hallgate trace`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from commands.model.turn import TurnOutcome
from commands.parser.parsed_message import (
    AmbiguousYes,
    ConfirmAnswer,
    DoubtfulAnswer,
    InputTooLate,
    MalformedCommand,
    ParsedCommand,
    ParsedMessage,
    QuestionLeft,
    TypedInput,
    UnknownText,
    UnlistedNumber,
)
from gateway.dialogue.menu_turn import MenuTurn
from gateway.model.tracing.answer_reason import packed

_HOW: Final[Mapping[type[ParsedMessage], str]] = {
    MalformedCommand: "misformed",
    DoubtfulAnswer: "doubtful",
    AmbiguousYes: "which",
    QuestionLeft: "left",
    InputTooLate: "late",
    TypedInput: "typed",
    UnlistedNumber: "unlisted",
    UnknownText: "unknown",
}


def why_said(said: ParsedMessage, outcome: TurnOutcome) -> str:
    """Of a text, or what another interface asks."""
    says = texts_of(outcome)
    if isinstance(said, ParsedCommand):  # nearly every message
        return packed("guessed" if said.guessed else "code", says, [code for code, _ in said.also])
    if isinstance(said, ConfirmAnswer):
        return packed("yes" if said.yes else "no", says)
    also = said.suggestions if isinstance(said, UnknownText) else ()
    return packed(_HOW[type(said)], says, [code for code, _ in also])


def why_walked(turn: MenuTurn, says: Sequence[str] = ()) -> str:
    """Of a step in a menu; `says`: what was said instead."""
    trace = turn.trace
    return packed("menu", says or turn.says, (), trace.version, trace.chosen)


def why_door(outcome: TurnOutcome) -> str:
    """Of what another interface asks."""
    return packed("door", texts_of(outcome))


def texts_of(outcome: TurnOutcome) -> tuple[str, ...]:
    return tuple([reply.text for reply in outcome.replies])
