"""The facts of reminders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commands.reply_facts.facts import Facts
from tariffs.bilingual_name import BilingualName
from tariffs.catalogue import AllowanceItem, ItemUnit

_LATER: Final = 1_796_054_400
_DATA: Final = AllowanceItem("data_mb", BilingualName("流量", "data"), ItemUnit.MEGABYTES)
_USE: Final[Facts] = {
    "item": _DATA,
    "share": 80,
    "total": 2000,
    "used": 1234,
    "left": 766,
    "pack": BilingualName("30元流量包", "Data pack 30"),
    "fee": 3000,
    "code": "KTLL30",
}
_MONEY: Final[Facts] = {
    "fen": 123456,
    "name": BilingualName("校园WLAN 100小时", "Campus WLAN 100 h"),
    "way": "bank",
    "balance": 123456,
}
_ENDING: Final[Facts] = {
    "until": _LATER,
    "points": 12345,
    "unit": BilingualName("福分", "bonus points"),
    "name": BilingualName("全球通新经典228元套餐", "GoTone New Classic 228"),
}

REMINDER_TEXTS: Final[Mapping[str, Facts]] = {
    "rm.balance_low": {"balance": -12345, "below": 1000},
    "rm.balance_low.own": {"balance": -12345, "below": 1000},
    "rm.charge": _MONEY,
    "rm.recharge": _MONEY,
    "rm.allowance": _USE,
    "rm.allowance.out": _USE,
    "rm.arrears": {"owed": 12345, "until": _LATER},
    "rm.high_bill": {"used": 123456, "usual": 12345},
    "rm.contract_ending": _ENDING,
    "rm.points_ending": _ENDING,
    "rm.plan_ending": _ENDING,
    "rm.number_closing": {"until": _LATER},
    "reminders.off": {},
    "reminders.on": {},
    "reminders.kind.off": {"back": "KTYLTX"},
    "reminders.kind.on": {"back": "QXYLTX"},
    "reminders.kind.kept": {},
    "reminders.kind.none": {},
}
