"""CXXJ: the star of a subscriber, until when, and what comes with it."""

from __future__ import annotations

from commands.ports import Hall
from commands.subscribers import account
from commands.vocabulary import Reply, Request


def star(request: Request, hall: Hall) -> Reply:
    found, profile = account(request, hall), hall.profiles.of(request.subject)
    facts = {"star": found.star, "until": profile.star_until}
    return Reply("q.star" if found.star else "q.star.none", facts)
