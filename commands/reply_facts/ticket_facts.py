"""Facts for checking the texts of tickets, porting, rating, offers, interfaces and language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commands.model.request import Secret
from commands.reply_facts.facts import Facts
from tariffs.bilingual_name import BilingualName

_NUMBER: Final = "1795267800123"  # of a ticket
_UNTIL: Final = 1_796_054_400
_NAME: Final = BilingualName("校园WLAN 100小时", "Campus WLAN 100 h")
_REASONS: Final[Mapping[str, Facts]] = {
    "real_name": {},
    "state": {"state": "pre_cancelled"},
    "arrears": {"owed": 12345},
    "in_network": {"days": 90},
    "since_port": {"days": 120},
    "contract": {"until": _UNTIL},
}
_ALL: Final = [{"name": name, "facts": facts} for name, facts in _REASONS.items()]

_INTERFACES: Final[Mapping[str, Facts]] = {
    "sys.origin": {},
    "sys.operator": {},
    "sys.own_phone": {},
    "sys.window": {"name": _NAME, "hours": "8:00-18:00"},
    "sys.region": {"name": BilingualName("12580生活服务", "12580 city guide")},
    "sys.closed": {
        "name": _NAME,
        "says": BilingualName("今晚系统升级,暂停业务办理。", "Our systems are upgraded tonight."),
        "until": 1_796_241_600,
    },
    "auth.resting": {"minutes": 1440},
    "auth.weak_blocks": {"name": _NAME},
    "auth.id_locked": {"tries": 3},
    "help.meant": {"text": "怎么改我的服务密码呢", "names": [_NAME]},
    "help.guessed": {"name": _NAME, "code": "KTEDU100"},
    "help.also": {"names": [_NAME, _NAME]},
    "lang.set": {},
    "offer.slot": {
        "pitch": BilingualName("流量不够用?30元500MB流量包", "Short of data? 500MB for 30 yuan"),
        "code": "KTLL30",
    },
}

_KIND: Final = BilingualName("投诉", "complaint")
_NEWS: Final[Mapping[str, Facts]] = {
    "tk.ask.repair": {"name": BilingualName("预约维修", "repair")},
    "tk.ask.day": {"name": BilingualName("预约维修", "repair")},
    "tk.joined": {"kind": _KIND, "number": _NUMBER, "due": _UNTIL},
    "tk.reopened": {"kind": _KIND, "number": _NUMBER, "due": _UNTIL},
    "tk.repair.ok": {"number": _NUMBER, "day": _UNTIL, "due": _UNTIL},
    "tk.repair.day": {"days": 30},
    **{
        f"tk.told.{what}": {"kind": _KIND, "number": _NUMBER, "due": _UNTIL}
        for what in ("opened", "accepted", "delayed", "reopened")
    },
    "tk.told.joined": {"kind": _KIND, "number": _NUMBER, "due": _UNTIL, "other": _NUMBER},
    "tk.told.appointed": {
        "kind": _KIND, "number": _NUMBER, "due": _UNTIL, "at": _UNTIL, "until": _UNTIL + 7200,
        "place": "东单营业厅",
    },
}  # fmt: skip
_TICKETS: Final[Mapping[str, Facts]] = {
    "tk.ask.complaint": {"name": BilingualName("投诉", "complaint")},
    "tk.ask.suggestion": {"name": BilingualName("建议", "suggestion")},
    "tk.ask.fault": {"name": BilingualName("报障", "fault")},
    "tk.ask.sender": {"name": BilingualName("举报", "report")},
    "tk.ask.spam": {"name": BilingualName("举报", "report")},
    "tk.spam.form": {"format": "JB#10655123#内容", "example": "JB#10655123#内容"},
    "tk.ok": {"name": BilingualName("报障", "fault report"), "number": _NUMBER, "hours": 72},
    "tk.suggestion.ok": {"number": _NUMBER},
    "tk.spam.ok": {"number": _NUMBER},
    "tk.many": {},
    **_NEWS,
    "tk.done": {"kind": _KIND, "number": _NUMBER, "result": "已核实并退还当月功能费5元"},
    "tk.sim.confirm": {"number": "13800138001", "days": 2},
    "tk.sim.ok": {"ticket": _NUMBER, "days": 2},
    "tk.sim.already": {"ticket": _NUMBER},
    "hu.queue": {"ahead": 12, "minutes": 30},
    "hu.whisper": {
        "brand": BilingualName("全球通", "GoTone"),
        "level": "A2",
        "english": True,
        "action": BilingualName("话费余额", "balance"),
    },
    "hu.checked.right": {},
    "hu.checked.wrong": {},
    "tk.unrecorded": {},
    "hu.busy": {},
    "hu.confirm": {"minutes": 30},
    "hu.callback": {"minutes": 30, "number": _NUMBER},
    "hu.already": {"minutes": 30},
    **{f"hall_only.{matter}": {} for matter in ("transfer", "cancel", "number", "name")},
}

_PORTED: Final[Mapping[str, Facts]] = {
    "np.ok": {},
    "np.one": {"reasons": _ALL[5:]},
    "np.many": {"count": 6},
    "np.reasons": {"reasons": _ALL},
    **{f"np.reason.{name}": facts for name, facts in _REASONS.items()},
    "np.ask_again": {},
    "np.mismatch": {"left": 2},
    "np.code": {"code": Secret("739204"), "minutes": 60},
    "np.code_limit": {},
}

_RATING: Final[Mapping[str, Facts]] = {
    "fb.ask": {"channel": "sms"},
    **{f"fb.channel.{channel}": {} for channel in ("sms", "ussd", "voice", "door", "ticket")},
    "fb.thanks": {"score": 8},
    "fb.nothing": {},
    "fb.already": {},
    "fb.stopped": {},
    "fb.form": {"format": "PF#10", "example": "PF#10"},
}

TEXTS: Final[Mapping[str, Facts]] = {**_INTERFACES, **_TICKETS, **_PORTED, **_RATING}
