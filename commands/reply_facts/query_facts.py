"""The texts of queries, with facts like those they will have (see all_replies.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commands.bills.bill_lines import ITEMS
from commands.bills.payments import WAYS
from commands.care.ticket_progress import STATES
from commands.model.accounts import NumberState
from commands.model.bills import BillLine, ProviderFee, Rebate
from commands.model.request import Secret
from commands.reply_facts.facts import Facts
from tariffs.bilingual_name import BilingualName
from tariffs.catalogue import AllowanceItem, ItemUnit

_NOW: Final = 1_795_267_800  # 21 November 2026, 21:30 in Shanghai
_DAY: Final = 24 * 3600
_NUMBER: Final = "13800138001"
_LINES: Final = [BillLine(item, 12_345) for item in ITEMS]
_BILL: Final[Facts] = {"now": _NOW, "number": _NUMBER, "total": 123_456, "lines": _LINES}
_MONTH: Final[Facts] = {"month": 202610, "first": 202605, "last": 202610}
_CALLS: Final = AllowanceItem("voice_min", BilingualName("通话", "calls"), ItemUnit.MINUTES)
_LONG: Final = AllowanceItem(
    "voice_long_min", BilingualName("长途漫游通话", "long-distance calls"), ItemUnit.MINUTES
)
_DATA: Final = AllowanceItem("data_mb", BilingualName("流量", "data"), ItemUnit.MEGABYTES)
_SMS: Final = AllowanceItem("sms", BilingualName("短信", "SMS"), ItemUnit.PIECES)
_USED: Final[Facts] = {"now": _NOW, "item": _DATA, "total": 2048, "used": 1234, "left": 814}
_WLAN: Final = BilingualName("校园WLAN 100小时", "Campus WLAN 100 h")
_BRANDS: Final = [BilingualName("全球通", "GoTone"), BilingualName("动感地带", "M-Zone")]

_BILLS: Final[Mapping[str, Facts]] = {
    "q.fee_now": _BILL,
    "q.fee_now.none": _BILL,
    "q.bill": {**_BILL, **_MONTH},
    "q.bill.none": {**_BILL, **_MONTH},
    "q.bill.range": _MONTH,
    "q.bill_now_joint": {
        **_BILL,
        "others": [_NUMBER, _NUMBER],
        "joint": 234_567,
        "rebate": 1000,
    },
    **{f"bill.{item}": {} for item in ITEMS},
    "q.detail.confirm": {**_MONTH, "minutes": 30},
    "q.detail.sent": {
        **_MONTH,
        "minutes": 30,
        "link": Secret("https://10086.example/x/123456789012345678901234"),
    },
    "q.detail.by_sms": {"number": _NUMBER},
    "q.detail.unavailable": {"name": BilingualName("详单", "detailed records")},
    "q.payments": {"lines": [{"at": _NOW, "way": way, "fen": 10_000} for way in WAYS[:3]]},
    "q.payments.none": {"lines": []},
    **{f"way.{way}": {} for way in WAYS},
    "q.payment_check.yes": {},
    "q.payment_check.no": {},
    "q.payment_check.limit": {"times": 5},
    "q.card.ok": {},
    "q.card.bad": {},
    "q.card.ticket": {"number": "59659800000"},
    "q.card.limit": {"times": 5},
    "q.sp_fee": {
        "now": _NOW,
        "total": 2500,
        "lines": [ProviderFee("华风气象", "天气预报", 500) for _ in range(5)],
    },
    "q.sp_fee.none": {"now": _NOW, "total": 0, "lines": []},
    "q.rebate": {
        "lines": [Rebate(_NOW, "预存返还", 1000) for _ in range(3)],
        "count": 6,
        "total": 6000,
    },
    "q.rebate.none": {"lines": [], "count": 0, "total": 0},
    "q.cycle": {"begins": _NOW, "last": _NOW + 29 * _DAY, "bill_at": _NOW + 30 * _DAY},
}

_RECORDS: Final[Mapping[str, Facts]] = {
    "q.data": _USED,
    "q.data.unlimited": _USED,
    "q.data.none": _USED,
    "q.wlan": {
        "name": _WLAN,
        "campus": 6_123,
        "left": 1_234,
        "outside": 1_234,
        "item": _DATA,
        "volume": 12_345,
        "most_gb": 40,
        "fee": 12_345,
        "cap": 50_000,
        "rests": True,
    },
    "q.wlan.none": {},
    "q.points": {
        "now": _NOW,
        "name": BilingualName("福分", "bonus points"),
        "points": 48_600,
        "expiring": 5_200,
        "expire_at": _NOW + 40 * _DAY,
    },
    "q.star": {"star": 5, "until": _NOW},
    "q.star.none": {},
    **{f"star.{star}": {} for star in range(1, 6)},
    **{f"star.gives.{star}": {} for star in range(1, 6)},
    "q.credit": {"credit": 200_000},
    "q.credit.none": {"credit": 0},
    "q.status": {"state": NumberState.PRE_CANCELLED.value},
    **{f"status.do.{state.value}": {} for state in NumberState},
    "q.profile": {
        "brand": _BRANDS[1],
        "plan": BilingualName("动感地带校园38元套餐", "M-Zone Campus 38"),
        "prepaid": True,
        "state": NumberState.ARREARS.value,
        "vip": False,
        "star": 3,
        "real_named": True,
        "joined": _NOW,
        "group": "兴达集团股份有限公司",
    },
    "q.vpmn": {"group": "兴达集团股份有限公司", "short": "612345"},
    "q.vpmn.none": {},
    "q.short_number": {"short": "612345", "number": _NUMBER},
    "q.short_number.none": {"short": "612345"},
    "q.region": {
        "number": _NUMBER,
        "region": BilingualName("黑龙江哈尔滨", "Harbin, Heilongjiang"),
    },
    "q.region.none": {"number": _NUMBER},
    "q.puk": {"puk": Secret("48120375")},
    "q.puk.none": {},
    "q.ticket": {
        "number": "59659800000",
        "kind": BilingualName("充值卡核实", "recharge card"),
        "state": "done",
        "opened": _NOW,
        "due": _NOW + 2 * _DAY,
        "late": True,
        "result": "经核实,该卡已为您补充值五十元,给您带来不便敬请谅解",
        "appointed": _NOW,
        "other": "59659800001",
        "waiting": ["59659800002", "59659800003", "59659800004"],
    },
    "q.ticket.none": {},
    "q.ticket.unknown": {},
    **{f"ticket.state.{state}": {} for state in STATES},
}

_TARIFFS: Final[Mapping[str, Facts]] = {
    "info.tariff.plan": {
        "name": BilingualName("动感地带校园38元套餐", "M-Zone Campus 38"),
        "fee": 3800,
        "local": True,
        "includes": [(_CALLS, 80), (_DATA, 200), (_SMS, 200)],
        "over": [(_CALLS, 10), (_LONG, 19), (_DATA, 29), (_SMS, 10)],
        "family_numbers": 0,
        "family": 0,
    },
    "info.tariff.service": {
        "name": _WLAN,
        "fee": 2000,
        "fees": [(brand, 0) for brand in _BRANDS],
        "by_group": False,
        "includes": [(_DATA, 6000)],
        "unlimited": [_DATA.name],
        "note": BilingualName(
            "校内超出0.02元/分钟,校外0.05元/分钟,500元封顶",
            "then 0.02/min on campus, 0.05/min elsewhere, 500 at most",
        ),
        "at_once": True,
        "provider": BilingualName("华风气象", "Huafeng Weather"),
        "brands": _BRANDS,
        "needs": _WLAN,
        "excludes": [_WLAN, _WLAN],
        "cancel_code": "QXEDU",
    },
    "info.tariff.campaign": {
        "name": BilingualName("预存送话费", "Prepay and get more"),
        "brands": _BRANDS,
        "terms": BilingualName(
            "承诺在网两年并使用58元至488元套餐", "two years on a plan of 58 to 488"
        ),
        "prepayments": [(60_000, 90_000), (120_000, 240_000), (240_000, 480_000)],
        "where": BilingualName("请持有效证件到营业厅办理", "Please take it up at a hall"),
    },
    "info.tariff.none": {"code": "KTEDU9999"},
}

QUERY_TEXTS: Final[Mapping[str, Facts]] = {**_BILLS, **_RECORDS, **_TARIFFS}
