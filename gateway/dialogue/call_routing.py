"""A step of a call: it begins, a key was pressed, the caller is back from a queue, it is over."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from commands.model.request import Channel
from commands.model.turn import TurnContext
from gateway.dialogue.agent_handover import AgentHandover, handed_over
from gateway.dialogue.answer_reasons import why_walked
from gateway.dialogue.menu_turn import MenuTurn
from gateway.dialogue.routed_turn import RoutedTurn
from gateway.dialogue.said_notices import before_call
from gateway.dialogue.shared_context import SharedContext
from gateway.dialogue.voice_instruction import voice_instruction_of
from gateway.model.messages import CallInput, ScreenAct
from gateway.model.session_state import NOWHERE, SessionState
from menus.model.book import Book
from menus.model.steps import TransferCall
from menus.model.wording import MenuChannel

LONGEST_TALK: Final = 4 * 3600  # seconds
REMEMBERED: Final = 3  # actions that a person is told of
LAST_WORDS: Final = 20  # seconds that are left to tell a caller that his time is over


def called(
    shared: SharedContext, message: CallInput, before: SessionState
) -> tuple[RoutedTurn, SessionState, MenuTurn | None]:
    """What the call is to do, where the caller stands then, and the turn in a menu, if any."""
    context = shared.turn(message)
    if message.act is ScreenAct.END:
        shared.snapshot.menu_runner.gone(before, context, shared.hall)
        return RoutedTurn("menu", "gone", ""), NOWHERE, None
    there, turn = _step(shared, message, context, before)
    book, runner = there.book, there.snapshot.menu_runner
    actions = _recent(before, turn)
    waits = _waits(turn, book, before, message)
    handed = None
    if isinstance(turn.step, TransferCall):
        handed = handed_over(context, before.menu, there.hall, actions, waits)
        handed = handed._replace(whisper=_whispered(there, handed))
    instruction = voice_instruction_of(turn, book, there.snapshot.register, handed)
    letters = turn.letters
    if message.back is not None:
        letters += runner.after_talk(context, there.hall, talked=message.back.talked)
    said = RoutedTurn(
        turn.action, turn.result, turn.heard, letters, turn.changed,
        refused=turn.refused, cue=instruction, why=why_walked(turn),
    )  # fmt: skip
    after = _waiting(turn, before, context) or turn.state
    menu = after.menu
    if menu is not None and (menu.actions, menu.waits) != (actions, waits):
        after = after._replace(menu=replace(menu, actions=actions, waits=waits))
    return said, after, turn


def _whispered(shared: SharedContext, handed: AgentHandover) -> str:
    """In the agents' own language."""
    brand = shared.hall.catalogue.brands.get(handed.brand)
    specs = shared.snapshot.register.specs
    last = specs.get(handed.actions[-1]) if handed.actions else None
    facts = {
        "brand": brand.name if brand else "",
        "level": handed.level,
        "english": handed.language == "en",
        "action": last.name if last else "",
    }
    return shared.snapshot.menu_runner.responder.own(Channel.VOICE, "hu.whisper", "zh", facts)


def _step(
    shared: SharedContext,
    message: CallInput,
    context: TurnContext,
    before: SessionState,
) -> tuple[SharedContext, MenuTurn]:
    """On which edition, and what came of it."""
    if (opened := shared.opened(before, context.now)) is not None:
        there, at = opened
        runner, menu = there.snapshot.menu_runner, there.menu(context)
        # Asterisk ends a call a little later, whatever is being said
        longest = there.snapshot.patience.call - LAST_WORDS
        if message.back is None and context.now - at.since > longest:
            return there, runner.overlong(menu, at, before.dialogue)
        if message.act is ScreenAct.AGAIN:
            return there, runner.again(menu, at, before.dialogue)
        if message.back is not None:
            proven = replace(context, proved=at.proved, language=at.position.language)
            return there, runner.returned(there.menu(proven), at, message.back)
        if message.act is ScreenAct.ON:
            return there, runner.typed(menu, at, message.keys, before.dialogue)
    anew = shared.begins(message.phone)
    entries, number = anew.book.entries.get(MenuChannel.VOICE, {}), message.port.digits
    known = [entry for entry in (message.entry, number) if entry in entries]
    entry = next(iter(known or entries), "")
    runner = anew.snapshot.menu_runner
    begun = runner.dialled(anew.menu(context), entry, line=message.session)
    return anew, before_call(anew, context, begun)


def _waiting(turn: MenuTurn, before: SessionState, context: TurnContext) -> SessionState | None:
    """Who is put through stands where he stood, should he come back: with what was proven."""
    if not isinstance(turn.step, TransferCall) or before.menu is None:
        return None
    return SessionState(menu=replace(before.menu, until=context.now + LONGEST_TALK, kept={}))


def _recent(before: SessionState, turn: MenuTurn) -> tuple[str, ...]:
    """What a person is told of: the commands that answered last."""
    earlier = before.menu.actions if before.menu else ()
    return (*earlier, *([turn.action] if turn.answered else []))[-REMEMBERED:]


def _waits(turn: MenuTurn, book: Book, before: SessionState, message: CallInput) -> int:
    """How often a caller has been asked whether he goes on waiting for a person."""
    open = turn.state.menu
    asked = open is not None and open.position.screen == book.unanswered
    if not (asked or isinstance(turn.step, TransferCall)) or before.menu is None:
        return 0
    return before.menu.waits + (asked and message.back is not None)
