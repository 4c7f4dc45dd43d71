"""CXYL: what plan and services include this month, how much is used, how much is left."""

from __future__ import annotations

from collections import Counter
from typing import TypedDict

from commands.model.hall import Hall
from commands.model.request import Reply, Request
from commands.model.subscriber_lookup import account, running
from tariffs.catalogue import AllowanceItem, Service


class AllowanceLine(TypedDict):
    item: AllowanceItem
    total: int
    used: int
    left: int
    unlimited: bool


def allowance(request: Request, hall: Hall) -> Reply:
    """One line an item: included, used and left. Nothing included has a text of its own."""
    found = lines(request, hall)
    text = "q.allowance" if found else "q.allowance.none"
    return Reply(text, {"now": request.now, "lines": found})


def lines(request: Request, hall: Hall) -> list[AllowanceLine]:
    """By item, of the plan and of every running service together, in the catalogue's order."""
    mine = _services(request, hall)
    total = Counter(hall.catalogue.plans[account(request, hall).plan].includes)
    for service in mine:
        total.update(service.includes)
    endless = {item for service in mine for item in service.unlimited}
    used = {use.item: use.used for use in hall.services.usage(request.subject, request.now)}
    return [
        AllowanceLine(
            item=item,
            total=total[code],
            used=used.get(code, 0),
            left=max(0, total[code] - used.get(code, 0)),
            unlimited=code in endless,
        )
        for code, item in hall.catalogue.items.items()
        if total[code] or code in endless
    ]


def _services(request: Request, hall: Hall) -> list[Service]:
    """Those that have begun: what was ordered for next month includes nothing yet."""
    begun = [held for held in running(request, hall) if held.since <= request.now]
    found = [hall.catalogue.service(held.service) for held in begun]
    return [service for service in found if service is not None]
