"""What codes of the API are called on pages, in both languages. A code without a name is shown as
it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gateway.console.pages import Words

_TICKET_STATES: Final = {
    "open": Words("待接单", "open"),
    "accepted": Words("处理中", "accepted"),
    "working": Words("处理中", "working"),
    "assigned": Words("已派单", "assigned"),
    "appointed": Words("已预约", "appointed"),
    "reopened": Words("重新打开", "opened again"),
    "done": Words("已办结", "done"),
    "rated": Words("已评价", "rated"),
    "joined": Words("已并单", "joined"),
    "live": Words("未办结", "not done"),
    "all": Words("全部", "all"),
}
_TICKET_STEPS: Final = {
    "open": Words("登记", "opened"),
    "opened": Words("登记", "opened"),
    "accept": Words("接单", "taken"),
    "release": Words("放回", "put back"),
    "assign": Words("派单", "assigned"),
    "appoint": Words("预约", "appointed"),
    "done": Words("办结", "done"),
    "close": Words("办结", "done"),
    "join": Words("并单", "joined"),
    "note": Words("备注", "note"),
    "reopen": Words("重新打开", "opened again"),
    "escalate": Words("升级", "escalated"),
    "escalated": Words("升级", "escalated"),
    "asked": Words("请用户评价", "asked how it was"),
    "late": Words("超时", "late"),
    "not taken": Words("超时未接单", "not taken in time"),
    "given back": Words("自动放回", "went back by itself"),
    "handover": Words("转业务系统", "handed over"),
    "rate": Words("评价", "rated"),
    "rated": Words("评价", "rated"),
    "boss": Words("业务系统回复", "the BOSS answered"),
    "boss taken": Words("业务系统已接收", "the BOSS took it"),
    "boss refused": Words("业务系统不接收", "the BOSS will not"),
    "boss accepted": Words("业务系统已受理", "the BOSS accepted it"),
    "boss appointed": Words("业务系统已预约", "the BOSS appointed it"),
    "boss returned": Words("业务系统退回", "the BOSS gave it back"),
}
_SUBSCRIBER_STATES: Final = {
    "normal": Words("正常", "normal"),
    "arrears": Words("欠费停机", "suspended for arrears"),
    "suspended": Words("报停", "suspended on request"),
    "pre_cancelled": Words("预销", "cancelled, can come back"),
    "to_cancel": Words("待销", "to be cancelled"),
    "cancelled": Words("销户", "cancelled"),
}
_CHANNELS: Final = {
    "sms": Words("短信", "SMS"),
    "ussd": Words("USSD", "USSD"),
    "voice": Words("电话", "call"),
    "boss": Words("业务系统", "BOSS"),
    "staff": Words("柜台", "staff"),
    "hall": Words("营业厅", "hall"),
    "agent": Words("代理商", "agent"),
    "bank": Words("银行", "bank"),
    "web": Words("网厅", "web"),
    "app": Words("客户端", "app"),
    "group": Words("集团平台", "group platform"),
    "call_centre": Words("客服中心", "call centre"),
    "partner": Words("合作方", "partner"),
}
_TIMELINE: Final = {
    "message": Words("上行", "asked"),
    "order": Words("办理", "order"),
    "boss": Words("业务系统", "BOSS"),
    "call": Words("通话", "call"),
    "reminder": Words("提醒", "reminder"),
    "ticket": Words("工单", "ticket"),
}
_RESULTS: Final = {
    "ok": Words("已答复", "answered"),
    "accepted": Words("已受理", "accepted"),
    "refused": Words("被拒绝", "refused"),
    "unknown": Words("未理解", "not understood"),
    "limited": Words("超限", "over the limit"),
    "failed": Words("故障", "failed"),
    "asked": Words("已询问", "asked back"),
    "misformed": Words("格式不符", "misformed"),
    "gone": Words("已离开", "gone"),
    "foreign": Words("非手机号码", "no mobile number"),
    "empty": Words("空短信", "empty"),
    "unconfirmed": Words("待确认", "to be confirmed"),
    "expired": Words("过期", "expired"),
    "declined": Words("未同意", "declined"),
    "waiting": Words("等待中", "waiting"),
    "done": Words("已完成", "done"),
    "dropped": Words("已放弃", "dropped"),
    "told": Words("已告知", "told"),
    "repeated": Words("一天内已告知过", "told within a day"),
    "perhaps": Words("可能已送达,不再重发", "perhaps told"),
    "unsent": Words("未能发出", "could not be sent"),
    "part": Words("长短信分段", "part"),
    "again": Words("重发", "sent again"),
    "step": Words("翻菜单", "a step"),
    "menu": Words("菜单", "menu"),
    "confirmed": Words("已确认", "confirmed"),
    "proposed": Words("待确认", "to be confirmed"),
    "shown": Words("已显示", "shown"),
    "left": Words("已退出", "left"),
    "late": Words("已超时", "late"),
    "talked": Words("已通话", "talked"),
    "kept": Words("待合并", "waits for its parts"),
    "ignored": Words("不答复", "not answered"),
    "unseen": Words("未看到", "unseen"),
    "elsewhere": Words("外区号码", "of another region"),
    "pick": Words("选序号", "a number of a list"),
    "taken": Words("已接收", "taken"),
    "origin": Words("接口未登记", "interface not registered"),
    "vw.invited": Words("V网邀请", "an invitation to a V-net"),
}
_CALL_ENDS: Final = {
    "answered": Words("人工已接", "a person answered"),
    "hung_up": Words("排队中挂机", "hung up while waiting"),
    "nobody_there": Words("无人可接", "nobody there"),
    "left_by_key": Words("排队中返回", "went back"),
    "self service": Words("自助", "self service"),
    "hung up": Words("已挂机", "hung up"),
    "left": Words("已转出", "sent on"),
    "lost": Words("中断,不知何时结束", "lost sight of"),
    "stuck": Words("交换机没有照办", "stuck at the exchange"),
    "refused": Words("交换机拒绝", "refused by the exchange"),
}
_NOTICE_STATES: Final = {
    "draft": Words("草稿", "draft"),
    "approved": Words("已批准,待发", "approved, not begun"),
    "running": Words("发送中", "going out"),
    "paused": Words("已暂停", "paused"),
    "stopped": Words("已停止", "stopped"),
    "done": Words("已发完", "all told"),
}
_NOTICE_KINDS: Final = {
    "advertising": Words("营销", "advertising"),
    "service": Words("服务", "service"),
    "works": Words("网络割接", "network works"),
    "number_change": Words("号码变更", "change of numbers"),
}
_REMINDERS: Final = {
    "balance_low": Words("余额不足", "low balance"),
    "charge": Words("扣费", "a charge"),
    "allowance": Words("套餐用量", "allowance used"),
    "arrears": Words("欠费", "arrears"),
    "high_bill": Words("高额消费", "high bill"),
    "recharge": Words("充值到账", "a recharge"),
    "contract_ending": Words("合约到期", "a contract ends"),
    "points_ending": Words("积分到期", "points end"),
    "plan_ending": Words("套餐到期", "a plan ends"),
    "number_closing": Words("号码将销", "the number closes"),
}
_SENT_TO: Final = {
    "all": Words("所有用户", "everybody"),
    "default": Words("未拒收的用户", "who has not declined"),
    "wish": Words("订阅的用户", "who asked for it"),
    "nobody": Words("不发", "nobody"),
}
_SOURCES: Final = {
    "store": Words("本系统", "here"),
    "boss": Words("业务系统", "the BOSS"),
    "try": Words("试发", "a trial"),
}
_OPERATOR_STATES: Final = {
    "active": Words("在用", "active"),
    "locked": Words("已锁定", "locked"),
}
_OBJECTS: Final = {
    "subscribers": Words("用户", "subscribers"),
    "tickets": Words("工单", "tickets"),
    "lists": Words("名单", "lists"),
    "reminders": Words("提醒", "reminders"),
    "events": Words("事件", "events"),
    "notices": Words("通知", "notices"),
    "figures": Words("报表", "figures"),
    "interfaces": Words("接口", "interfaces"),
    "editions": Words("版本", "editions"),
    "links": Words("链路", "links"),
    "operators": Words("人员", "operators"),
    "audit": Words("审计", "audit"),
}
_VERBS: Final = {
    "read": Words("查看", "see"),
    "reveal": Words("看明细", "see in full"),
    "change": Words("修改", "change"),
    "forget": Words("删除", "forget"),
    "assign": Words("派单", "assign"),
    "escalate": Words("升级", "escalate"),
    "export": Words("导出", "export"),
    "approve": Words("批准", "approve"),
    "stop": Words("急停", "stop"),
    "write": Words("写入", "write"),
    "verify": Words("核验", "verify"),
}
_SUSPICIONS: Final = {
    "without a ticket": Words("没有工单", "without a ticket"),
    "at night": Words("夜间", "at night"),
    "in bulk": Words("大量查看", "in bulk"),
}
_WANTED: Final = {
    "publish": Words("全量发布", "publish"),
    "canary": Words("灰度", "try out"),
    "promote": Words("灰度转全量", "promote"),
}
_DECISIONS: Final = {
    "published": Words("全量发布", "published"),
    "rolled back": Words("回退", "rolled back"),
    "canary": Words("开始灰度", "tried out"),
    "canary ended": Words("结束灰度", "trial ended"),
    "promoted": Words("灰度转全量", "promoted"),
}
_PROPOSALS: Final = {
    "open": Words("待复核", "waiting"),
    "approved": Words("已批准", "approved by"),
    "refused": Words("已退回", "refused by"),
}
_RATES: Final = {
    "could not be served": Words("没能办理", "could not be served"),
    "led to nothing": Words("没有结果", "led to nothing"),
    "complained": Words("投诉", "complained"),
}
_SUBJECTS: Final = {
    "prices": Words("价格", "prices"),
    "commands": Words("指令", "commands"),
    "rules": Words("规则", "rules"),
    "offers": Words("推荐", "offers"),
    "answers": Words("答复", "answers"),
    "menus": Words("菜单", "menus"),
    "files": Words("文件", "files"),
    "holidays": Words("节假日", "holidays"),
    "tickets": Words("工单", "tickets"),
    "reminders": Words("提醒", "reminders"),
    "classes": Words("客户类别", "classes"),
    "roles": Words("角色", "roles"),
    "regions": Words("归属地", "regions"),
    "interfaces": Words("接口", "interfaces"),
    "numbers": Words("服务号码", "service numbers"),
}
_LINK_STATES: Final = {
    "open": Words("使用", "in use"),
    "paused": Words("暂停下行", "paused"),
    "drained": Words("排空停用", "drained"),
}
_FILE_STATES: Final = {
    "reading": Words("检查中", "being read"),
    "ready": Words("待生效", "waits to be applied"),
    "applying": Words("生效中", "being applied"),
    "applied": Words("已生效", "applied"),
    "discarded": Words("已作废", "discarded"),
}
_LEVELS: Final = {
    "well": Words("正常", "well"),
    "warning": Words("注意", "look"),
    "bad": Words("异常", "not well"),
    "unknown": Words("不明", "not known"),
}
_LEFT_OUT: Final = {
    "refused advertising": Words("已拒收营销信息", "refused advertising"),
    "did not ask for advertising": Words("未同意接收营销信息", "did not ask for advertising"),
}
_KINDS: Final[Mapping[str, Mapping[str, Words]]] = {
    "ticket": _TICKET_STATES,
    "step": _TICKET_STEPS,
    "subscriber": _SUBSCRIBER_STATES,
    "channel": _CHANNELS,
    "line": _TIMELINE,
    "result": _RESULTS,
    "call": _CALL_ENDS,
    "notice": _NOTICE_STATES,
    "notice kind": _NOTICE_KINDS,
    "reminder": _REMINDERS,
    "sent to": _SENT_TO,
    "source": _SOURCES,
    "operator": _OPERATOR_STATES,
    "object": _OBJECTS,
    "verb": _VERBS,
    "suspicion": _SUSPICIONS,
    "level": _LEVELS,
    "wanted": _WANTED,
    "decision": _DECISIONS,
    "proposal": _PROPOSALS,
    "rate": _RATES,
    "subject": _SUBJECTS,
    "link": _LINK_STATES,
    "file": _FILE_STATES,
    "left out": _LEFT_OUT,
}


_SESSIONS: Final = {
    "session.login": "登录",
    "session.logout": "退出",
    "session.password": "改密码",
}


_TO_OPERATORS: Final = {
    "add": "新增",
    "lock": "锁定",
    "unlock": "解锁",
    "logout": "退出登录",
    "role": "换角色",
    "reset": "重置密码或动态码",
}


def deed_named(action: str, language: str) -> str:
    """What the audit calls subscribers.reveal, in words; empty: the code says it."""
    about, _, deed = action.partition(".")
    if about == "operators" and deed in _TO_OPERATORS and language != "en":
        return f"{_OBJECTS[about].zh}:{_TO_OPERATORS[deed]}"
    step = _VERBS.get(deed) or _TICKET_STEPS.get(deed)
    if language == "en" or (step is None and action not in _SESSIONS):
        return ""
    if step is None or about not in _OBJECTS:
        return _SESSIONS.get(action, "")
    return f"{_OBJECTS[about].zh}:{step.zh}"


_SIZES: Final = (
    (re.compile(r"page (\d+) of (\d+), "), r"第\1屏/共\2屏 "),
    (re.compile(r"(\d+) of (\d+) (?:UCS-2 units|septets)"), r"\1/\2字"),
    (re.compile(r"(\d+) short message\(s\)"), r"\1条短信"),
    (re.compile(r"not there; (\S+) stands in for it"), r"他看不到,看到的是 \1"),
)


def sized(size: str, language: str) -> str:
    """How large a screen or text is, as previews tell it."""
    for pattern, words in _SIZES if language != "en" else ():
        size = pattern.sub(words, size)
    return size


def named(kind: str, code: str, language: str) -> str:
    found = _KINDS[kind].get(code)
    return found.said(language) if found else code
