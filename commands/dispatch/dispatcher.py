"""Serves one turn: takes what was understood through proof, confirm and effect.

    asked ── proof enough? ──no──▶ a step waits for the password ──typed──┐
      │ yes  ◀───────────────────────────────────────────────────────────┘
      ├─ a query ───────────────▶ its answer
      └─ a change ─ proposed ───▶ an order waits for its confirm ──yes──▶ consumed, carried out

It knows no channel: SMS, USSD and voice come here with the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from commands.auth import proof, random_code
from commands.auth.interface_rights import check_interface_rights, registered_interface
from commands.care import satisfaction_rating
from commands.care.callback import calls_back
from commands.dispatch import barring, confirmation, door_proof, hourly_limit, open_questions
from commands.dispatch.command_kinds import ChangeCommand, QueryCommand, ResendCode
from commands.dispatch.command_table import ACTIONS
from commands.dispatch.execution import (
    accept_for_boss,
    check_classes,
    execute,
    reminders,
    unavailable,
)
from commands.dispatch.parameter_steps import (
    ask_for_new_again,
    check_parameter,
    check_secrets_sent_along,
    entered_value,
    question_for,
)
from commands.marketing.offers import NO_OFFERS, Recommendations, recommendation_for, record_answer
from commands.model.command_register import CommandRegister
from commands.model.dialogue import Dialogue
from commands.model.hall import Hall
from commands.model.request import (
    Arguments,
    AuthLevel,
    Channel,
    ConfirmRule,
    Refusal,
    Reply,
    Request,
    has_secret,
)
from commands.model.turn import TurnContext, TurnOutcome, TurnState
from commands.parser.parsed_message import (
    AmbiguousYes,
    ConfirmAnswer,
    DoubtfulAnswer,
    InputTooLate,
    MalformedCommand,
    ParsedCommand,
    ParsedMessage,
    QuestionLeft,
    TypedInput,
    UnknownText,
    UnlistedNumber,
)

# Of what is typed into a step and refused: this may be typed again …
AGAIN = {"auth.pw_wrong", "auth.pw_shape", "auth.otp_wrong", "auth.otp_shape"}
# … and so may a parameter, but for this.
FINAL = {"auth.id_locked", "sv.err.status", "sys.own_phone"}
RETYPED = ("pw.rule.", "pw.mismatch")  # refusals that say: enter it again


class Dispatcher:
    def __init__(self, register: CommandRegister, offers: Recommendations = NO_OFFERS) -> None:
        self._register = register
        self._offers = offers

    def serve(
        self, said: ParsedMessage, context: TurnContext, dialogue: Dialogue, hall: Hall
    ) -> TurnOutcome:
        """One step. Never raises for anything a subscriber can say."""
        before = dialogue.alive(context.now)
        turn = TurnState(self._register, context, before, hall)
        try:
            registered_interface(context.interface, context.operator, self._register.registry)
        except Refusal as refusal:
            return turn.outcome("origin", "refused", refusal.reply)
        outcome = _too_many(turn, said)
        if outcome is None and hall.settings.classes.bars:
            outcome = barring.refused(turn, said)
        if outcome is None:
            outcome = _with_second_wish(turn, said, _STEPS[type(said)](turn, said))
        outcome = _list_before(outcome, before)
        tips = _tips(turn, said, outcome, before)
        later = satisfaction_rating.asked_for(turn, outcome) if outcome.changed else ()
        record_answer(turn, outcome, self._offers)
        offer = recommendation_for(turn, said, outcome, self._offers)
        if not (tips or later or offer):
            return outcome
        return replace(outcome, replies=(*outcome.replies, *tips), later=later, offer=offer)


def _tips(
    turn: TurnState, said: ParsedMessage, outcome: TurnOutcome, before: Dialogue
) -> list[Reply]:
    """What is added to an answer because of how it was asked for, and of what is open besides."""
    tips: list[Reply] = []
    if isinstance(said, ParsedCommand) and said.guessed and outcome.result == "ok":
        facts = {"name": said.spec.name, "code": turn.register.code_of(said.spec)}
        tips.append(Reply("help.guessed", facts))
    if turn.context.channel is Channel.SMS and outcome.replies:
        if not before.empty:
            tips += open_questions.open_questions(turn, said, outcome, before)
        if _carries_secret(turn, said):
            tips.append(Reply("auth.delete_tip"))
    return tips


def _too_many(turn: TurnState, said: ParsedMessage) -> TurnOutcome | None:
    told = hourly_limit.refuse_over_limit(
        turn.context, hourly_limit.quota_category(said), turn.hall
    )
    if told is None:
        return None
    action = said.spec.action if isinstance(said, ParsedCommand) else "unknown"
    return turn.outcome(action, "limited", *told)


def _with_second_wish(turn: TurnState, said: ParsedMessage, outcome: TurnOutcome) -> TurnOutcome:
    """The first wish is answered, the second proposed; not where the answer opens a list itself."""
    if not isinstance(said, ParsedCommand) or not said.also or outcome.result != "ok":
        return outcome
    if outcome.dialogue.choice is not None and any(reply.opens for reply in outcome.replies):
        return outcome
    turn.dialogue = outcome.dialogue
    turn.offer(tuple(code for code, _ in said.also))
    also = Reply("help.also", {"names": [spec.name for _, spec in said.also]})
    return replace(outcome, replies=(*outcome.replies, also), dialogue=turn.dialogue)


def _list_before(outcome: TurnOutcome, before: Dialogue) -> TurnOutcome:
    """A list that was there before this answer is not the latest that was said any more."""
    dialogue, choice = outcome.dialogue, outcome.dialogue.choice
    if choice is None or choice is not before.choice or not choice.latest:
        return outcome
    return replace(outcome, dialogue=replace(dialogue, choice=replace(choice, latest=False)))


def _malformed(turn: TurnState, said: MalformedCommand) -> TurnOutcome:
    """How it is written; and, where it can be had step by step, the first question."""
    spec = said.spec
    if spec.unavailable:
        return turn.outcome(spec.action, "refused", unavailable(spec).reply)
    form = Reply(said.text, {"format": spec.format, "example": spec.example})
    if spec.steps and said.text == "help.format":
        outcome = _asked(turn, ParsedCommand(spec, {}))
        if outcome.result == "asked":
            return replace(outcome, replies=(form, *outcome.replies))
    return turn.outcome(spec.action, "misformed", form)


def _unlisted_number(turn: TurnState, said: UnlistedNumber) -> TurnOutcome:
    choice, number = turn.dialogue.choice, said.number
    if choice is None or not choice.items:
        return turn.outcome("pick", "expired", Reply("list.expired"))
    told = Reply("un.bad_no", {"number": number}) if number else Reply("un.which_no")
    return turn.outcome("pick", "misformed", told)


def _carries_secret(turn: TurnState, said: ParsedMessage) -> bool:
    match said:
        case ParsedCommand(_, args):
            return has_secret(args.values())
        case TypedInput(step):  # a random code is worth nothing any more
            return step.wants != "code" and proof.kind_of(step.wants, turn.register).secret
        case _:
            return False


# -- a command -----------------------------------------------------------------------------------


def _asked(turn: TurnState, said: ParsedCommand) -> TurnOutcome:
    spec = said.spec
    # a call that shows no number is about the one whose password was right
    subject = str(said.args.get("subject", turn.context.phone or turn.context.proved))
    if isinstance(ACTIONS[spec.action], ResendCode):
        return _sent_again(turn)
    if not (spec.reads_only and _stays_open(turn)):
        turn.wait_for(None)
    request = turn.request(spec, subject, said.args, proof.current_level(turn, subject))
    try:
        proven = _prove(turn, request)
        return proven if isinstance(proven, TurnOutcome) else _perform(turn, proven)
    except Refusal as refusal:
        return turn.outcome(spec.action, "refused", refusal.reply)


def _stays_open(turn: TurnState) -> bool:
    """A question in between leaves open what was asked, as it leaves a confirm; a menu has only
    one thing open at a time, but for a code that is on its way to the phone."""
    return turn.context.channel is Channel.SMS or proof.waits_for_code(turn)


def _sent_again(turn: TurnState) -> TurnOutcome:
    try:
        return random_code.again(turn)
    except Refusal as refusal:
        return turn.outcome("otp.send", "refused", refusal.reply)


def _prove(turn: TurnState, request: Request) -> Request | TurnOutcome:
    """The request with what is proven by now, or what asks for more. Raises Refusal."""
    if request.spec.unavailable:
        raise unavailable(request.spec)
    if not turn.register.offers(request.spec, request.channel, request.interface):
        raise Refusal("sys.channel", {"name": request.spec.name})
    interface = turn.register.registry[request.interface]
    zone = turn.hall.catalogue.zone
    check_interface_rights(interface, request.spec, turn.hall.settings, request.now, zone)
    if request.channel is Channel.DOOR:
        return door_proof.prove(turn, request)
    if not request.subject and (calls_back(request) or not proof.anybody(turn, request)):
        return proof.ask_number(turn, request)
    listed, needed = proof.needed(turn, request)
    if request.level < min(needed, AuthLevel.A2):
        proven = proof.by_password(turn, request)
        if proven is None:
            return proof.ask_password(turn, request, raised=needed > listed and request.own)
        request, turn.proved = proven, request.subject
    action = ACTIONS[request.spec.action]
    check_classes(action, request, turn.hall)
    if isinstance(action, ChangeCommand) and action.allowed is not None:
        action.allowed(request, turn.hall)
    if request.level < needed:
        if "code" not in request.args:
            return random_code.ask(turn, request)
        request = random_code.check(request, turn.hall)
    return request


def _typed(turn: TurnState, said: TypedInput) -> TurnOutcome:
    """What a step was waiting for. A wrong entry may be typed again; a lock ends the dialogue."""
    step = said.step
    spec = turn.register.spec(step.action, step.args)
    value = entered_value(turn, said)
    if value is None:  # digits where a name was asked for
        wrong = (
            [Reply("step.wrong")] if turn.context.channel is Channel.SMS else []
        )  # a menu says it
        return turn.outcome(spec.action, "misformed", *wrong, question_for(spec, step.wants))
    args: Arguments = {**step.args, step.wants: value}
    subject, level = step.subject, step.level
    if step.wants == proof.NUMBER:
        subject = str(value)
        level = proof.current_level(turn, subject)
    request = turn.request(spec, subject, args, level)
    try:
        check_parameter(turn, request, step)
    except Refusal as refusal:
        turn.wait_for(None if refusal.reply.text in FINAL else step)
        return turn.outcome(spec.action, "refused", refusal.reply)
    turn.wait_for(None)
    try:
        proven = _prove(turn, request)
        return proven if isinstance(proven, TurnOutcome) else _perform(turn, proven)
    except Refusal as refusal:
        if refusal.reply.text in AGAIN:
            turn.wait_for(step)
        return turn.outcome(spec.action, "refused", refusal.reply)


def _perform(turn: TurnState, request: Request) -> TurnOutcome:
    """The proof is enough: ask for what is missing, answer, propose, or do. Raises Refusal."""
    spec = request.spec
    missing = next((name for name in spec.steps if name not in request.args), None)
    if missing is not None:
        check_secrets_sent_along(turn, request)
        proof.wait_for(turn, missing, request)
        return turn.outcome(spec.action, "asked", question_for(spec, missing))
    action = ACTIONS[spec.action]
    if isinstance(action, QueryCommand):
        if turn.hall.boss_jobs is not None and action.at_boss:
            return accept_for_boss(turn, request, turn.hall.boss_jobs)
        return _answered(turn, request, action.run(request, turn.hall))
    assert isinstance(action, ChangeCommand)  # a code sent again never comes as far as this
    if spec.confirm is ConfirmRule.NONE or action.propose is None:
        try:
            return execute(turn, action, request)
        except Refusal as refusal:
            if refusal.reply.text.startswith(RETYPED):
                ask_for_new_again(turn, request)
            raise
    return confirmation.propose(turn, request, action)


def _answered(turn: TurnState, request: Request, answer: Reply | tuple[Reply, ...]) -> TurnOutcome:
    replies = answer if isinstance(answer, tuple) else (answer,)
    for reply in replies:
        if reply.opens:
            turn.offer(reply.opens, several=reply.several)
    return turn.outcome(request.spec.action, "ok", *replies, *reminders(request, turn.hall))


# -- not understood ------------------------------------------------------------------------------


def _unknown(turn: TurnState, said: UnknownText) -> TurnOutcome:
    if said.suggestions:  # else what was offered before can still be had
        turn.offer(tuple(code for code, _ in said.suggestions))
    names = [spec.name for _, spec in said.suggestions]
    text = {0: "help.lost", 1: "help.meant"}.get(len(names), "help.unknown")
    return turn.outcome("unknown", "unknown", Reply(text, {"text": said.text, "names": names}))


def _doubtful(turn: TurnState, said: DoubtfulAnswer) -> TurnOutcome:
    return confirmation.ask_again(turn, said.pending)


def _ambiguous(turn: TurnState, said: AmbiguousYes) -> TurnOutcome:
    return confirmation.which(turn, said.pending)


_STEPS: Final[Mapping[type[ParsedMessage], Callable[..., TurnOutcome]]] = {
    ParsedCommand: _asked,
    ConfirmAnswer: confirmation.answered,
    DoubtfulAnswer: _doubtful,
    QuestionLeft: open_questions.leave_question,
    InputTooLate: open_questions.leave_question,
    TypedInput: _typed,
    MalformedCommand: _malformed,
    UnlistedNumber: _unlisted_number,
    AmbiguousYes: _ambiguous,
    UnknownText: _unknown,
}
"""What is done with each kind of message."""
