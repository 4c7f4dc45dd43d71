"""CXFH: what was paid back in the last six months (返还)."""

from __future__ import annotations

from typing import Final

from commands.bills.monthly_bill import MONTHS_BACK
from commands.model.hall import Hall
from commands.model.request import Reply, Request
from commands.model.subscriber_lookup import account
from tariffs.calendar import month_begins, month_of, months_before

SHOWN: Final = 3


def rebates(request: Request, hall: Hall) -> Reply:
    """The newest ones, and the sum of all."""
    account(request, hall)
    zone = hall.catalogue.zone
    since = month_begins(months_before(month_of(request.now, zone), MONTHS_BACK), zone)
    found = hall.bills.rebates(request.subject, since)
    total = sum(rebate.fen for rebate in found)
    facts = {"lines": found[:SHOWN], "count": len(found), "total": total}
    return Reply("q.rebate" if found else "q.rebate.none", facts)
