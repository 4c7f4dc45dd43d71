"""Walking a menu with a subscriber: what the walk asks for, the dispatcher does, in one go.

    dialled, typed ─▶ walk ─▶ run a command ─▶ dispatcher ─▶ walk on ─▶ a screen, the end, a person

The same for USSD, calls and numbered short messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from commands.care import satisfaction_rating
from commands.model.command_register import CommandRegister
from commands.model.dialogue import NO_DIALOGUE, Dialogue
from commands.model.hall import Hall
from commands.model.request import Channel
from commands.model.turn import TurnContext
from commands.parser.masked_text import masked
from commands.parser.masking import HIDDEN
from gateway.config.holidays import NO_HOLIDAYS, Holidays
from gateway.dialogue.keystrokes import key_typed
from gateway.dialogue.menu_run import AWAKE, MenuContext, MenuServices, begin_run, dropped
from gateway.dialogue.menu_turn import MenuTurn, WalkTrace
from gateway.dialogue.responder import Responder, language_of
from gateway.model.queue_return import QueueReturn
from gateway.model.reply_text import ReplyText
from gateway.model.session_state import NOWHERE, OpenMenu, SessionState
from menus.model.book import Book
from menus.model.conditions import ANYONE
from menus.model.dial_paths import dial
from menus.model.fields import UNRECORDED
from menus.model.position import Position
from menus.model.steps import EndDialogue
from menus.model.wording import MenuChannel
from menus.walk import walk
from menus.walk.rendering import ScreenRenderer


class MenuRunner:
    def __init__(
        self, responder: Responder, register: CommandRegister, holidays: Holidays = NO_HOLIDAYS
    ) -> None:
        self.responder = responder
        self.register = register
        self._services = MenuServices(responder, register, holidays)

    def dialled(
        self,
        menu: MenuContext,
        dialled: str,
        *,
        line: str = "",
        screen: str = "",
    ) -> MenuTurn:
        """A walk begins: a number was dialled or called, or a word was sent. `screen`: not at the
        entry's own."""
        book, context = menu.book, menu.context
        channel = MenuChannel(context.channel.value)
        found = dial(book, dialled) if channel is MenuChannel.USSD else None
        entry, screen = (found.entry, found.screen) if found else (dialled, screen)
        ahead = found.ahead if found else ()
        heard = dialled
        if ahead and found:
            heard = found.path or f"{entry.rstrip('#')}*{HIDDEN}#"
        run = begin_run(self._services, menu, NOWHERE, line, heard)
        language = context.language or language_of(context.phone, menu.hall)
        run.who = run.caller()
        begun = walk.begin(
            book, channel, entry, run.who, screen=screen, language=language, ahead=ahead
        )
        return run.after(begun)

    def redialled(
        self,
        menu: MenuContext,
        open: OpenMenu,
        dialled: str,
        *,
        line: str = "",
    ) -> MenuTurn:
        """Somebody whose walk broke off where he `may_go_on` is back."""
        open = _in_language(open, menu)
        run = begin_run(self._services, menu, SessionState(menu=open), line, dialled)
        run.since, run.began = menu.context.now, 0
        return run.after(walk.redial(menu.book, open.position, run.caller()))

    def typed(self, menu: MenuContext, open: OpenMenu, text: str, before: Dialogue) -> MenuTurn:
        book, at = menu.book, open.position
        heard = self._heard(book, at, text, before.alive(menu.context.now))
        run = begin_run(self._services, menu, SessionState(before, open), open.line, heard)
        run.typed = key_typed(book, at, text)
        language = _in_language(open, menu).position.language
        caller = run.caller()
        seen, seconds = run.seen_by(caller), menu.context.now - open.shown
        turn = run.after(
            walk.step(book, at, text, caller, language=language, seen=seen, seconds=seconds)
        )
        return self._before(turn, "tk.unrecorded") if text == UNRECORDED else turn

    def again(self, menu: MenuContext, open: OpenMenu, before: Dialogue) -> MenuTurn:
        """Where one stands, once more."""
        open = _in_language(open, menu)
        run = begin_run(self._services, menu, SessionState(before, open), open.line)
        return run.after(walk.again(menu.book, open.position, run.caller()))

    def gone(self, state: SessionState, context: TurnContext, hall: Hall) -> SessionState:
        """The dialogue broke off: nothing is ordered by it, and dialling again may go on."""
        dropped(state.dialogue, context, hall)
        menu = state.menu
        if menu is None:
            return NOWHERE
        return SessionState(
            menu=replace(menu, line="", until=context.now + AWAKE, kept={}, proved="")
        )

    def returned(self, menu: MenuContext, at: OpenMenu, back: QueueReturn) -> MenuTurn:
        """A caller is back from the queue: after a talk, that was all; else he may choose, and is
        told where he stands. A key by which he left it is pressed on the screen of who waits."""
        book = menu.book
        screen = (back.nobody and book.unattended) or book.unanswered
        if not back.talked and screen:
            entry, line = at.position.entry, at.line
            turn = self.dialled(menu, entry, line=line, screen=screen)
            opened = turn.state.menu
            if back.key and opened is not None:
                return self.typed(menu, opened, back.key, NO_DIALOGUE)
            return turn if back.nobody else self._told_to_wait(turn, back)
        if back.talked and book.talked and self._asks_how_it_was(menu.context, menu.hall):
            satisfaction_rating.mark_asked(menu.context.phone, menu.hall, menu.context.now)
            return self.dialled(menu, at.position.entry, line=at.line, screen=book.talked)
        words = ScreenRenderer(book, ANYONE, "").phrase("goodbye", at.position)
        return _over(menu, words, "talked", language=at.position.language)

    def _told_to_wait(self, turn: MenuTurn, back: QueueReturn) -> MenuTurn:
        """Before the screen's words."""
        facts = {"ahead": back.ahead, "minutes": back.minutes}
        return self._before(turn, "hu.queue" if back.ahead >= 0 else "hu.busy", facts)

    def _before(
        self, turn: MenuTurn, text: str, facts: Mapping[str, object] = MappingProxyType({})
    ) -> MenuTurn:
        """A text of the hall's own, before what the turn says."""
        words = self.responder.own(Channel.VOICE, text, turn.language, facts)
        step = turn.step
        return turn._replace(step=replace(step, text=words + step.text))

    def after_talk(
        self, context: TurnContext, hall: Hall, *, talked: bool
    ) -> tuple[ReplyText, ...]:
        """How was it? By SMS, a while later, as after anything that was done; unless the call
        itself has asked."""
        port = self.register.port_of(satisfaction_rating.RATES)
        if not (talked and port and self._asks_how_it_was(context, hall)):
            return ()
        asked = satisfaction_rating.question(
            context.phone, context.channel.value, port, hall, context.now
        )
        return self.responder.later((asked,), context.phone, hall)

    def _asks_how_it_was(self, context: TurnContext, hall: Hall) -> bool:
        phone = context.phone
        return bool(phone) and satisfaction_rating.may_ask(phone, hall, context.now)

    def lost(self, menu: MenuContext, text: str) -> MenuTurn:
        """Something was typed into a dialogue that is over for us."""
        book, context = menu.book, menu.context
        language = context.language or language_of(context.phone, menu.hall)
        position = Position(book.version, MenuChannel(context.channel.value), "", "", language)
        words = ScreenRenderer(book, ANYONE, "").phrase("too_long", position)
        return _over(menu, words, "expired", masked(text, self.register))

    def overlong(self, menu: MenuContext, at: OpenMenu, dialogue: Dialogue) -> MenuTurn:
        """A call has lasted as long as calls may; nothing is ordered by it any more."""
        dropped(dialogue, menu.context, menu.hall)
        words = ScreenRenderer(menu.book, ANYONE, "").phrase("too_long", at.position)
        return _over(menu, words, "expired", language=at.position.language)

    def _heard(self, book: Book, at: Position, text: str, dialogue: Dialogue) -> str:
        screen = book.screens.get(at.screen)
        collect = screen.collect if screen else None
        if collect is not None and collect.field.secret and len(text.strip()) > 1:
            return HIDDEN
        return masked(text, self.register, dialogue)


def _in_language(open: OpenMenu, menu: MenuContext) -> OpenMenu:
    """What was chosen since, by SMS or elsewhere, holds here too. A call keeps what it began in."""
    at, context = open.position, menu.context
    account = menu.hall.accounts.find(context.phone)
    if account is None or not context.asserted or at.channel is MenuChannel.VOICE:
        return open
    if account.language == at.language:
        return open
    return replace(open, position=at._replace(language=account.language))


def _over(
    menu: MenuContext, words: str, result: str, heard: str = "", language: str = "zh"
) -> MenuTurn:
    """The last words of a dialogue or a call."""
    trace = WalkTrace(menu.book.version)
    return MenuTurn(
        EndDialogue(words), NOWHERE, heard, result=result, language=language, trace=trace
    )
