"""CXYL: what plan and services include this month, how much is used, how much is left."""

from __future__ import annotations

from collections import Counter

from commands.ports import Hall
from commands.subscribers import account, running
from commands.vocabulary import Reply, Request


def allowance(request: Request, hall: Hall) -> Reply:
    """One line an item: included, used and left. Nothing included has a text of its own."""
    included = _included(request, hall)
    used = {use.item: use.used for use in hall.services.usage(request.subject, request.now)}
    lines = [
        {
            "item": hall.catalogue.items[item],
            "total": total,
            "used": used.get(item, 0),
            "left": max(0, total - used.get(item, 0)),
        }
        for item, total in included.items()
    ]
    text = "q.allowance" if lines else "q.allowance.none"
    return Reply(text, {"now": request.now, "lines": lines})


def _included(request: Request, hall: Hall) -> Counter[str]:
    """By item, of the plan and of every running service together, in the catalogue's order."""
    found = account(request, hall)
    total = Counter(hall.catalogue.plans[found.plan].includes)
    for subscription in running(request, hall):
        service = hall.catalogue.service(subscription.service)
        total.update(service.includes if service else {})
    return Counter({item: total[item] for item in hall.catalogue.items if total[item]})
