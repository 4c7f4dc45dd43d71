"""CXJFJL, 262*MM: the last payments of six months, or those of one of them."""

from __future__ import annotations

from typing import Final

from commands.bills.monthly_bill import MONTHS_BACK
from commands.model.bills import Payment
from commands.model.hall import Hall
from commands.model.request import Reply, Request
from commands.model.subscriber_lookup import account
from tariffs.calendar import month_begins, month_of, months_before

SHOWN: Final = 3
WAYS: Final = ("card", "hall", "web", "air", "bank", "other")  # named by the texts way.card …


def payments(request: Request, hall: Hall) -> Reply:
    account(request, hall)
    month = request.args.get("month_of_year")
    found = recent(request, hall)
    if month is not None:
        wanted = int(str(month))
        found = [paid for paid in found if month_of(paid.at, hall.catalogue.zone) % 100 == wanted]
    shown = [
        {"at": paid.at, "way": paid.way if paid.way in WAYS else "other", "fen": paid.fen}
        for paid in found[:SHOWN]
    ]
    return Reply("q.payments" if shown else "q.payments.none", {"lines": shown})


def recent(request: Request, hall: Hall) -> list[Payment]:
    """Of this month and the six before it, newest first."""
    zone = hall.catalogue.zone
    first = months_before(month_of(request.now, zone), MONTHS_BACK)
    return list(hall.bills.payments(request.subject, month_begins(first, zone)))
