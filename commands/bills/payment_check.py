"""CXDZ: whether a payment of so much on such a day has come in. Nothing but yes or no is told."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from commands.bills.payments import recent
from commands.model.hall import Hall
from commands.model.parameters import in_fen
from commands.model.request import Refusal, Reply, Request
from commands.model.subscriber_lookup import account

ASKED: Final = "payment_check"  # each question is counted as this
DAY: Final = 24 * 3600


def payment_check(request: Request, hall: Hall) -> Reply:
    """A few a day: who may ask for ever finds out amounts by asking."""
    account(request, hall)
    attempts, now = hall.attempts, request.now
    if attempts.count(ASKED, request.subject, now - DAY) >= hall.settings.payment_checks_a_day:
        raise Refusal("q.payment_check.limit", {"times": hall.settings.payment_checks_a_day})
    attempts.add(ASKED, request.subject, now)
    fen = in_fen(str(request.args["amount"]))
    day = str(request.args["day"])
    found = any(
        paid.fen == fen and f"{datetime.fromtimestamp(paid.at, hall.catalogue.zone):%m%d}" == day
        for paid in recent(request, hall)
    )
    return Reply("q.payment_check.yes" if found else "q.payment_check.no")
