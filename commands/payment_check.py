"""CXDZ: whether a payment of so much on such a day has come in. Nothing but yes or no is told."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from commands.payments import recent
from commands.ports import Hall
from commands.subscribers import account
from commands.vocabulary import Refusal, Reply, Request

ASKED: Final = "payment_check"  # the strike that each question counts as
DAY: Final = 24 * 3600


def payment_check(request: Request, hall: Hall) -> Reply:
    """A few a day: who may ask for ever finds out amounts by asking."""
    account(request, hall)
    strikes, now = hall.strikes, request.now
    if strikes.count(ASKED, request.subject, now - DAY) >= hall.settings.payment_checks_a_day:
        raise Refusal("q.payment_check.limit", {"times": hall.settings.payment_checks_a_day})
    strikes.add(ASKED, request.subject, now)
    fen = int(Decimal(str(request.args["amount"])) * 100)
    day = str(request.args["day"])
    found = any(
        paid.fen == fen and f"{datetime.fromtimestamp(paid.at, hall.catalogue.zone):%m%d}" == day
        for paid in recent(request, hall)
    )
    return Reply("q.payment_check.yes" if found else "q.payment_check.no")
