"""CXHF: what this month has cost so far, item by item."""

from __future__ import annotations

from commands.bills.bill_lines import up_to
from commands.model.hall import Hall
from commands.model.request import Reply, Request
from commands.model.subscriber_lookup import account
from tariffs.calendar import month_of


def fee_now(request: Request, hall: Hall) -> Reply:
    """The total is the one that the balance query tells."""
    used = account(request, hall).used_fen
    month = month_of(request.now, hall.catalogue.zone)
    lines = up_to(used, hall.bills.of(request.subject, month))
    text = "q.fee_now" if lines else "q.fee_now.none"
    return Reply(text, {"now": request.now, "total": used, "lines": lines})
