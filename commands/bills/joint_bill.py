"""CXSSZD: the running bill with the numbers billed together and what was paid back."""

from __future__ import annotations

from commands.bills.bill_lines import up_to
from commands.model.accounts import SubscriberAccount
from commands.model.hall import Hall
from commands.model.request import Reply, Request
from commands.model.subscriber_lookup import account
from tariffs.calendar import month_of, month_start


def joint_bill(request: Request, hall: Hall) -> Reply:
    found, zone = account(request, hall), hall.catalogue.zone
    lines = up_to(found.used_fen, hall.bills.of(request.subject, month_of(request.now, zone)))
    rebates = hall.bills.rebates(request.subject, month_start(request.now, zone))
    others = _billed_with(found, hall)
    facts = {
        "now": request.now,
        "total": found.used_fen,
        "lines": lines,
        "others": [other.msisdn for other in others],
        "joint": found.used_fen + sum(other.used_fen for other in others),
        "rebate": sum(rebate.fen for rebate in rebates),
    }
    return Reply("q.bill_now_joint", facts)


def _billed_with(mine: SubscriberAccount, hall: Hall) -> list[SubscriberAccount]:
    """The other numbers of the joint account (合帐)."""
    profile = hall.records.of(mine.msisdn)
    numbers = hall.records.billed_together(profile.joint_account)
    found = [hall.accounts.find(number) for number in numbers if number != mine.msisdn]
    return [other for other in found if other is not None]
