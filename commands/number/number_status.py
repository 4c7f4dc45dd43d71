"""CXZT: the state of a number, and what can be done about it."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Reply, Request
from commands.model.subscriber_lookup import account


def status(request: Request, hall: Hall) -> Reply:
    return Reply("q.status", {"state": account(request, hall).state.value})
