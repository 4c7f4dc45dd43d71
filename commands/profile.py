"""CXZL: what stands in a subscriber's record and may be told."""

from __future__ import annotations

from commands.ports import Hall
from commands.subscribers import account
from commands.vocabulary import Reply, Request


def profile(request: Request, hall: Hall) -> Reply:
    """Lists that are kept for our own use, black and red, are told to nobody."""
    found, record = account(request, hall), hall.profiles.of(request.subject)
    facts = {
        "brand": hall.catalogue.brands[found.brand].name,
        "plan": hall.catalogue.plans[found.plan].name,
        "prepaid": found.prepaid,
        "state": found.state.value,
        "vip": "vip" in found.classes,
        "star": found.star,
        "real_named": found.real_named,
        "joined": record.joined_at,
        "group": record.group,
    }
    return Reply("q.profile", facts)
