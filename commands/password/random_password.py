"""2010: a new random service password, sent to the phone that asks for it."""

from __future__ import annotations

from typing import Final

from commands.model.accounts import NumberState
from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request, Secret
from commands.model.subscriber_lookup import account
from commands.password.password_rules import DIGITS, broken_rule

_DRAWS: Final = 100  # one in about a hundred is refused by the rules; a hundred in a row are not


def propose(request: Request, hall: Hall) -> Reply:
    _allowed(request, hall)
    return Reply("pw.random.confirm")


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """It is flagged as initial: whoever uses it is reminded to change it."""
    _allowed(request, hall)
    new = _draw(request.subject, hall)
    hall.passwords.change(request.subject, new, weak=False, initial=True, now=request.now)
    return (Reply("pw.random", {"password": new}),)


def _allowed(request: Request, hall: Hall) -> None:
    """For one's own number only, and not while it is stopped."""
    state = account(request, hall).state
    if not request.own or state is not NumberState.NORMAL:
        raise Refusal("sv.err.status", {"state": state.value})


def _draw(subject: str, hall: Hall) -> Secret:
    digits = [secret.reveal() for secret in hall.passwords.forbidden_digits(subject)]
    for _ in range(_DRAWS):
        new = Secret(hall.random.digits(DIGITS))
        if broken_rule(new.reveal(), subject, digits):
            continue
        if not hall.passwords.matches(subject, new):
            return new
    raise Refusal("sys.busy")
