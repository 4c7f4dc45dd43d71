"""A step of a USSD dialogue: begun, gone on with, or over."""

from __future__ import annotations

from commands.model.request import Channel
from commands.model.turn import TurnContext
from gateway.dialogue.menu_turn import MenuTurn
from gateway.dialogue.routed_turn import RoutedTurn
from gateway.dialogue.shared_context import SharedContext
from gateway.dialogue.snapshot import AnswerTimes
from gateway.model.messages import Arrival, ScreenAct, UssdTurn
from gateway.model.session_state import ANY_LINE, OpenMenu, SessionState
from menus.model.book import Book
from smpp.ussd.dialogue_messages import same_dialogue


def dialled(
    shared: SharedContext, message: Arrival, before: SessionState
) -> tuple[RoutedTurn, SessionState, MenuTurn | None]:
    """What is answered, where the subscriber stands then, and the turn in a menu, if any."""
    step = message.turn
    assert step is not None
    if step.unseen:  # the screen that is on its way is for them to answer
        return RoutedTurn("menu", "unseen", ""), before, None
    context, runner = shared.turn(message, Channel.USSD), shared.snapshot.menu_runner
    if step.act is ScreenAct.END:
        other = before.menu is not None and not _is_of(step, before.menu)
        after = before if other else runner.gone(before, context, shared.hall)
        return RoutedTurn("menu", "gone", ""), after, None
    turn = _step(shared, message, step, context, before)
    said = RoutedTurn(
        turn.action, turn.result, turn.heard, turn.letters, turn.changed, turn,
        asks_for=turn.asks_for,
    )  # fmt: skip
    return said, turn.state, turn


def _step(
    shared: SharedContext,
    message: Arrival,
    step: UssdTurn,
    context: TurnContext,
    before: SessionState,
) -> MenuTurn:
    runner, opened = shared.snapshot.menu_runner, shared.opened(before, context.now)
    if step.act is ScreenAct.BEGIN:
        return _begun(shared, message, step, context, before, opened)
    if opened is None or not opened[1].line or not _is_of(step, opened[1]):
        book = shared.snapshot.in_force.begins(message.phone)
        return runner.lost(shared.menu(book, context), message.text)._replace(state=before)
    book, at = opened
    menu = shared.menu(book, context)
    if _in_time(at, context.now, shared.snapshot.patience):
        return runner.typed(menu, at, message.text, before.dialogue)
    gone = runner.gone(before, context, shared.hall)
    return runner.lost(menu, message.text)._replace(state=gone)


def _begun(
    shared: SharedContext,
    message: Arrival,
    step: UssdTurn,
    context: TurnContext,
    before: SessionState,
    opened: tuple[Book, OpenMenu] | None,
) -> MenuTurn:
    runner, line = shared.snapshot.menu_runner, step.session
    # without what was proved and kept there
    left = runner.gone(before, context, shared.hall).menu
    code = message.text.strip()
    if opened is not None and left is not None and left.position.entry == code:
        return runner.redialled(shared.menu(opened[0], context), left, code, line=line)
    book = shared.snapshot.in_force.begins(message.phone)
    return runner.dialled(shared.menu(book, context), code, line=line)


def _in_time(at: OpenMenu, now: int, patience: AnswerTimes) -> bool:
    """The network's own timers are longer: it has not given up before us."""
    return now - at.shown <= patience.key and now - at.since <= patience.dialogue


def _is_of(step: UssdTurn, at: OpenMenu) -> bool:
    """Whether a message is of the dialogue in which the menu is open."""
    return at.line == ANY_LINE or same_dialogue(at.line, step.session)
