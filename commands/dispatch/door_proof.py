"""Proof at another interface: a hall, an agent, a bank, a partner's platform. No network vouches
for a phone there. The subscriber types his password, or a code that the hall sends to his phone; or
he is asked on his phone, and his own 是 does it.

    password ── A2            code, 是 ── the number's own phone: A1, if it is real-named
    password and code ── A3
"""

from __future__ import annotations

from dataclasses import replace

from commands.auth import proof, random_code
from commands.auth.required_level import required_level
from commands.dispatch.command_kinds import ChangeCommand
from commands.dispatch.command_table import ACTIONS
from commands.model.interfaces import DoorProof
from commands.model.request import AuthLevel, Refusal, Request
from commands.model.turn import TurnOutcome, TurnState


def prove(turn: TurnState, request: Request) -> Request | TurnOutcome:
    """The request with what is proven, or what asks for more. Raises Refusal.

    What is typed is looked at even where nothing need be proven: whoever guesses is counted."""
    action, kind = ACTIONS[request.spec.action], turn.context.proof
    request = proof.by_password(turn, request) or request
    if kind is DoorProof.CODE:
        return random_code.ask(turn, request)
    by_code = "code" in request.args
    if by_code:
        random_code.check(request, turn.hall)
    if kind is DoorProof.PHONE and not (isinstance(action, ChangeCommand) and action.propose):
        raise Refusal("door.no_confirm", {"name": request.spec.name})
    if by_code or kind is DoorProof.PHONE:
        request = _of_the_phone(turn, request)
    needed = _needed(turn, request)
    if request.level < min(needed, AuthLevel.A2):
        return proof.ask_password(turn, request, raised=False)
    if isinstance(action, ChangeCommand) and action.allowed is not None:
        action.allowed(request, turn.hall)
    if request.level < needed:
        if not by_code:
            return random_code.ask(turn, request)
        request = replace(request, level=AuthLevel.A3)
    return request


def _of_the_phone(turn: TurnState, request: Request) -> Request:
    account = turn.hall.accounts.find(request.subject)
    named = account is not None and account.real_named
    level = max(request.level, AuthLevel.A1 if named else AuthLevel.A0)
    return replace(request, asserted=True, level=level)


def _needed(turn: TurnState, request: Request) -> AuthLevel:
    listed = proof.listed_level(turn, request)
    if listed is AuthLevel.A0:
        return listed
    account = turn.hall.accounts.find(request.subject)
    if account is None and request.own:
        raise Refusal("sys.no_account", {"number": request.subject})
    return required_level(request, account, listed)
