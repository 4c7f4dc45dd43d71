"""Proof: what is known of whoever asks, and how the rest is asked for."""

from __future__ import annotations

import re
from dataclasses import replace

from commands.auth import password_check
from commands.auth.required_level import required_level
from commands.model.command_register import CommandRegister
from commands.model.dialogue import AwaitedInput
from commands.model.hall import Hall
from commands.model.parameters import ParameterKind
from commands.model.request import AuthLevel, Channel, Refusal, Reply, Request, Secret
from commands.model.turn import TurnContext, TurnOutcome, TurnState

SIX_DIGITS = re.compile("[0-9]{6}")
PROOFS = ("password", "old", "code")  # parameters that prove, and are kept nowhere
NUMBER = "subject"  # the parameter that says which number it is about
ASKS_NUMBER = "auth.ask_number"


def kind_of(wants: str, register: CommandRegister) -> ParameterKind:
    """What a step waits for: a password or a code, or a parameter of the register."""
    return (
        ParameterKind.PASSWORD
        if wants in PROOFS
        else register.parameters.get(wants, ParameterKind.TEXT)
    )


def current_level(turn: TurnState, subject: str) -> AuthLevel:
    return proven(turn.context, subject, turn.hall)


def proven(context: TurnContext, subject: str, hall: Hall) -> AuthLevel:
    """What is known of a sender without a further word: the network vouches for a phone that is
    registered; a password that was right holds until the dialogue or call ends."""
    if context.proved == subject:
        return AuthLevel.A2
    if not context.asserted or subject != context.phone:
        return AuthLevel.A0
    account = hall.accounts.find(subject)
    return AuthLevel.A1 if account is not None and account.real_named else AuthLevel.A0


def anybody(turn: TurnState, request: Request) -> bool:
    """Whether it takes no proof of anything."""
    return listed_level(turn, request) is AuthLevel.A0


def listed_level(turn: TurnState, request: Request) -> AuthLevel:
    """The level that the operation lists where the request comes from."""
    column = turn.register.column(request.channel, request.interface)
    return turn.register.level(request.spec.operation, column)


def ask_number(turn: TurnState, request: Request) -> TurnOutcome:
    """A call that shows no number, or a phone that is no mobile: which number is it about?"""
    wait_for(turn, NUMBER, request)
    return turn.outcome(
        request.spec.action, "asked", Reply(ASKS_NUMBER, {"name": request.spec.name})
    )


def needed(turn: TurnState, request: Request) -> tuple[AuthLevel, AuthLevel]:
    """The level that the operation lists for the channel, and the one this request needs.

    Raises Refusal from a phone that is no subscriber's, about itself. Whether another number exists
    is told to nobody: who asks needs its password, and none is right for one that does not."""
    listed = listed_level(turn, request)
    if listed is AuthLevel.A0:
        return listed, listed
    account = turn.hall.accounts.find(request.subject)
    if account is None and request.own:
        raise Refusal("sys.no_account", {"number": request.subject})
    classes = turn.hall.settings.classes
    if account is not None and request.spec.operation in classes.raised:
        mine = classes.proof(request.spec.operation, account.classes_at(request.now))
        listed = max(listed, AuthLevel(mine))
    return listed, required_level(request, account, listed)


def by_password(turn: TurnState, request: Request) -> Request | None:
    """The request at A2, if a password came with it and is right; None if none came.

    Raises Refusal, and counts, if it is wrong."""
    for name in ("password", "old"):
        password = request.args.get(name)
        if isinstance(password, Secret):
            if not SIX_DIGITS.fullmatch(password.reveal()):
                raise Refusal("auth.pw_shape")  # a slip, no guess: it is not counted
            password_check.check_password(request, password, turn.hall)
            password_check.strong_enough(request, turn.hall)
            return replace(request, level=max(request.level, AuthLevel.A2))
    return None


def ask_password(turn: TurnState, request: Request, *, raised: bool) -> TurnOutcome:
    """Wait for it to be typed. To ask by SMS about another number, it must come along.

    Raises Refusal, also where none would be taken: who asks hears of the lock before typing."""
    other = request.phone != request.subject
    if other and request.channel is Channel.SMS and request.spec.reads_only:
        raise Refusal("q.refuse.nopw")
    password_check.not_locked(request, turn.hall)
    wait_for(turn, "password", request)
    text = "auth.not_realname" if raised else request.spec.asks.get("password", "auth.ask_pw")
    facts: dict[str, object] = {"name": request.spec.name}
    if other and request.channel is Channel.SMS:
        text, facts = "auth.ask_pw.other", {**facts, "number": request.subject}
    return turn.outcome(request.spec.action, "asked", Reply(text, facts))


def waits_for_code(turn: TurnState) -> bool:
    """A code is on its way to the phone: a question in between must not make it worthless."""
    step = turn.dialogue.step
    return step is not None and step.wants == "code"


def wait_for(turn: TurnState, wants: str, request: Request) -> None:
    """The next message is taken as `wants`. Secrets gathered so far are kept as marks only."""
    mark = turn.hall.passwords.mark
    kept = {
        name: mark(value) if isinstance(value, Secret) else value
        for name, value in request.args.items()
        if name not in PROOFS
    }
    until = turn.context.now + turn.hall.settings.step
    spec = request.spec
    turn.wait_for(AwaitedInput(spec.action, request.subject, wants, request.level, until, kept))
