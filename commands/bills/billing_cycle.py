"""CXZQ: the billing month (账期)."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Reply, Request
from commands.model.subscriber_lookup import account
from tariffs.calendar import month_end, month_start


def cycle(request: Request, hall: Hall) -> Reply:
    account(request, hall)
    zone = hall.catalogue.zone
    ends = month_end(request.now, zone)
    facts = {"begins": month_start(request.now, zone), "last": ends - 1, "bill_at": ends}
    return Reply("q.cycle", facts)
