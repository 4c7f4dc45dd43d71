"""CXYE: how much money is left, or owed."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Reply, Request
from commands.model.subscriber_lookup import account


def balance(request: Request, hall: Hall) -> Reply:
    """Four texts: prepaid or postpaid, in credit or in arrears."""
    found = account(request, hall)
    kind = "pre" if found.prepaid else "post"
    side = "owe" if found.balance_fen < 0 else "ok"
    facts = {
        "now": request.now,
        "balance": found.balance_fen,
        "owed": max(0, -found.balance_fen),
        "used": found.used_fen,
        "past_due": found.past_due_fen,
    }
    return Reply(f"q.balance.{kind}.{side}", facts)
