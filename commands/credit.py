"""CXXY: how much somebody may owe (信用度)."""

from __future__ import annotations

from commands.ports import Hall
from commands.subscribers import account
from commands.vocabulary import Reply, Request


def credit(request: Request, hall: Hall) -> Reply:
    account(request, hall)
    fen = hall.profiles.of(request.subject).credit_fen
    return Reply("q.credit" if fen else "q.credit.none", {"credit": fen})
