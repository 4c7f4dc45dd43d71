"""What "why this answer" tells, in Chinese: how messages are understood, the rules that answer
them, and what can differ when one is walked again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.console.pages import Words

_TOLD: Final[Mapping[str, str]] = {
    # gateway/operators/answer_rules.py: HOW
    "by its code": "按指令代码",
    "by its words, or by likeness to a code": "按文字意思,或与代码相近(猜测)",
    "as a command whose parameters do not fit": "是指令,但参数格式不对",
    "as a yes to what waited for one": "对待确认业务回答“是”",
    "as a no to what waited for a yes": "对待确认业务回答“否”",
    "neither as yes nor as no, while a confirm waited": "有业务待确认,但既不是“是”也不是“否”",
    "as a yes, while several confirms waited": "回答“是”,但有多项业务待确认",
    "as leaving what was open": "退出正在进行的操作",
    "as what was asked for, and came too late": "是所问的内容,但已超时",
    "as what had been asked for": "是所问的内容",
    "as a number that no open list has": "序号不在已列出的选项中",
    "not at all": "没有理解",
    "as a step of a menu": "菜单中的一步",
    "as asked by another interface": "由其他接口发起",
    "nobody asked for it": "系统主动发送",
    "not kept: of a time before that was noted, or nothing to understand": "没有记录",
    # RULES
    "it asks which number it is about": "询问为哪个号码办理",
    "proof: it asks for the service password": "验证:要求服务密码",
    "proof: it asks for the random code": "验证:要求随机码",
    "proof: it asks for the random code, at the other interface": "验证:在其他接口要求随机码",
    "proof: a random code was sent": "验证:已发送随机码",
    "lock: too many random codes": "锁定:随机码次数过多",
    "proof: the random code was not accepted": "验证:随机码不对",
    "proof: the service password was wrong": "验证:服务密码不对",
    "lock: too many wrong service passwords": "锁定:服务密码错误次数过多",
    "lock: too many passwords tried by this sender": "锁定:该主叫试密码次数过多",
    "lock: too many wrong certificate numbers": "锁定:证件号错误次数过多",
    "right: not with a weak or initial password": "权限:弱密码或初始密码不能办理",
    "right: only for numbers that are real-named": "权限:仅限已实名号码",
    "right: this command is not offered on that channel or interface": "权限:该渠道不提供此业务",
    "right: the interface is not registered": "权限:接口未登记",
    "right: this interface needs an operator who is registered": "权限:该接口须有已登记工号",
    "right: not at this hour on that interface": "权限:该接口此时段不受理",
    "right: only from the number that it is about": "权限:须用本机办理",
    "the command cannot be had at this hall": "本厅不能办理此业务",
    "the number is nobody's here": "号码不是本网用户",
    "BOSS: accepted, the result is told later": "业务系统:已受理,结果另行通知",
    "BOSS: it was not done": "业务系统:没有办成",
    "a mistake of ours, or the store was away": "系统故障或数据库没有应答",
    "right: not in the state that the number is in": "权限:号码当前状态不能办理",
    "right: a customer class forbids it": "权限:客户类别不允许",
    "right: only for another customer class": "权限:仅限其他客户类别",
    "BOSS: the same is being done already": "业务系统:同一业务正在办理",
    "right: the number is blocked (hallgate block)": "权限:号码已被屏蔽",
    "limit: too much was asked within the hour": "限制:一小时内查询过多",
    "it was guessed, and says so": "是猜测,并已说明",
    "a second wish is proposed besides": "另外提示了第二个意愿",
    "the store was away: the SMSC was asked to send it again": "数据库没有应答:已请短信中心重发",
    # RESULTS
    "the SMSC sent it again: what was answered before was said again": "短信中心重发:又答复了一遍",
    "a part of a longer message: it waits for the others": "长短信的一段:等待其余各段",
    "not answered: empty, or not from a mobile number of this country": "不答复:空短信或非手机号码",
    "a mistake of ours: the log has its id": "系统故障:日志中有编号",
    "it was typed before the screen had left: not taken as an answer to it": "屏未送达已按键,不算",
    "the dialogue or the call was over": "会话或通话已结束",
}

_NAMED: Final[Mapping[str, Words]] = {
    # what can differ
    "understood": Words("如何理解", "understood"),
    "could_have_been": Words("还可能是", "could have been"),
    "action": Words("业务", "command"),
    "result": Words("结果", "result"),
    "chosen": Words("所选菜单项", "chosen"),
    "texts": Words("答复模板", "texts"),
    "rules": Words("规则", "rules"),
    "words": Words("答复原文", "words"),
    # because of what
    "edition": Words("配置变了", "the configuration"),
    "data": Words("用户资料或时间变了", "data or time"),
    "both": Words("配置和资料都变了", "both"),
    "unknown": Words("不明(当时的配置已不保存)", "not known: the edition of then is not kept"),
    # why it cannot be walked again
    "unasked": Words(
        "这是系统主动发送的,没有上行可以再走。", "Nobody asked for it: there is nothing to walk."
    ),
    "door": Words(
        "由其他接口发起,它当时提交的内容不保存。",
        "Another interface asked; what it sent along is not kept.",
    ),
    "never served": Words(
        "这条没有被当作新的上行处理(重发、分段或故障)。",
        "It was not served as a message of its own: sent again, a part, or a mistake of ours.",
    ),
    "forgotten": Words("原文已过保存期。", "Its words are not kept any more."),
    "beginning": Words(
        "它所接续的内容没有保存,或其中有密码,不能再走。",
        "What it goes on with is not kept, or had a secret in it.",
    ),
    # states of what was sent
    "accepted": Words("对端已收", "taken by the peer"),
    "waiting": Words("待发", "waiting"),
    "failed": Words("未发出", "failed"),
    "leaving": Words("正在发出", "leaving"),
    "perhaps sent": Words(
        "可能已发出,不知是否收到", "perhaps sent: nobody knows whether it arrived"
    ),
    # how a change is confirmed
    "none": Words("不需确认", "none"),
    "once": Words("一次确认", "once"),
    "twice": Words("二次确认", "twice"),
    # offers
    "shown": Words("已推荐", "shown"),
    "taken": Words("已接受", "taken"),
    "refused": Words("已拒绝", "refused"),
}


def told(text: str, language: str) -> str:
    """What the API says in English; as it is, if it has no Chinese here."""
    return text if language == "en" else _TOLD.get(text, text)


def named(code: str, language: str) -> str:
    found = _NAMED.get(code)
    return found.said(language) if found else code
