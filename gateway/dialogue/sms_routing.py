"""Short messages: which of them belong to an open numbered menu, and what was asked before them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from unicodedata import normalize

from commands.model.dialogue import Dialogue, NumberedList
from commands.parser.command_syntax import MatchedCommand, find
from commands.parser.normalising import normalise
from commands.parser.yes_no_cancel import is_cancel_word
from gateway.dialogue.shared_context import SharedContext
from gateway.dialogue.snapshot import HallSnapshot
from gateway.model.session_state import OpenMenu, SessionState
from menus.model.wording import MenuChannel

MENU: Final = "menu.main"  # the action that opens the numbered menu
_KEYS: Final = frozenset("0123456789*#,，、 ")


def asked_on(
    shared: SharedContext, before: SessionState, now: int, text: str
) -> SharedContext | None:
    """What was asked goes on as it began, and so do the numbers of a list: its prices are those
    that were shown. A command begins anew, whatever waits for a yes beside it."""
    if not before.edition or shared.editions.alone:
        return None
    open = before.dialogue.alive(now)
    listed = open.choice is not None and open.choice.items and _KEYS.issuperset(text)
    asked = open.step is not None or any(one.until > now for one in open.pending)
    if listed or (asked and not _is_command(text, shared.snapshot)):
        return shared.goes_on(before.edition)
    return None


def numbered_menu(there: SharedContext) -> str | None:
    """The entry of short messages where this number's menu begins, or else the hall's own."""
    entries = there.book.entries.get(MenuChannel.SMS, {})
    own = [entry for entry in entries if entry.startswith(f"{there.snapshot.number} ")]
    return next(iter([*own, *(entry for entry in entries if " " not in entry)]), None)


def left_of(before: SessionState, now: int, text: str) -> Dialogue:
    """Of a numbered menu that has run out, that it was there: whoever answers it is told. Of one
    that is open, to who leaves it: a list like any other."""
    menu = before.menu
    if menu is None:
        return before.dialogue
    if menu.until <= now:
        return replace(before.dialogue, choice=NumberedList((), menu.until))
    if is_cancel_word(text) and not before.dialogue.pending:
        return replace(before.dialogue, choice=NumberedList((MENU,), menu.until))
    return before.dialogue


def opens_menu(text: str, snapshot: HallSnapshot) -> bool:
    code = snapshot.register.codes.get(normalise(text).upper) if len(text) <= 8 else None
    return code is not None and code.spec.action == MENU


def is_for_menu(text: str, there: SharedContext, at: OpenMenu) -> bool:
    """A number answers the open list; what is asked for is typed in, unless it is a command."""
    said = normalize("NFKC", text).strip()
    screen = there.book.screens.get(at.position.screen)
    if screen is not None and screen.collect is not None:
        return not (is_cancel_word(text) or _is_command(text, there.snapshot))
    return bool(said) and len(said) <= 2 and _KEYS.issuperset(said)


def _is_command(text: str, snapshot: HallSnapshot) -> bool:
    return isinstance(find(normalise(text), snapshot.register), MatchedCommand)
