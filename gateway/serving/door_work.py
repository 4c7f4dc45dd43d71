"""A request of another interface: the same dispatcher, rights and ports as for a message, in one
transaction with its journal row, its kept answer and its entry in the audit.

known key? ─▶ what was answered
open, and not braked ─▶ parameters ─▶ the dispatcher
    ─ proposed ─▶ agreed to there: carried out · not yet: waits for a word there
                · by phone: the subscriber is asked by SMS, and his own 是 does it
    ─ done, refused, needs more proof
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from commands.dispatch.dispatcher import Dispatcher
from commands.model.command_register import CommandRegister
from commands.model.dialogue import NO_DIALOGUE, Dialogue, PendingConfirm
from commands.model.hall import Hall
from commands.model.interfaces import DoorProof, Interface
from commands.model.orders import PlacedOrder
from commands.model.request import Argument, Channel, CommandSpec, Reply, Secret
from commands.model.turn import TurnContext, TurnOutcome
from commands.parser.named_parameters import UnfitParameters, by_name
from commands.parser.parsed_message import ConfirmAnswer, ParsedCommand
from gateway.dialogue.answer_reasons import why_door
from gateway.dialogue.routed_turn import RoutedTurn
from gateway.dialogue.snapshot import HallSnapshot
from gateway.model import doors
from gateway.model.doors import (
    DoorAnswer,
    DoorInput,
    DoorRefusal,
    DoorRequest,
    DoorState,
    DoorWord,
)
from gateway.model.message_id import moment_of
from gateway.model.reply_text import ReplyText
from gateway.security.encryption import Seal
from gateway.serving.door_facts import as_data
from gateway.store.connection import Connection
from gateway.store.doors.interfaces import SqlInterfaces
from gateway.store.doors.requests import SqlDoorRequests
from gateway.store.operators.audit import SqlAudit

SHOWN: Final = 10 * 60  # seconds for which an answer that only shows something is kept
KEPT: Final = 24 * 3600
ASKED: Final = "door.asked"  # an SMS that asks somebody for his 是 is counted as this
ASKED_A_DAY: Final = 5  # by all interfaces together
TOLD: Final = frozenset(
    {"sys.channel", "sys.window", "sys.closed", "sys.unavailable", "door.no_confirm"}
)
"""Refusals that say nothing of the subscriber, so that whoever has proven nothing may hear them."""
AGREED: Final = {True: "同意", False: "不同意"}
_STATES: Final = {
    "ok": doors.DONE,
    "refused": doors.REFUSED,
    "accepted": doors.ACCEPTED,
    "asked": doors.NEEDS,
    "declined": doors.DECLINED,
    "expired": doors.EXPIRED,
    "gone": doors.EXPIRED,
    "limited": doors.LIMITED,
}


class DoorTurn(NamedTuple):
    """What came of a request. `turn` None: nothing was done, it had been answered before."""

    answer: DoorAnswer
    turn: RoutedTurn | None = None
    asks: PendingConfirm | None = None  # what the subscriber is asked for a 是 by SMS


class DoorDesk:
    """One transaction."""

    def __init__(
        self, connection: Connection, seal: Seal, hall: Hall, book: HallSnapshot, asked: Dialogue
    ) -> None:
        """`asked`: what is open in the subscriber's dialogue by SMS."""
        self._hall = hall
        self._book = book
        self._asked = asked
        self._interfaces = SqlInterfaces(connection, seal)
        self._requests = SqlDoorRequests(connection, seal)
        self._audit = SqlAudit(connection, seal)

    def do(self, work: DoorRequest | DoorWord) -> DoorTurn:
        """Raises DoorRefusal."""
        message = work.message
        interface = self._open(message.interface)
        if isinstance(work, DoorWord):
            return self._word(work, interface)
        now = int(moment_of(message.id))
        kept = self._requests.by_key(message.interface, work.key, now)
        if kept is not None:
            if kept.mark != work.mark:
                raise DoorRefusal(409, "this idempotency key was used for another request")
            return DoorTurn(replace(kept.answer, replayed=True))
        return self._asked_for(work, interface, now)

    def _open(self, number: str) -> Interface:
        found = self._interfaces.find(number)
        if found is None or found.state is not DoorState.OPEN:
            raise DoorRefusal(403, f"interface {number} is {found.state if found else 'unknown'}")
        return found.registered

    # -- a command -------------------------------------------------------------------------------

    def _asked_for(self, work: DoorRequest, interface: Interface, now: int) -> DoorTurn:
        register = self._register(interface)
        said = self._said(work, interface, register)
        context = self._context(work.message, work.operator, work.proof, now)
        by_phone = work.proof is DoorProof.PHONE
        dialogue = self._asked if by_phone else NO_DIALOGUE
        dispatcher = Dispatcher(register)
        if by_phone and self._asked_enough(work, now):
            outcome = TurnOutcome((Reply("door.waits"),), dialogue, work.action, "refused")
        else:
            outcome = dispatcher.serve(said, context, dialogue, self._hall)
        order = outcome.proposed
        if order and by_phone:
            turn = self._by_phone(work, interface, said.spec, outcome, context)
        elif order:
            turn = self._there(work, dispatcher, outcome, context)
        elif by_phone and not work.typed and self._is_concealed(outcome):
            turn = self._concealed(work, said.spec, outcome, context)
        else:
            turn = self._answered(work.message, outcome, context)
        self._keep(work, said.spec, order, turn.answer, now)
        return turn

    def _register(self, interface: Interface) -> CommandRegister:
        register = self._book.register
        return replace(register, registry={**register.registry, interface.number: interface})

    def _said(
        self, work: DoorRequest, interface: Interface, register: CommandRegister
    ) -> ParsedCommand:
        try:
            said = by_name(work.action, work.args, register)
        except UnfitParameters as unfit:
            raise DoorRefusal(422, str(unfit), unfit.field) from None
        args: dict[str, Argument] = {**said.args}
        args |= {name: Secret(typed) for name, typed in work.typed.items()}
        if interface.group:
            args["group"] = interface.group
        return replace(said, args=args)

    def _context(
        self, message: DoorInput, operator: str, proof: DoorProof, now: int
    ) -> TurnContext:
        return TurnContext(
            message.id, now, Channel.DOOR, message.interface, message.phone, asserted=False,
            operator=operator, proof=proof,
        )  # fmt: skip

    # -- answers ---------------------------------------------------------------------------------

    def _answered(
        self, message: DoorInput, outcome: TurnOutcome, context: TurnContext, **more: object
    ) -> DoorTurn:
        """What is a secret goes to the phone of the number, never to who asked."""
        responder = self._book.conversation
        response = responder.response(outcome, context, self._hall)
        answer, letters = response.answer, response.others
        replies = [reply for reply in outcome.replies if not (reply.to or reply.at)]
        if answer is not None and answer.secret:
            by_sms = responder.told(replies, message.phone, self._hall)
            letters, replies = (*by_sms, *letters), [Reply("door.by_sms")]
            hidden = replace(outcome, replies=tuple(replies), later=(), offer=None)
            answer = responder.response(hidden, context, self._hall).answer
        step = outcome.dialogue.step
        told = DoorAnswer(
            message.id,
            outcome.action,
            _STATES.get(outcome.result, doors.REFUSED),
            replies[0].text if replies else "",
            answer.words if answer else "",
            tuple({"text": each.text, "facts": as_data(each.facts)} for each in replies),
            step.wants if step and outcome.result == "asked" else "",
        )
        return DoorTurn(replace(told, **more), _routed(outcome, letters))  # type: ignore[arg-type]

    def _there(
        self,
        work: DoorRequest,
        dispatcher: Dispatcher,
        outcome: TurnOutcome,
        context: TurnContext,
    ) -> DoorTurn:
        """Proposed to a subscriber who stands there: he hears the terms, and says his word."""
        pending = outcome.dialogue.pending[-1]
        shown = self._answered(
            work.message, outcome, context, state=doors.PROPOSED, until=pending.until
        )
        self._hall.orders.shown(outcome.proposed, shown.answer.words, context.now)
        if not work.agreed:
            return shown
        answer = ConfirmAnswer(pending, AGREED[True], yes=True)
        done = dispatcher.serve(answer, context, outcome.dialogue, self._hall)
        return self._answered(work.message, done, context)

    def _by_phone(
        self,
        work: DoorRequest,
        interface: Interface,
        spec: CommandSpec,
        outcome: TurnOutcome,
        context: TurnContext,
    ) -> DoorTurn:
        """The terms go to the phone, with who asks; whoever asked hears only that they went."""
        message = work.message
        self._hall.attempts.add(ASKED, message.phone, context.now)
        asks = [Reply("door.by", {"by": interface.name}), *outcome.replies]
        letters = self._book.conversation.told(asks, message.phone, self._hall)
        pending = outcome.dialogue.pending[-1]
        shown = self._waits(work, spec, outcome, context, pending.until)
        return DoorTurn(shown, _routed(outcome, letters), pending)

    def _waits(
        self,
        work: DoorRequest,
        spec: CommandSpec,
        outcome: TurnOutcome,
        context: TurnContext,
        until: int,
    ) -> DoorAnswer:
        told = replace(
            outcome, replies=(Reply("door.waiting", {"name": spec.name}),), later=(), offer=None
        )
        answer = self._answered(work.message, told, context).answer
        return replace(answer, action=work.action, state=doors.WAITING, needs="", until=until)

    def _concealed(
        self, work: DoorRequest, spec: CommandSpec, outcome: TurnOutcome, context: TurnContext
    ) -> DoorTurn:
        """Who has proven nothing does not learn whether there is such a subscriber, or what he has:
        it looks as if he had been asked and did not answer."""
        rules = self._hall.settings
        wait = rules.confirm_twice if spec.confirm.value == "twice" else rules.confirm_once
        answer = self._waits(work, spec, outcome, context, context.now + wait)
        return DoorTurn(answer, _routed(outcome, ()))

    def _is_concealed(self, outcome: TurnOutcome) -> bool:
        text = outcome.replies[0].text if outcome.replies else ""
        return outcome.result == "refused" and text not in TOLD and "unavailable" not in text

    def _asked_enough(self, work: DoorRequest, now: int) -> bool:
        since = now - 24 * 3600
        return self._hall.attempts.count(ASKED, work.message.phone, since) >= ASKED_A_DAY

    # -- a word, given there ---------------------------------------------------------------------

    def _word(self, work: DoorWord, interface: Interface) -> DoorTurn:
        message, now = work.message, int(moment_of(work.message.id))
        kept = self._requests.find(message.interface, work.request, now)
        if kept is None:
            raise DoorRefusal(404, "there is no such request of yours")
        if kept.answer.state != doors.PROPOSED:
            if kept.answer.state in (doors.DONE, doors.ACCEPTED, doors.DECLINED, doors.EXPIRED):
                return DoorTurn(replace(kept.answer, replayed=True))
            raise DoorRefusal(409, "this request waits for no word that is given there")
        register = self._register(interface)
        placed = self._hall.orders.find(kept.order)
        spec = register.specs[kept.action]
        pending = PendingConfirm(kept.order, kept.action, spec.confirm, _until(placed))
        said = ConfirmAnswer(pending, AGREED[work.yes], yes=work.yes)
        context = self._context(message, work.operator, DoorProof.GIVEN, now)
        dialogue = Dialogue(pending=(pending,))
        outcome = Dispatcher(register).serve(said, context, dialogue, self._hall)
        turn = self._answered(message, outcome, context)
        turn = turn._replace(answer=replace(turn.answer, id=work.request, action=kept.action))
        self._requests.change(work.request, turn.answer, now + KEPT)
        self._note(work, kept.action, turn.answer, now)
        return turn

    # -- kept ------------------------------------------------------------------------------------

    def _keep(
        self, work: DoorRequest, spec: CommandSpec, order: int, answer: DoorAnswer, now: int
    ) -> None:
        shows = spec.reads_only or answer.state in (doors.NEEDS, doors.REFUSED, doors.LIMITED)
        kept = max(now + (SHOWN if shows else KEPT), answer.until + KEPT if answer.until else 0)
        self._requests.keep(work, order, answer, kept)
        self._note(work, work.action, answer, now)

    def _note(
        self, work: DoorRequest | DoorWord, action: str, answer: DoorAnswer, now: int
    ) -> None:
        self._audit.append(
            work.by.did(
                f"requests.{action}",
                now,
                subscriber=work.message.phone,
                reason=f"interface {work.message.interface}, request {answer.id}",
                result=answer.state
                if answer.state == doors.DONE
                else f"{answer.state}" + (f": {answer.code}" if answer.code else ""),
            )
        )


def _routed(outcome: TurnOutcome, letters: tuple[ReplyText, ...]) -> RoutedTurn:
    return RoutedTurn(
        outcome.action,
        outcome.result,
        "",
        letters,
        outcome.changed,
        refused=outcome.refusal,
        asks_for=outcome.proposed,
        why=why_door(outcome),
    )


def _until(placed: PlacedOrder | None) -> int:
    return placed.expires_at if placed else 0
