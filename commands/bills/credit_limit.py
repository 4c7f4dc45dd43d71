"""CXXY: how much somebody may owe (信用度)."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Reply, Request
from commands.model.subscriber_lookup import account


def credit(request: Request, hall: Hall) -> Reply:
    account(request, hall)
    fen = hall.records.of(request.subject).credit_fen
    return Reply("q.credit" if fen else "q.credit.none", {"credit": fen})
