"""CXGSD: where a number belongs. Its first digits tell, so nobody is asked who has it."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Reply, Request


def region(request: Request, hall: Hall) -> Reply:
    number = str(request.args["about"])
    found = hall.regions.of(number)
    facts = {"number": number, "region": found}
    return Reply("q.region" if found else "q.region.none", facts)
