"""What calls and screens begin with while a notice lasts: network works, a change of numbers."""

from __future__ import annotations

from dataclasses import replace

from commands.model.turn import TurnContext
from gateway.dialogue.menu_turn import MenuTurn
from gateway.dialogue.shared_context import SharedContext
from gateway.model.notices.notice import SaidNotice
from menus.model.text_size import on_ussd


def said_to(shared: SharedContext, context: TurnContext, language: str) -> list[str]:
    """To whom it concerns, at this moment."""
    return [
        notice.text(language)
        for notice in shared.snapshot.said
        if notice.begins_at <= context.now < notice.ends_at and _concerns(shared, context, notice)
    ]


def _concerns(shared: SharedContext, context: TurnContext, notice: SaidNotice) -> bool:
    target, phone = notice.target, context.phone
    account = shared.hall.accounts.find(phone) if phone and target.asks_account else None
    region = shared.snapshot.regions.of(phone) if phone else None
    return target.fits(account, str(region) if region is not None else "")


def before_call(shared: SharedContext, context: TurnContext, turn: MenuTurn) -> MenuTurn:
    """Said first, and then what the call begins with."""
    if not shared.snapshot.said:
        return turn
    words = "".join(_sentence(text) for text in said_to(shared, context, turn.language))
    return _with(turn, words + turn.step.text) if words else turn


def before_screen(shared: SharedContext, context: TurnContext, turn: MenuTurn) -> MenuTurn:
    """Above the first screen, as many as it has room for."""
    if not shared.snapshot.said:
        return turn
    for text in said_to(shared, context, turn.language):
        if on_ussd(both := f"{text}\n{turn.step.text}").fits:
            turn = _with(turn, both)
    return turn


def _with(turn: MenuTurn, text: str) -> MenuTurn:
    return turn._replace(step=replace(turn.step, text=text))


def _sentence(text: str) -> str:
    """So that what follows does not run into it."""
    return text if text.endswith(("。", "！", "!", ".", "?", "？")) else f"{text}。"
