"""Which function answers which query."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from commands.allowance import allowance
from commands.balance import balance
from commands.bill import bill
from commands.card_check import card_check
from commands.credit import credit
from commands.cycle import cycle
from commands.data import data
from commands.fee_now import fee_now
from commands.joint_bill import joint_bill
from commands.payment_check import payment_check
from commands.payments import payments
from commands.plan import plan
from commands.points import points
from commands.ports import Hall
from commands.profile import profile
from commands.provider_fees import provider_fees
from commands.puk import puk
from commands.rebates import rebates
from commands.region import region
from commands.services import services
from commands.star import star
from commands.status import status
from commands.tariff_card import tariff_card
from commands.ticket_progress import ticket_progress
from commands.vocabulary import Reply, Request
from commands.vpmn import short_number, vpmn
from commands.wlan_use import wlan_use

QUERIES: Final[Mapping[str, Callable[[Request, Hall], Reply]]] = {
    "q.balance": balance,
    "q.fee_now": fee_now,
    "q.bill": bill,
    "q.bill_now_joint": joint_bill,
    "q.allowance": allowance,
    "q.data": data,
    "q.wlan": wlan_use,
    "q.plan": plan,
    "q.points": points,
    "q.star": star,
    "q.credit": credit,
    "q.payments": payments,
    "q.payment_check": payment_check,
    "q.card": card_check,
    "q.status": status,
    "q.profile": profile,
    "q.services": services,
    "q.sp_fee": provider_fees,
    "q.rebate": rebates,
    "q.cycle": cycle,
    "q.vpmn": vpmn,
    "q.short_number": short_number,
    "q.region": region,
    "q.puk": puk,
    "q.ticket": ticket_progress,
    "info.tariff": tariff_card,
}
