"""What every command asks first: who is it, and what do they have."""

from __future__ import annotations

from commands.ports import Account, Hall, State, Subscription
from commands.vocabulary import Refusal, Request


def account(request: Request, hall: Hall) -> Account:
    """The account that the request is about. Raises Refusal."""
    found = hall.accounts.find(request.subject)
    if found is None:
        raise Refusal("sys.no_account", {"number": request.subject})
    return found


def running(request: Request, hall: Hall) -> list[Subscription]:
    """The services the subscriber has now, oldest first."""
    return list(hall.services.of(request.subject, request.now))


def ready_to_order(request: Request, hall: Hall) -> Account:
    """An account in normal state that is not on the black list. Raises Refusal."""
    found = account(request, hall)
    if found.state is not State.NORMAL:
        raise Refusal("sv.err.status", {"state": found.state.value})
    if "black" in found.classes:
        raise Refusal("sv.err.black")
    return found
