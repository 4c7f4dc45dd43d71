"""CXDSF: what was charged this month for other providers (代收费)."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Reply, Request
from commands.model.subscriber_lookup import account
from tariffs.calendar import month_of


def provider_fees(request: Request, hall: Hall) -> Reply:
    account(request, hall)
    month = month_of(request.now, hall.catalogue.zone)
    fees = hall.bills.provider_fees(request.subject, month)
    facts = {"now": request.now, "lines": fees, "total": sum(fee.fen for fee in fees)}
    return Reply("q.sp_fee" if fees else "q.sp_fee.none", facts)
