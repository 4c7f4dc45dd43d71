"""CXJF: points, under the name that the brand has for them, and those that end soon."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Reply, Request
from commands.model.subscriber_lookup import account


def points(request: Request, hall: Hall) -> Reply:
    found, profile = account(request, hall), hall.records.of(request.subject)
    facts = {
        "now": request.now,
        "name": hall.catalogue.brands[found.brand].points,
        "points": found.points,
        "expiring": min(profile.points_expiring, found.points),
        "expire_at": profile.points_expire_at,
    }
    return Reply("q.points", facts)
