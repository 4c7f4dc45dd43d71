"""Every text the hall can say, with facts like those it will have: what a writer of texts may use.

Texts are checked by saying them with these, so the figures are long ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commands.model.accounts import NumberState
from commands.model.request import Secret
from commands.reply_facts.change_facts import CHANGE_TEXTS
from commands.reply_facts.dialogue_facts import DIALOGUE_TEXTS
from commands.reply_facts.door_facts import DOOR_TEXTS
from commands.reply_facts.facts import Facts
from commands.reply_facts.query_facts import QUERY_TEXTS
from commands.reply_facts.reminder_facts import REMINDER_TEXTS
from commands.reply_facts.ticket_facts import TEXTS as TICKET_TEXTS
from tariffs.bilingual_name import BilingualName
from tariffs.catalogue import AllowanceItem, ItemUnit

_NOW: Final = 1_795_267_800  # 21 November 2026, 21:30 in Shanghai
_NEXT_MONTH: Final = 1_796_054_400
_SERVICE: Final = BilingualName("校园WLAN 100小时", "Campus WLAN 100 h")
_OTHER: Final = BilingualName("校园WLAN 40小时", "Campus WLAN 40 h")
_CLASS: Final = BilingualName("钻石卡客户", "diamond customers")
_REFUSED: Final = BilingualName(
    "该业务暂不能为您办理,详询10086。", "This cannot be done for you at present. Please call 10086."
)
_NAMES: Final = [_SERVICE, BilingualName("修改服务密码", "password change")]
_CALLS: Final = AllowanceItem("voice_min", BilingualName("通话", "calls"), ItemUnit.MINUTES)
_DATA: Final = AllowanceItem("data_mb", BilingualName("流量", "data"), ItemUnit.MEGABYTES)
_SMS: Final = AllowanceItem("sms", BilingualName("短信", "SMS"), ItemUnit.PIECES)
_WLAN: Final = AllowanceItem(
    "wlan_campus_min", BilingualName("校园WLAN", "campus WLAN"), ItemUnit.HOURS
)

_BALANCE: Final[Facts] = {
    "now": _NOW,
    "balance": 123456,
    "owed": 12345,
    "used": 123456,
    "past_due": 12345,
}
_DEAL: Final[Facts] = {
    "name": _SERVICE,
    "fee": 2000,
    "includes": [(_WLAN, 6000)],
    "note": BilingualName(
        "超出0.02、校外0.05元/分,500元封顶,满40GB停用",
        "then 0.02/min on campus, 0.05/min elsewhere, 500 at most; "
        "stops at 40 GB till the month ends",
    ),
    "at_once": True,
    "begins": _NEXT_MONTH,
    "old": [_OTHER],
    "cancel_code": "QXEDU",
}
_CANCEL: Final[Facts] = {
    "name": _SERVICE,
    "fee": 2000,
    "until": _NEXT_MONTH,
    "at_once": False,
    "ahead": False,
    "ending": [_SERVICE],
    "ends": _NEXT_MONTH,
}
_CONFIRM: Final[Facts] = {"name": _SERVICE, "code": "KTEDU100"}

_HELP: Final[Mapping[str, Facts]] = {
    "help.unknown": {"text": "怎么没有这样的业务", "names": _NAMES},
    "help.lost": {},
    "help.format": {
        "format": BilingualName("MMXG#旧密码#新密码#新密码", "MMXG#old#new#new"),
        "example": "MMXG#123456#739204#739204",
    },
    "help.others": {
        "format": BilingualName("CXYE#号码#服务密码", "CXYE#number#password"),
        "example": "CXYE#13800138002#123456",
    },
    "help.many": {"minutes": 59},
    "un.bad_no": {"number": "12"},
    "un.which_no": {},
    "sys.busy": {},
    "sys.wait": {},
    "sys.sorry": {},
    "sys.sorry.idle": {},
    "sys.idle_calls": {},
    "sys.accepted": {"name": _SERVICE, "number": "5981234567899"},
    "sys.undone": {"name": _SERVICE, "number": "5981234567899"},
    "sys.channel": {"name": _SERVICE},
    "sys.unavailable": {"name": _SERVICE},
    "sys.no_account": {"number": "13800138001"},
    **{f"state.{state.value}": {} for state in NumberState},
}

_QUERIES: Final[Mapping[str, Facts]] = {
    "q.balance.menu": _BALANCE,
    "q.balance.menu.owe": _BALANCE,
    "q.balance.pre.ok": _BALANCE,
    "q.balance.pre.owe": _BALANCE,
    "q.balance.post.ok": _BALANCE,
    "q.balance.post.owe": _BALANCE,
    "q.plan": {
        "name": BilingualName("全球通商务188元套餐", "GoTone Business 188"),
        "fee": 18800,
        "local": True,
        "includes": [(_CALLS, 1000), (_DATA, 700), (_SMS, 150)],
        "until": _NEXT_MONTH,
        "next": BilingualName("全球通商务128元套餐", "GoTone Business 128"),
        "next_fee": 12800,
    },
    "q.allowance": {
        "now": _NOW,
        "lines": [
            {"item": item, "total": 2000, "used": 1234, "left": 766, "unlimited": False}
            for item in (_CALLS, _DATA, _SMS, _WLAN)
        ],
    },
    "q.allowance.none": {"now": _NOW, "lines": []},
    "q.services": {"lines": [{"name": _SERVICE, "fee": 2000, "until": n % 2} for n in range(8)]},
    "q.services.none": {"lines": []},
    "q.refuse.nopw": {},
    "menu.main": {"brand": BilingualName("动感地带", "M-Zone")},
    **{f"menu.area.{area}": {} for area in range(1, 9)},
}

_PASSWORDS: Final[Mapping[str, Facts]] = {
    "auth.ask_pw": {"name": _SERVICE},
    "auth.ask_number": {"name": _SERVICE},
    "auth.not_realname": {"name": _SERVICE},
    "auth.pw_wrong": {"left": 2},
    "auth.pw_shape": {},
    "auth.pw_locked": {"hours": 24, "own": False},
    "auth.weak_tip": {},
    "auth.initial_tip": {},
    "auth.delete_tip": {},
    "pw.ask.old": {"name": _NAMES[1]},
    "pw.ask.new": {"name": _NAMES[1]},
    "pw.ask.again": {"name": _NAMES[1]},
    "pw.checked": {},
    "pw.changed": {"now": _NOW},
    "pw.mismatch": {},
    **{
        f"pw.rule.{rule}": {}
        for rule in ("len", "same", "run", "pattern", "phone", "id", "listed", "old")
    },
    "pw.random.confirm": {},
    "pw.random": {"password": Secret("739204")},
}

_SERVICES: Final[Mapping[str, Facts]] = {
    "sv.confirm": _DEAL,
    "sv.conflict": _DEAL,
    "sv.ok": _DEAL,
    "sv.not_ordered": _CONFIRM,
    "sv.expired": _CONFIRM,
    "sv.cancel.confirm": _CANCEL,
    "sv.cancel.ok": _CANCEL,
    "sv.err.have": {"name": _SERVICE},
    "sv.err.nohave": {"name": _SERVICE},
    "sv.err.ending": {"name": _SERVICE, "until": _NEXT_MONTH},
    "sv.err.balance": {"name": _SERVICE, "fee": 2000, "balance": 1999},
    "sv.err.status": {"state": NumberState.PRE_CANCELLED.value},
    "sv.err.brand": {"name": _SERVICE},
    "sv.err.black": {},
    "sv.err.class": {"words": _REFUSED},
    "sv.err.only": {"name": _SERVICE, "names": [_CLASS, _CLASS]},
    "sv.err.pending": {"name": _SERVICE},
    "sv.err.gone": {},
    "sv.err.not_sold": {"name": _SERVICE, "begins": _NEXT_MONTH},
    "sv.err.changed": {"name": _SERVICE},
    "sv.err.depend": {"name": _SERVICE, "needs": _OTHER},
    "confirm.dropped": _CONFIRM,
    "confirm.expired": _CONFIRM,
    "confirm.gone": _CONFIRM,
    "confirm.which": {"names": _NAMES},
}

EXAMPLES: Final[Mapping[str, Facts]] = {
    **_HELP,
    **_QUERIES,
    **QUERY_TEXTS,
    **_PASSWORDS,
    **_SERVICES,
    **TICKET_TEXTS,
    **REMINDER_TEXTS,
    **CHANGE_TEXTS,
    **DOOR_TEXTS,
    **DIALOGUE_TEXTS,
}
