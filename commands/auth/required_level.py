"""The proof that a request needs: the operation's own level, raised where that is too low (R9)."""

from __future__ import annotations

from commands.model.accounts import SubscriberAccount
from commands.model.request import AuthLevel, Request


def required_level(
    request: Request, account: SubscriberAccount | None, listed: AuthLevel
) -> AuthLevel:
    """The level this request needs, given the one its operation lists for its channel (R1, R3,
    R9). Of another number it is the same whether there is an account or not."""
    if listed >= AuthLevel.A2:
        return listed
    if not request.own or account is None or not account.real_named:
        return AuthLevel.A2
    return listed
