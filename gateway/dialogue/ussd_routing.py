"""A step of a USSD dialogue: begun, gone on with, or over."""

from __future__ import annotations

from commands.model.turn import TurnContext
from gateway.dialogue.answer_reasons import why_walked
from gateway.dialogue.menu_turn import MenuTurn
from gateway.dialogue.routed_turn import RoutedTurn
from gateway.dialogue.said_notices import before_screen
from gateway.dialogue.shared_context import SharedContext
from gateway.dialogue.snapshot import AnswerTimes
from gateway.model.messages import ScreenAct, UssdInput
from gateway.model.session_state import ANY_LINE, OpenMenu, SessionState
from menus.walk.walk import may_go_on
from smpp.ussd.dialogue_messages import same_dialogue


def dialled(
    shared: SharedContext, message: UssdInput, before: SessionState
) -> tuple[RoutedTurn, SessionState, MenuTurn | None]:
    """What is answered, where the subscriber stands then, and the turn in a menu, if any."""
    if message.unseen:  # the screen that is on its way is for them to answer
        return RoutedTurn("menu", "unseen", ""), before, None
    context = shared.turn(message)
    if message.act is ScreenAct.END:
        other = before.menu is not None and not _is_of(message, before.menu)
        after = before if other else _gone(shared, before, context)
        return RoutedTurn("menu", "gone", ""), after, None
    turn = _step(shared, message, context, before)
    said = RoutedTurn(
        turn.action, turn.result, turn.heard, turn.letters, turn.changed, turn,
        refused=turn.refused, asks_for=turn.asks_for, why=why_walked(turn),
    )  # fmt: skip
    return said, turn.state, turn


def _step(
    shared: SharedContext,
    message: UssdInput,
    context: TurnContext,
    before: SessionState,
) -> MenuTurn:
    opened = shared.opened(before, context.now)
    if message.act is ScreenAct.BEGIN:
        return _begun(shared, message, context, before, opened)
    if opened is None or not opened[1].line or not _is_of(message, opened[1]):
        anew = shared.begins(message.phone)
        lost = anew.snapshot.menu_runner.lost(anew.menu(context), message.text)
        return lost._replace(state=before)
    there, at = opened
    runner, menu = there.snapshot.menu_runner, there.menu(context)
    if _in_time(at, context.now, there.snapshot.patience):
        return runner.typed(menu, at, message.text, before.dialogue)
    gone = runner.gone(before, context, there.hall)
    return runner.lost(menu, message.text)._replace(state=gone)


def _gone(shared: SharedContext, before: SessionState, context: TurnContext) -> SessionState:
    return shared.snapshot.menu_runner.gone(before, context, shared.hall)


def _begun(
    shared: SharedContext,
    message: UssdInput,
    context: TurnContext,
    before: SessionState,
    opened: tuple[SharedContext, OpenMenu] | None,
) -> MenuTurn:
    line, code = message.session, message.text.strip()
    # without what was proved and kept there
    left = _gone(shared, before, context).menu
    if opened is not None and left is not None and left.position.entry == code:
        there = opened[0]
        if may_go_on(there.book, left.position):
            return there.snapshot.menu_runner.redialled(there.menu(context), left, code, line=line)
    anew = shared.begins(message.phone)
    begun = anew.snapshot.menu_runner.dialled(anew.menu(context), code, line=line)
    return before_screen(anew, context, begun)


def _in_time(at: OpenMenu, now: int, patience: AnswerTimes) -> bool:
    """The network's own timers are longer: it has not given up before us."""
    return now - at.shown <= patience.key and now - at.since <= patience.dialogue


def _is_of(message: UssdInput, at: OpenMenu) -> bool:
    """Whether a message is of the dialogue in which the menu is open."""
    return at.line == ANY_LINE or same_dialogue(at.line, message.session)
