"""CXTC: the main plan, what it includes, until when, and what comes next month."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Reply, Request
from commands.model.subscriber_lookup import account


def plan(request: Request, hall: Hall) -> Reply:
    found = account(request, hall)
    current = hall.catalogue.plans[found.plan]
    coming = hall.catalogue.plans.get(found.next_plan)
    facts = {
        "name": current.name,
        "fee": current.fee_fen,
        "local": current.local,
        "includes": hall.catalogue.amounts(current.includes),
        "until": found.plan_until,
        "next": coming.name if coming else "",
        "next_fee": coming.fee_fen if coming else 0,
    }
    return Reply("q.plan", facts)
