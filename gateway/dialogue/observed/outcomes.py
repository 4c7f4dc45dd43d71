"""What came of a turn, for comparing an edition with the one beside it, or before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from gateway.dialogue.menu_turn import MenuTurn
from gateway.model.editions.edition_outcomes import EditionOutcome, Outcome
from gateway.model.session_state import SessionState
from menus.model.book import CommandEnding
from menus.model.steps import TransferCall

_ASKS: Final = {CommandEnding.PASSWORD, CommandEnding.CODE, CommandEnding.INPUT}


def of_text(version: str, channel: str, now: int, action: str) -> Iterator[EditionOutcome]:
    """A short message that is no key of a menu."""
    yield EditionOutcome(now // 60, version, channel, Outcome.SERVED)
    yield EditionOutcome(now // 60, version, channel, Outcome.BEGUN)
    if action != "unknown":
        yield EditionOutcome(now // 60, version, channel, Outcome.REACHED)


def of_failure(version: str, channel: str, now: int) -> Iterator[EditionOutcome]:
    """A message that could not be served."""
    yield EditionOutcome(now // 60, version, channel, Outcome.SERVED)
    yield EditionOutcome(now // 60, version, channel, Outcome.FAILED)


def of_step(version: str, channel: str, now: int) -> EditionOutcome:
    """A turn in a menu, besides what `of_walk` tells of it."""
    return EditionOutcome(now // 60, version, channel, Outcome.SERVED)


def of_walk(
    channel: str, now: int, turn: MenuTurn, before: SessionState
) -> tuple[list[EditionOutcome], bool]:
    """What a turn in a menu means for its walk; and whether it has led it to something: to what a
    command answered, or to a person. Both count for the minute in which the walk began."""
    version, was, begins = turn.trace.version, before.menu, turn.trace.who is not None
    found: list[EditionOutcome] = []
    if begins:
        found.append(EditionOutcome(now // 60, version, channel, Outcome.BEGUN))
    elif was is None or was.reached:
        return found, False
    if not _leads_somewhere(turn):
        return found, False
    began = now if begins or was is None else was.since
    found.append(EditionOutcome(began // 60, version, channel, Outcome.REACHED))
    return found, True


def _leads_somewhere(turn: MenuTurn) -> bool:
    """Who is only asked for a password or for more has got nothing yet."""
    answered = turn.answered and not _ASKS.issuperset(turn.trace.endings)
    return answered or isinstance(turn.step, TransferCall)


def has_reached(state: SessionState) -> SessionState:
    """So that a walk counts once."""
    menu = state.menu
    return state if menu is None else state._replace(menu=replace(menu, reached=True))
