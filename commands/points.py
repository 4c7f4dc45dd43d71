"""CXJF: points, under the name that the brand has for them, and those that end soon."""

from __future__ import annotations

from commands.ports import Hall
from commands.subscribers import account
from commands.vocabulary import Reply, Request


def points(request: Request, hall: Hall) -> Reply:
    found, profile = account(request, hall), hall.profiles.of(request.subject)
    facts = {
        "now": request.now,
        "name": hall.catalogue.brands[found.brand].points,
        "points": found.points,
        "expiring": min(profile.points_expiring, found.points),
        "expire_at": profile.points_expire_at,
    }
    return Reply("q.points", facts)
