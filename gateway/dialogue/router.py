"""A batch's subscribers: where each stands, and what each is answered. A text goes to the responder
or into an open menu; what is dialled or pressed walks a menu."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from unicodedata import normalize

from commands.dispatch import hourly_limit
from commands.model.dialogue import Dialogue, NumberedList, PendingConfirm
from commands.model.hall import Hall
from commands.model.request import Reply
from commands.model.request_quota import QuotaCategory
from commands.model.turn import TurnContext
from commands.parser.command_syntax import MatchedCommand, find
from commands.parser.normalising import normalise
from commands.parser.parsed_message import ParsedMessage
from commands.parser.yes_no_cancel import is_cancel_word
from gateway.dialogue.answer_reasons import why_said, why_walked
from gateway.dialogue.call_routing import called
from gateway.dialogue.menu_run import SealsSecrets, listed
from gateway.dialogue.menu_turn import MenuTurn
from gateway.dialogue.responder import Response
from gateway.dialogue.routed_turn import RoutedTurn
from gateway.dialogue.shared_context import SharedContext
from gateway.dialogue.snapshot import HallSnapshot
from gateway.dialogue.turn_at_hand import TurnAtHand
from gateway.dialogue.ussd_routing import dialled
from gateway.model.messages import (
    CallInput,
    ScreenAct,
    ShortMessage,
    SubscriberInput,
    UssdInput,
)
from gateway.model.reply_text import ReplyText
from gateway.model.session_state import NOWHERE, OpenMenu, SessionState, asks_more
from gateway.store.connection import Connection
from gateway.store.sessions import SessionChange, Sessions
from menus.model.book import Book
from menus.model.steps import ShowScreen
from menus.model.wording import MenuChannel
from tariffs.bilingual_name import in_language

MENU: Final = "menu.main"  # the action that opens the numbered menu
_KEYS: Final = frozenset("0123456789*#,，、 ")


class Router:
    def __init__(self, snapshot: HallSnapshot, hall: Hall, secrets: SealsSecrets) -> None:
        self._hall = hall
        self._shared = SharedContext(snapshot, hall, secrets)
        self._states: dict[str, SessionState] = {}
        self._listed: set[str] = set()  # who was sent a numbered menu in this batch
        self.changed: dict[str, SessionChange] = {}
        self.walked: list[tuple[SubscriberInput, MenuTurn]] = []

    def read_together(
        self, connection: Connection, sessions: Sessions, whose: Iterable[str]
    ) -> None:
        """Where those dialogues stand."""
        self._states = sessions.load(connection, whose)

    # -- one step of whatever a message belongs to -----------------------------------------------

    def short_message(self, message: ShortMessage) -> RoutedTurn:
        """To an open numbered menu, if it is one's number; else to a command."""
        shared, key, hall = (
            self._shared.at_number(message.port.digits),
            message.dialogue,
            self._hall,
        )
        before, context = self._states.get(key, NOWHERE), shared.turn(message)
        if (told := _not_served(shared, context)) is not None:
            return told
        if (turn := self._in_menu(shared, message, context, before)) is not None:
            return self._in_list(shared, message, before, context, turn)
        snapshot, port = shared.snapshot, message.port.digits
        responder, dialogue = snapshot.conversation, _left_of(before, context.now, message.text)
        said, heard = responder.understood(
            message.text,
            context,
            dialogue,
            hall,
            confirm_port=port in snapshot.confirm_ports,
            port=port.removeprefix(snapshot.number),
        )
        outcome = responder.dispatcher.serve(said, context, dialogue, hall)
        if outcome.dialogue is not before.dialogue or before.menu is not None:
            left = outcome.result == "left"  # also the menu, if that is what was left
            menu = None if left else self._still_listed(before, outcome.dialogue, context)
            self._moved(key, before, SessionState(outcome.dialogue, menu), message.id)
        response = responder.response(outcome, context, hall, heard)
        return _routed(response, said)._replace(number=shared.number)

    def ussd(self, message: UssdInput) -> RoutedTurn:
        before = self._states.get(message.dialogue, NOWHERE)
        entry = before.menu.position.entry if before.menu else ""
        begins = message.act is ScreenAct.BEGIN
        shared = self._shared.at_code(message.text.strip() if begins else entry)
        said, after, turn = dialled(shared, message, before)
        return self._walked(message, before, said._replace(number=shared.number), after, turn)

    def call(self, message: CallInput) -> RoutedTurn:
        before = self.stands(message) if message.stands is None else message.stands
        shared = self._shared.at_number(message.port.digits)
        said, after, turn = called(shared, message, before)
        return self._walked(message, before, said._replace(number=shared.number), after, turn)

    def heard(self, message: CallInput, turn: TurnAtHand) -> None:
        """A turn that took place without us."""
        before = self.stands(message) if message.stands is None else message.stands
        self._walked(message, before, *turn)

    def stands(self, message: CallInput) -> SessionState:
        """Where the caller is now."""
        return self._states.get(message.dialogue, NOWHERE)

    def _walked(
        self,
        message: UssdInput | CallInput,
        before: SessionState,
        said: RoutedTurn,
        after: SessionState,
        turn: MenuTurn | None,
    ) -> RoutedTurn:
        if turn is not None:
            self.walked.append((message, turn))
        if after is not before:
            self._moved(message.dialogue, before, after, message.id)
        return said

    def dialogue(self, key: str) -> Dialogue:
        """What is open there."""
        return self._states.get(key, NOWHERE).dialogue

    def asks_besides(self, key: str, pending: PendingConfirm, by: int) -> None:
        """A confirm that somebody else asks for waits beside all that is open there."""
        before = self._states.get(key, NOWHERE)
        dialogue = replace(before.dialogue, pending=(*before.dialogue.pending, pending))
        self._moved(key, before, SessionState(dialogue, before.menu), by)

    def _moved(self, key: str, before: SessionState, after: SessionState, by: int) -> None:
        was = self.changed[key].was if key in self.changed else before
        self._states[key], self.changed[key] = after, SessionChange(was, after, by)

    # -- short messages --------------------------------------------------------------------------

    def _in_list(
        self,
        shared: SharedContext,
        message: ShortMessage,
        before: SessionState,
        context: TurnContext,
        turn: MenuTurn,
    ) -> RoutedTurn:
        key = message.dialogue
        self.walked.append((message, turn))
        if isinstance(turn.step, ShowScreen):
            self._listed.add(key)
        said = self._within_the_hour(shared, context, turn) or _by_sms(shared, turn)
        if turn.state is not before:
            self._moved(key, before, turn.state, message.id)
        return said._replace(number=shared.number)

    def _still_listed(
        self, before: SessionState, now: Dialogue, context: TurnContext
    ) -> OpenMenu | None:
        """The numbers of a menu go on counting behind other answers, until something newer asks."""
        open = self._shared.opened(before, context.now)
        if open is None or asks_more(now, before.dialogue):
            return None
        return listed(*open)

    def _in_menu(
        self,
        shared: SharedContext,
        message: ShortMessage,
        context: TurnContext,
        before: SessionState,
    ) -> MenuTurn | None:
        """The step of a numbered menu that the text is, if it is one."""
        snapshot = shared.snapshot
        runner, open = snapshot.menu_runner, shared.opened(before, context.now)
        # 00 does, which is a number as well
        anew = _opens_menu(message.text, snapshot)
        if (open is None and not anew) or snapshot.has_context(message.port.digits):
            return None
        if open is not None and not anew and _for_menu(message.text, *open, snapshot):
            book, at = open
            menu = shared.menu(book, context)
            if message.dialogue in self._listed:  # it was sent before that list could be read
                return runner.again(menu, at, before.dialogue)
            return runner.typed(menu, at, message.text, before.dialogue)
        if not anew:
            return None
        book = snapshot.in_force.begins(message.phone)
        entry = _numbered_menu(book, snapshot)
        return None if entry is None else runner.dialled(shared.menu(book, context), entry)

    def _within_the_hour(
        self, shared: SharedContext, context: TurnContext, turn: MenuTurn
    ) -> RoutedTurn | None:
        """What is said instead of a screen to who has asked too much. Commands are counted by the
        dispatcher."""
        if turn.answered:
            return None
        told = hourly_limit.refuse_over_limit(context, QuotaCategory.QUESTION, self._hall)
        if told is None:
            return None
        letters = shared.snapshot.conversation.told(told, context.phone, self._hall)
        why = why_walked(turn, (told[0].text,) if told else ())
        return RoutedTurn(turn.action, "limited", turn.heard, letters, why=why)


def _by_sms(shared: SharedContext, turn: MenuTurn) -> RoutedTurn:
    text = turn.step.text
    signature = in_language(shared.snapshot.signature, turn.language)
    if text and not text.endswith(signature):
        text += signature
    answer = (ReplyText(text, turn.secret),) if text else ()
    return RoutedTurn(
        turn.action, turn.result, turn.heard, (*answer, *turn.letters), turn.changed,
        refused=turn.refused, asks_for=turn.asks_for, why=why_walked(turn),
    )  # fmt: skip


def _not_served(shared: SharedContext, context: TurnContext) -> RoutedTurn | None:
    """What is told to who asks a number that does not serve his region."""
    snapshot = shared.snapshot
    asked = snapshot.asked
    if asked is None or asked.serves(snapshot.regions.of(context.phone) or ""):
        return None
    facts = {"name": asked.name}
    letters = snapshot.conversation.told((Reply("sys.region", facts),), context.phone, shared.hall)
    return RoutedTurn("elsewhere", "refused", "", letters, number=shared.number)


def _numbered_menu(book: Book, snapshot: HallSnapshot) -> str | None:
    """The entry of short messages where this number's menu begins, or else the hall's own."""
    entries = book.entries.get(MenuChannel.SMS, {})
    own = [entry for entry in entries if entry.startswith(f"{snapshot.number} ")]
    return next(iter([*own, *(entry for entry in entries if " " not in entry)]), None)


def _routed(response: Response, said: ParsedMessage) -> RoutedTurn:
    outcome = response.outcome
    return RoutedTurn(
        outcome.action,
        outcome.result,
        response.heard,
        response.letters,
        outcome.changed,
        refused=outcome.refusal,
        asks_for=outcome.proposed,
        why=why_said(said, outcome),
    )


def _left_of(before: SessionState, now: int, text: str) -> Dialogue:
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


def _opens_menu(text: str, snapshot: HallSnapshot) -> bool:
    code = snapshot.register.codes.get(normalise(text).upper) if len(text) <= 8 else None
    return code is not None and code.spec.action == MENU


def _for_menu(text: str, book: Book, at: OpenMenu, snapshot: HallSnapshot) -> bool:
    """A number answers the open list; what is asked for is typed in, unless it is a command."""
    said = normalize("NFKC", text).strip()
    screen = book.screens.get(at.position.screen)
    if screen is not None and screen.collect is not None:
        return not (
            is_cancel_word(text)
            or isinstance(find(normalise(text), snapshot.register), MatchedCommand)
        )
    return bool(said) and len(said) <= 2 and _KEYS.issuperset(said)
