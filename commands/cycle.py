"""CXZQ: the billing month (账期)."""

from __future__ import annotations

from commands.ports import Hall
from commands.subscribers import account
from commands.vocabulary import Reply, Request
from tariffs.calendar import month_end, month_start


def cycle(request: Request, hall: Hall) -> Reply:
    account(request, hall)
    zone = hall.catalogue.zone
    ends = month_end(request.now, zone)
    facts = {"begins": month_start(request.now, zone), "last": ends - 1, "bill_at": ends}
    return Reply("q.cycle", facts)
