"""A batch's subscribers: where each stands, and what each is answered. A text goes to the responder
or into an open menu; what is dialled or pressed walks a menu."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from commands.dispatch import hourly_limit
from commands.model.dialogue import Dialogue, PendingConfirm
from commands.model.hall import Hall
from commands.model.request import Channel, Reply
from commands.model.request_quota import QuotaCategory
from commands.model.turn import TurnContext
from commands.parser.parsed_message import ParsedMessage
from gateway.dialogue.answer_reasons import why_said, why_walked
from gateway.dialogue.call_routing import called
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.dialogue.menu_run import SealsSecrets, listed
from gateway.dialogue.menu_turn import MenuTurn
from gateway.dialogue.observed.outcomes import (
    has_reached,
    of_failure,
    of_step,
    of_text,
    of_walk,
)
from gateway.dialogue.responder import Response
from gateway.dialogue.routed_turn import RoutedTurn
from gateway.dialogue.shared_context import SharedContext
from gateway.dialogue.sms_routing import asked_on, is_for_menu, left_of, numbered_menu, opens_menu
from gateway.dialogue.snapshot import HallSnapshot
from gateway.dialogue.turn_at_hand import TurnAtHand
from gateway.dialogue.ussd_routing import dialled
from gateway.model.editions.edition_outcomes import EditionOutcome
from gateway.model.message_id import moment_of
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
from menus.model.steps import ShowScreen
from tariffs.bilingual_name import in_language


class Router:
    def __init__(self, editions: EditionsInForce, hall: Hall, secrets: SealsSecrets) -> None:
        """`hall`: as the edition has it that is in force for all."""
        self._shared = SharedContext(editions, editions.base, hall, secrets)
        self._canary = editions.canary
        self.served_on = editions.base.version  # the last message
        self._states: dict[str, SessionState] = {}
        self._listed: set[str] = set()  # who was sent a numbered menu in this batch
        self.changed: dict[str, SessionChange] = {}
        self.walked: list[tuple[SubscriberInput, MenuTurn]] = []
        self.outcomes: list[EditionOutcome] = []

    def read_together(
        self, connection: Connection, sessions: Sessions, whose: Iterable[str]
    ) -> None:
        """Where those dialogues stand."""
        self._states = sessions.load(connection, whose)

    # -- one step of whatever a message belongs to -----------------------------------------------

    def short_message(self, message: ShortMessage) -> RoutedTurn:
        """To an open numbered menu, if it is one's number; else to a command."""
        key, shared = message.dialogue, self._shared.at_number(message.port.digits)
        anew = shared.begins(message.phone)
        before, context = self._states.get(key, NOWHERE), anew.turn(message)
        if (told := _not_served(anew, context)) is not None:
            return told
        if (found := self._in_menu(shared, message, context, before, anew)) is not None:
            return self._in_list(message, before, context, *found)
        there = asked_on(shared, before, context.now, message.text) or anew
        hall, snapshot, port = there.hall, there.snapshot, message.port.digits
        self.served_on = snapshot.version
        responder, dialogue = snapshot.conversation, left_of(before, context.now, message.text)
        said, heard = responder.understood(
            message.text,
            context,
            dialogue,
            hall,
            confirm_port=port in snapshot.confirm_ports,
            port=port.removeprefix(snapshot.number),
        )
        outcome = responder.dispatcher.serve(said, context, dialogue, hall)
        if self._canary is not None:
            version, channel = snapshot.version, message.channel.value
            self.outcomes += of_text(version, channel, context.now, outcome.action)
        if outcome.dialogue is not before.dialogue or before.menu is not None:
            left = outcome.result == "left"  # also the menu, if that is what was left
            menu = None if left else self._still_listed(before, outcome.dialogue, context)
            after = _goes_by(snapshot, SessionState(outcome.dialogue, menu))
            self._moved(key, before, after, message.id)
        response = responder.response(outcome, context, hall, heard)
        return _routed(response, said, there.number)

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

    def _count(
        self,
        message: SubscriberInput,
        turn: MenuTurn,
        before: SessionState,
        after: SessionState,
    ) -> SessionState:
        """What walks lead to. While no edition is tried out, the metrics tell what was served, and
        what came of short messages."""
        now, channel = int(moment_of(message.id)), message.channel
        if self._canary is not None:
            self.outcomes.append(of_step(turn.trace.version, channel.value, now))
        elif channel is Channel.SMS:
            return after
        found, reached = of_walk(channel.value, now, turn, before)
        self.outcomes += found
        return has_reached(after) if reached else after

    def failed(self, message: SubscriberInput, connection: Connection, sessions: Sessions) -> None:
        """It could not be served; by which edition, is counted while one is tried out."""
        if self._canary is None:
            return
        self.read_together(connection, sessions, [message.dialogue])
        state, now = self._states.get(message.dialogue, NOWHERE), int(moment_of(message.id))
        opened = self._shared.opened(state, now)
        there = opened[0] if opened else self._shared.goes_on(state.edition)
        version = (there or self.begins(message.phone)).snapshot.version
        self.outcomes += of_failure(version, message.channel.value, now)

    def begins(self, phone: str) -> SharedContext:
        """As it is for something new that concerns this subscriber."""
        return self._shared.begins(phone)

    def goes_on(self, edition: str, phone: str) -> SharedContext:
        """As it was when something was asked for; if that is gone, as for something new."""
        return self._shared.goes_on(edition) or self.begins(phone)

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
            self.served_on = turn.trace.version
            after = self._count(message, turn, before, after)
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
        edition = before.edition or self.begins(key.partition(":")[2]).snapshot.version
        self._moved(key, before, SessionState(dialogue, before.menu, edition), by)

    def _moved(self, key: str, before: SessionState, after: SessionState, by: int) -> None:
        was = self.changed[key].was if key in self.changed else before
        self._states[key], self.changed[key] = after, SessionChange(was, after, by)

    # -- short messages --------------------------------------------------------------------------

    def _in_list(
        self,
        message: ShortMessage,
        before: SessionState,
        context: TurnContext,
        there: SharedContext,
        turn: MenuTurn,
    ) -> RoutedTurn:
        key = message.dialogue
        self.walked.append((message, turn))
        self.served_on = there.snapshot.version
        if isinstance(turn.step, ShowScreen):
            self._listed.add(key)
        said = _within_the_hour(there, context, turn) or _by_sms(there, turn)
        after = self._count(message, turn, before, turn.state)
        if after is not before:
            self._moved(key, before, _goes_by(there.snapshot, after), message.id)
        return said._replace(number=there.number)

    def _still_listed(
        self, before: SessionState, now: Dialogue, context: TurnContext
    ) -> OpenMenu | None:
        """The numbers of a menu go on counting behind other answers, until something newer asks."""
        open = self._shared.opened(before, context.now)
        if open is None or asks_more(now, before.dialogue):
            return None
        there, at = open
        return listed(there.book, at)

    def _in_menu(
        self,
        shared: SharedContext,
        message: ShortMessage,
        context: TurnContext,
        before: SessionState,
        anew: SharedContext,
    ) -> tuple[SharedContext, MenuTurn] | None:
        """The step of a numbered menu that the text is, if it is one, and on which edition."""
        open = shared.opened(before, context.now)
        # 00 does, which is a number as well
        opens = opens_menu(message.text, anew.snapshot)
        if (open is None and not opens) or anew.snapshot.has_context(message.port.digits):
            return None
        if open is not None and not opens and is_for_menu(message.text, *open):
            there, at = open
            runner, menu = there.snapshot.menu_runner, there.menu(context)
            if message.dialogue in self._listed:  # it was sent before that list could be read
                return there, runner.again(menu, at, before.dialogue)
            return there, runner.typed(menu, at, message.text, before.dialogue)
        if not opens:
            return None
        entry = numbered_menu(anew)
        if entry is None:
            return None
        return anew, anew.snapshot.menu_runner.dialled(anew.menu(context), entry)


def _goes_by(snapshot: HallSnapshot, state: SessionState) -> SessionState:
    """What is asked now is answered on the same edition."""
    return state if state.dialogue.empty else state._replace(edition=snapshot.version)


def _within_the_hour(
    there: SharedContext, context: TurnContext, turn: MenuTurn
) -> RoutedTurn | None:
    """What is said instead of a screen to who has asked too much. Commands are counted by the
    dispatcher."""
    if turn.answered:
        return None
    told = hourly_limit.refuse_over_limit(context, QuotaCategory.QUESTION, there.hall)
    if told is None:
        return None
    letters = there.snapshot.conversation.told(told, context.phone, there.hall)
    why = why_walked(turn, (told[0].text,) if told else ())
    return RoutedTurn(turn.action, "limited", turn.heard, letters, why=why)


def _by_sms(there: SharedContext, turn: MenuTurn) -> RoutedTurn:
    text = turn.step.text
    signature = in_language(there.snapshot.signature, turn.language)
    if text and not text.endswith(signature):
        text += signature
    answer = (ReplyText(text, turn.secret),) if text else ()
    return RoutedTurn(
        turn.action, turn.result, turn.heard, (*answer, *turn.letters), turn.changed,
        refused=turn.refused, asks_for=turn.asks_for, why=why_walked(turn),
    )  # fmt: skip


def _not_served(there: SharedContext, context: TurnContext) -> RoutedTurn | None:
    """What is told to who asks a number that does not serve his region."""
    snapshot = there.snapshot
    asked = snapshot.asked
    if asked is None or asked.serves(snapshot.regions.of(context.phone) or ""):
        return None
    facts = {"name": asked.name}
    letters = snapshot.conversation.told((Reply("sys.region", facts),), context.phone, there.hall)
    return RoutedTurn("elsewhere", "refused", "", letters, number=there.number)


def _routed(response: Response, said: ParsedMessage, number: str) -> RoutedTurn:
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
        number=number,
    )
