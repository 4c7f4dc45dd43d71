"""What came of a turn, for comparing an edition that is tried out with the one in force."""

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


def of_walk(
    since: int, channel: str, now: int, turn: MenuTurn, before: SessionState
) -> tuple[list[EditionOutcome], bool]:
    """A turn in a menu; and whether it has led the walk to something: to what a command answered,
    or to a person. Walks that began before `since`, when the canary did, count for nothing: of some
    of them nobody knows any more what they led to."""
    version, was, begins = turn.trace.version, before.menu, turn.trace.who is not None
    found = [EditionOutcome(now // 60, version, channel, Outcome.SERVED)]
    began = now if begins or was is None else was.since
    if began < since or (was is None and not begins):
        return found, False
    if begins:
        found.append(EditionOutcome(began // 60, version, channel, Outcome.BEGUN))
    if (was is not None and not begins and was.reached) or not _leads_somewhere(turn):
        return found, False
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
