"""CXZD: the bill of a month that is over, up to six months back."""

from __future__ import annotations

from typing import Final

from commands.bills.bill_lines import in_order
from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request
from commands.model.subscriber_lookup import account
from tariffs.calendar import month_of, months_before

MONTHS_BACK: Final = 6


def bill(request: Request, hall: Hall) -> Reply:
    """Of the month that is named, or of the last one."""
    account(request, hall)
    month = month_asked(request, hall, default=1)
    lines = in_order(hall.bills.of(request.subject, month))
    facts = {"number": request.subject, "month": month, "lines": lines}
    total = sum(line.fen for line in lines)
    return Reply("q.bill" if lines else "q.bill.none", {**facts, "total": total})


def month_asked(request: Request, hall: Hall, *, default: int, newest: int = 1) -> int:
    """The month that the request names, or the one `default` months ago. Raises Refusal if it is
    newer than `newest` months ago, or too old."""
    this = month_of(request.now, hall.catalogue.zone)
    named = request.args.get("month")
    month = int(str(named)) if named else months_before(this, default)
    first, last = months_before(this, MONTHS_BACK), months_before(this, newest)
    if not first <= month <= last:
        raise Refusal("q.bill.range", {"month": month, "first": first, "last": last})
    return month
