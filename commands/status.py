"""CXZT: the state of a number, and what can be done about it."""

from __future__ import annotations

from commands.ports import Hall
from commands.subscribers import account
from commands.vocabulary import Reply, Request


def status(request: Request, hall: Hall) -> Reply:
    return Reply("q.status", {"state": account(request, hall).state.value})
