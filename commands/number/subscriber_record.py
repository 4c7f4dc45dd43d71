"""CXZL: what stands in a subscriber's record and may be told."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Reply, Request
from commands.model.subscriber_lookup import account


def profile(request: Request, hall: Hall) -> Reply:
    """Lists that are kept for our own use, black and red, are told to nobody."""
    found, record = account(request, hall), hall.records.of(request.subject)
    facts = {
        "brand": hall.catalogue.brands[found.brand].name,
        "plan": hall.catalogue.plans[found.plan].name,
        "prepaid": found.prepaid,
        "state": found.state.value,
        "vip": "vip" in found.classes_at(request.now),
        "star": found.star,
        "real_named": found.real_named,
        "joined": record.joined_at,
        "group": record.group,
    }
    return Reply("q.profile", facts)
