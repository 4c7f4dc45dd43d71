"""The texts of whatever changes something, with facts like those they will have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commands.model.request import Secret
from commands.reply_facts.facts import Facts
from tariffs.bilingual_name import BilingualName
from tariffs.catalogue import AllowanceItem, ItemUnit

_NOW: Final = 1_795_267_800  # 21 November 2026, 21:30 in Shanghai
_NEXT_MONTH: Final = 1_796_054_400
_PHONE: Final = "13800138001"
_NAME: Final = BilingualName("国际漫游", "International roaming")
_UNLIMITED: Final = BilingualName("不限量流量包", "Unlimited data")
_CALLS: Final = AllowanceItem("voice_min", BilingualName("通话", "calls"), ItemUnit.MINUTES)
_DATA: Final = AllowanceItem("data_mb", BilingualName("流量", "data"), ItemUnit.MEGABYTES)
_SMS: Final = AllowanceItem("sms", BilingualName("短信", "SMS"), ItemUnit.PIECES)
_WLAN: Final = AllowanceItem(
    "wlan_campus_min", BilingualName("校园WLAN", "campus WLAN"), ItemUnit.HOURS
)
_NOTE: Final = BilingualName(
    "校内超出0.02元/分钟,校外0.05元/分钟,500元封顶",
    "then 0.02/min on campus, 0.05/min elsewhere, 500 at most",
)

_CODES: Final[Mapping[str, Facts]] = {
    "auth.ask_otp": {"name": _NAME},
    "auth.otp": {"name": _NAME, "code": Secret("739204")},
    "auth.otp_limit": {"minutes": 1440, "left": 9},
    "auth.otp_wrong": {"left": 2},
    "auth.otp_shape": {},
    "auth.otp_expired": {},
    "auth.otp_none": {},
    "list.expired": {},
}

_PAID: Final[Facts] = {
    "now": _NOW,
    "number": _PHONE,
    "fen": 10000,
    "balance": 123456,
    "resumed": True,
}
_RECHARGE: Final[Mapping[str, Facts]] = {
    "rc.ok": _PAID,
    "rc.ok.other": {name: fact for name, fact in _PAID.items() if name != "balance"},
    "rc.received": {**_PAID, "payer": _PHONE},
    "rc.read_back": {"number": _PHONE, "fen": 10000},
    "rc.err.secret": {"left": 2},
    "rc.err.used": {},
    "rc.err.state": {},
    "rc.err.expired": {},
    "rc.err.tries": {"hours": 24},
    "rc.err.range": {},
}

_RESET: Final[Mapping[str, Facts]] = {
    "pw.ask.id": {"name": _NAME},
    "pw.reset.id_wrong": {"left": 2},
    "pw.reset.id_shape": {},
}

_STATE: Final[Mapping[str, Facts]] = {
    "st.suspend.confirm": {"number": _PHONE, "fee": 500, "months": 6},
    "st.suspend.ok": {"number": _PHONE, "now": _NOW},
    "st.suspend.already": {"number": _PHONE},
    "st.resume.confirm": {"number": _PHONE},
    "st.resume.ok": {"number": _PHONE},
    "st.resume.normal": {"number": _PHONE},
    "st.resume.owe": {"owed": 12345},
}

_DEAL: Final[Facts] = {
    "name": BilingualName("校园WLAN 100小时", "Campus WLAN 100 h"),
    "fee": 2000,
    "includes": [(_WLAN, 6000)],
    "note": _NOTE,
    "at_once": True,
    "begins": _NEXT_MONTH,
    "old": [BilingualName("校园WLAN 40小时", "Campus WLAN 40 h")],
    "cancel_code": "QXEDU",
}
_UNTIL: Final = {
    "until": _NEXT_MONTH, "at_once": False, "ahead": False, "ending": [_NAME], "ends": _NEXT_MONTH,
}  # fmt: skip
_SERVICES: Final[Mapping[str, Facts]] = {
    "sv.confirm.once": _DEAL,
    "sv.conflict.once": _DEAL,
    "sv.cancel.confirm.twice": {"name": _NAME, "fee": 0, **_UNTIL},
    "sv.switch.confirm": _DEAL,
    "sv.switch.ok": _DEAL,
    "sv.switch.none": {"name": _DEAL["name"], "code": "KTEDU100"},
    "sv.choices": {
        "lines": [
            {
                "name": BilingualName(f"{n}0元流量包", f"Data pack {n}0"),
                "fee": 1000,
                "includes": [(_DATA, 500)],
                "number": n,
            }
            for n in range(1, 4)
        ]
    },
    "sv.forward.confirm": {"target": _PHONE},
    "sv.forward.ok": {"target": _PHONE},
    "sv.forward.self": {},
    "sv.reminder.confirm": {"below": 2000},
    "sv.reminder.ok": {"below": 2000},
    "sv.reminder.zero": {},
    "sv.reminder.unavailable": {"name": _NAME},
    "sv.err.star": {"name": _NAME, "star": 1},
    "sv.err.deposit": {"name": _NAME, "deposit": 20000},
    "confirm.expired.twice": {"name": _NAME, "code": "QXGJMY"},
    "vw.confirm": {"group": "中国移动通信集团", "short_number": "610101"},
    "vw.joined": {"group": "中国移动通信集团", "short_number": "610101"},
    "vw.member": {"group": "中国移动通信集团"},
    "vw.taken": {"group": "中国移动通信集团", "short_number": "610101"},
    "vw.none": {},
    "consent.off": {},
    "consent.on": {},
    "charges.on": {},
    "charges.off": {},
    "charges.unavailable": {"name": _NAME},
}

_MOVE: Final[Facts] = {
    "old": BilingualName("动感地带校园38元套餐", "M-Zone Campus 38"),
    "name": BilingualName("全球通新经典228元套餐", "GoTone New Classic 228"),
    "fee": 22800,
    "local": True,
    "includes": [(_CALLS, 1300), (_DATA, 1024), (_SMS, 150)],
    "begins": _NEXT_MONTH,
    "ends": [_UNLIMITED],
    "instead": "",
    "again": [],
}
_MOVED: Final[Facts] = {  # in the place of another that was to come
    **_MOVE,
    "ends": [],
    "instead": BilingualName("全球通商务188元套餐", "GoTone Business 188"),
    "again": [_UNLIMITED],
}
_PLANS: Final[Mapping[str, Facts]] = {
    "sv.confirm.change": _MOVED,
    "sv.conflict.change": {**_MOVED, "ends": [_UNLIMITED]},
    "sv.ok.change": _MOVED,
    "pl.choices": {
        "lines": [
            {
                "name": BilingualName(f"全球通新经典{n}88元套餐", f"GoTone New Classic {n}88"),
                "fee": 28800,
                "number": n,
            }
            for n in (*range(1, 9), 10, 11)
        ]
    },
    "pl.choices.none": {"lines": []},
    "pl.err.unknown": {"plan": "QQT58"},
    "pl.err.same": {"name": _MOVE["name"], "begins": 0},
    "pl.err.coming": {"name": _MOVE["name"], "begins": _NEXT_MONTH},
    "pl.err.hall": {"brand": BilingualName("动感地带", "M-Zone")},
    "pl.undo.confirm": {"name": _MOVE["name"], "old": _MOVE["old"], "again": [_UNLIMITED]},
    "pl.undo.ok": {"name": _MOVE["name"], "old": _MOVE["old"], "again": [_UNLIMITED]},
    "pl.undo.none": {},
}

_UNIT: Final = BilingualName("福分", "bonus points")
_GIVEN: Final[Facts] = {
    "name": BilingualName("27元话费", "27 yuan"),
    "points": 1800,
    "unit": _UNIT,
    "left": 12345,
    "balance": 123456,
}
_POINTS: Final[Mapping[str, Facts]] = {
    "pt.choices": {
        "unit": _UNIT,
        "points": 12345,
        "lines": [{**_GIVEN, "number": n} for n in (1, 2, 3)],
    },
    "pt.choices.none": {"unit": _UNIT, "points": 12345, "lines": []},
    "pt.exchange.confirm": _GIVEN,
    "pt.exchange.ok": _GIVEN,
    "pt.err.unknown": {"code": "HF27"},
    "pt.err.few": _GIVEN,
    "pt.err.changed": {},
}

_LINES: Final = [
    {
        "number": n,
        "name": BilingualName("手机早晚报", "Morning and evening news")
        if n > 8
        else BilingualName("来电显示", "Caller display"),
        "provider": BilingualName("掌上传媒", "Palm Media") if n > 10 else BilingualName(""),
        "fee": 500,
        "until": n % 2,
    }
    for n in (*range(1, 9), *range(10, 14))
]
_UNSUBSCRIBE: Final[Mapping[str, Facts]] = {
    "un.list.1": {"lines": _LINES},
    "un.list.2": {"names": [BilingualName("来电显示", "Caller display")] * 4},
    "un.none": {},
    "un.gone": {},
    "un.bundled": {"name": BilingualName("集团彩铃", "Group ring-back tone")},
    "un.kept": {"name": BilingualName("停机保号", "Number keeping")},
    "un.confirm": {"lines": _LINES[:4], **_UNTIL},
    "un.ok": {"lines": _LINES[:4], **_UNTIL},
}

CHANGE_TEXTS: Final[Mapping[str, Facts]] = {
    **_CODES,
    **_RECHARGE,
    **_RESET,
    **_STATE,
    **_SERVICES,
    **_PLANS,
    **_POINTS,
    **_UNSUBSCRIBE,
}
