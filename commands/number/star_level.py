"""CXXJ: the star of a subscriber, until when, and what comes with it."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Reply, Request
from commands.model.subscriber_lookup import account


def star(request: Request, hall: Hall) -> Reply:
    found, profile = account(request, hall), hall.records.of(request.subject)
    facts = {"star": found.star, "until": profile.star_until}
    return Reply("q.star" if found.star else "q.star.none", facts)
