"""Why something was not done, in the reader's language. The API tells it in English; what has no
Chinese here is told as it is, with what kind of refusal it was before it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from gateway.config.finding_texts import line_told
from gateway.console.pages import Words

_KINDS: Final[Mapping[int, str]] = {
    400: "请求无法识别",
    403: "您没有权限",
    404: "没有找到",
    409: "不能这样办理",
    411: "请求不完整",
    413: "内容太长",
    415: "请求格式不对",
    422: "填写的内容不对",
    429: "操作太频繁,请稍候再试",
    500: "系统出错,已记录",
    503: "数据库暂时没有响应,请稍候再试",
}

# as the API says it, and as it is said here
_CHINESE: Final = [
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (r"your role has not the right (\S+)", r"您的角色没有这项权限(\1)"),
        (r"this takes the right (\S+)", r"这一步需要权限 \1"),
        (r"to give a ticket to a colleague takes the right (\S+)", r"派给同事需要权限 \1"),
        (r"(.+) has ticket (\d+)", r"工单 \2 已由 \1 处理"),
        (r"ticket (\d+) has just been moved: it is (\S+)", r"工单 \1 刚被别人处理过,请刷新后再看"),
        (r"ticket (\d+) is done already", r"工单 \1 已办结"),
        (r"ticket (\d+) is done and rated already", r"工单 \1 已办结并已评价"),
        (r"ticket (\d+) was joined to (\d+): see to that one", r"工单 \1 已并入 \2,请处理 \2"),
        (r"ticket (\d+) is (\S+): only what is done.*", r"工单 \1 还没有办结,不能重新打开"),
        (r"ticket (\d+) is handed over already", r"工单 \1 已转交业务系统"),
        (r"(.+) has taken this alarm", r"这个告警已由 \1 处理"),
        (r"nobody has ticket (\d+)", r"工单 \1 没有人在处理"),
        (r"no ticket has the number (\d+)", r"没有单号为 \1 的工单"),
        (r"ticket (\d+) cannot be joined to .*", r"工单 \1 不能并入所填的工单"),
        (r"(\d+) is (\S+) and (\d+) is (\S+)", r"\1 与 \3 不是同一类工单,不能并单"),
        (r"an appointment lies ahead.*", "预约时间应在今后一年之内,且结束晚于开始"),
        (r"say what was done.*", "请写明处理结果,用户会收到"),
        (r"say why it is opened again", "请写明重新打开的原因"),
        (r"say why it is escalated", "请写明升级的原因"),
        (r"a note has words", "备注不能为空"),
        (r"operator (\S+) is locked", r"工号 \1 已锁定"),
        (r"operator (\S+) is none", r"没有工号 \1"),
        (r"there is no operator (\S+)", r"没有工号 \1"),
        (r"there is no region '(.+)'.*", r"没有归属地“\1”"),
        (r"where the number is at home is not known.*", "不知道号码归属地,请选择地区"),
        (r"that number is nobody's here", "这个号码不是本网用户"),
        (r"there is no such look-up of yours", "这次查询已过期,请重新查询"),
        (r"a ticket says what it is about", "请写明工单内容"),
        (r"\S+ takes the subscriber's service password", "这类工单需要用户的服务密码"),
        (r"the service password is wrong", "服务密码不对(已计入密码错误次数)"),
        (r"the password is locked after wrong tries.*", "服务密码已锁定,请用户到营业厅办理"),
        (r"operator, password or code is wrong.*", "工号、密码或动态码不对,或工号已锁定"),
        (r"too many wrong logins: wait (\d+) seconds", r"错误次数太多,请 \1 秒后再试"),
        (r"too many requests.*", "操作太频繁,请稍候再试"),
        (r"the new passwords differ", "两次输入的新密码不一致"),
        (r"a moment is written like .*", "时间格式不对"),
        (r"the old password is wrong", "原密码不对"),
        (r"the new password is the old one", "新密码与原密码相同"),
        (r"the new password can be guessed.*", "新密码太容易被猜到:至少十位,不含工号和姓名"),
        (r"this page has been open for too long.*", "页面打开太久或登录已变,请刷新后重试"),
        (r"this does not come from one of our own pages", "请求不是从本系统页面发出的"),
        (r"this has been done already, and is not shown again", "这一步已经做过,结果不再显示"),
        (r"the same is being done at this moment.*", "同一操作正在进行,请稍候"),
        (r"this idempotency key was used.*", "这张表单已经提交过,请刷新后重填"),
        (r"the store does not answer at this moment", "数据库暂时没有响应,请稍候再试"),
        (r"a mistake of ours; it has been logged", "系统出错,已记录日志"),
        (r"there is no such page", "没有这个页面"),
        (r"nobody locks, promotes or resets themselves.*", "不能锁定、调整或重置自己,请找同事"),
        (r"there is an operator (\S+) already", r"工号 \1 已存在"),
        (r"(\S+) is the last one who may change operators.*", r"\1 是最后一位管理员,请先指定别人"),
        (r"an operator has a name", "请填写姓名"),
        (r"nothing is to be reset", "请选择要重置的内容"),
        (r"whoever wrote a notice does not approve it.*", "起草人不能批准自己的通知,请找同事"),
        (r"notice (\d+) is (\S+)", r"通知 \1 当前状态(\2)不能这样操作"),
        (r"notice (\d+) is (\S+): only a draft is tried", r"通知 \1 已不是草稿,不能试发"),
        (r"a trial goes to 1 to (\d+) numbers", r"试发号码 1 至 \1 个"),
        (r"(\d+) of these numbers are no subscribers of ours", r"其中 \1 个号码不是本网用户"),
        (r"all of these were told these words today", "这些号码今天已收到过同样内容"),
        (r"it is over already", "时间已过"),
        (r"what a service tells about itself .*", "只有营销通知可以有对照组"),
        (r"the control group has .*", "对照组比例超出范围"),
        (r"no (\w+) is named '(.+)'.*", r"没有 \1“\2”"),
        (r"a notice is for a customer list or .*", "名单和号码只能填一种"),
        (r"moments lie between .*", "时间超出范围"),
        (r"calls and screens say no advertising.*", "营销通知不能在电话和屏上播"),
        (r"what calls and screens say too names no facts", "要在电话和屏上播的通知不能含用户资料"),
        (r"it ends before it begins", "结束早于开始"),
        (r"\w+ announces no event: .*", "这类通知不填事件时间"),
        (r"\w+ says when it happens", "请填事件时间"),
        (r"\w+ says when it ends: .*", "请填播到什么时候"),
        (r"a notice has a Chinese text", "请填中文内容"),
        (r"no fact is named .*", "内容里有不认识的 {资料}"),
        (r"a bracket \{ \} stands alone", "内容里的 { } 不成对"),
        (r"the (\w+) text takes (\d+) parts; (\d+) at most", r"短信要 \2 条,最多 \3 条"),
        (r"there is no notice (\d+)", r"没有通知 \1"),
        (r"there is no type of lists (\S+).*", r"没有名单类型 \1"),
        (r"type (\S+) (.+) is closed: open it first", r"名单类型 \1 \2 已关闭"),
        (r"there is a type (\S+) already.*", r"名单类型 \1 已存在"),
        (r"(\d+) of (\d+) numbers are not in list .*", r"\2 个号码中有 \1 个不在名单里"),
        (r"say why: .*", "请填写原因"),
        (r"this end is over.*", "截止时间已过,请填更晚的日期"),
        (r"a number has eleven digits.*", "手机号码为 11 位数字"),
        (r"there is no link '(.+)'.*", r"没有链路“\1”"),
        (r"say what is to change: state, or rate", "请选择指令或填写限速"),
        (r"template (\S+): fill in (.+)", r"请填写模板的 \2"),
        (r"there is no such file", "没有这个文件"),
        (r"there is no file (\d+): .*", r"没有文件 \1"),
        (r"the file is a workbook or an archive.*", "这是表格或压缩文件,请另存为 CSV UTF-8 再上传"),
        (r"the file has zero octets.*", "文件含有空字节(没有标记的 UTF-16),请另存为 CSV UTF-8"),
        (r"the file did not come as a whole", "文件没有传完,请重新上传"),
        (r"the file is the body of .*", "请选择文件"),
        (r"the file names nobody", "文件里没有可用的号码"),
        (r"(\d+) lines have mistakes: .*", r"有 \1 行有误:请改正后重新上传,或勾选略过有误的行"),
        (r"a newer file was taken into .*", "之后已有新文件导入这个名单,请重新上传"),
        (r"file (\d+) is (\S+): it cannot be applied", r"文件 \1 当前状态不能生效"),
        (r"file (\d+) is (\S+) already", r"文件 \1 已经处理过"),
        (r"is longer than (\d+) characters", r"一行超过 \1 个字符"),
        (r"has a quotation mark that .*", "引号不成对或位置不对"),
        (r"has characters that cannot be read.*", "有无法识别的字符,请另存为 UTF-8 或 GBK"),
        (r"has control characters in its reason", "原因里有控制字符"),
        (r"says no reason, and none was given.*", "没有原因,整个文件也没有填写"),
        (r"has a reason of more than (\d+) characters", r"原因超过 \1 个字符"),
        (r"has no number", "没有号码"),
        (r"has a number that the spreadsheet.*", "号码被表格软件缩写,请设为文本格式"),
        (r"has no mobile number of eleven digits, but (\d+) digits", r"号码是 \1 位,不是 11 位"),
        (r"names the same number as line (\d+)", r"与第 \1 行号码相同"),
        (r"nobody of the simulated network answers.*", "没有连到模拟网络(仅演示环境有)"),
        (r"there is no draft (\d+)", r"没有草稿 \1,可能已被丢弃"),
        (r"there are (\d+) drafts already.*", r"已有 \1 份草稿,请先丢弃不用的"),
        (r"(\S+) has saved (\S+) meanwhile.*", r"\1 刚保存过 \2,请先看对方的内容"),
        (r"(\S+) is not written by hand", r"\1 不在这里手工修改"),
        (r"(.+) is no name of a file in conf/\. .*", r"“\1”不是 conf/ 里的文件名"),
        (r"nothing is changed in this draft", "草稿里没有改动"),
        (r"there is no version (\S+): .*", r"没有版本 \1"),
        (r"there is no proposal (\d+): .*", r"没有送审 \1"),
        (r"proposal (\d+) was (\w+) by (\S+)", r"送审 \1 已由 \3 处理"),
        (r"whoever wrote or proposed an edition .*", "编写人和提出人不能批准,请找同事"),
        (r"operator (\S+) has no right to (\S+)", r"工号 \1 没有权限 \2"),
        (r"(\S+) was in force when proposal (\d+) .*", r"送审 \2 之后现行版本已变,请重新提出"),
        (r"(\S+) is in force already", r"\1 已经是现行版本"),
        (r"no version is being tried out", "没有版本在灰度"),
        (r"there is no version before this one.*", "前面没有别的版本可以回退"),
        (r"nothing has been published yet: .*", "还没有发布过"),
        (r"no gateway has served from conf/ yet.*", "还没有网关用过 conf/,请直接全量发布"),
        (r"a canary needs --percent or --numbers", "请填灰度比例、名单或号码"),
        (r"nobody is in list (\S+)", r"名单 \1 里没有号码"),
        (r"others are being checked at this moment.*", "正在检查别人的改动,请过几秒再试"),
        (r"a moment lies in the years (\d+) to (\d+)", r"时间应在 \1 至 \2 年之间"),
        (r"(\S+) has signs in it that no text has", r"\1 里有不能用的字符"),
        (r"take the phone up first", "请先拿起手机"),
        (r"there is no sound of this", "这句话没有声音"),
        (r"there is no file (.+) in this draft", r"草稿里没有文件 \1"),
    )
]  # fmt: skip

# before a finding of conf/
_FOUND: Final = re.compile(
    r"(not sound|the sample does not fit|the edition cannot be read): (.+)", re.DOTALL
)
_BEFORE: Final[Mapping[str, str]] = {
    "not sound": "还有问题",
    "the sample does not fit": "样例数据与配置不符",
    "the edition cannot be read": "这个版本读不了",
}

_UNFIT: Final[Mapping[str, Words]] = {
    "missing": Words("必须填写", "is needed"),
    "string_too_short": Words("必须填写", "is needed"),
    "string_too_long": Words("太长", "is too long"),
    "string_pattern_mismatch": Words("格式不对", "has another form"),
    "int_parsing": Words("应为数字", "is a number"),
    "greater_than_equal": Words("太小", "is too small"),
    "less_than_equal": Words("太大", "is too large"),
    "date_from_datetime_parsing": Words("应为日期", "is a date"),
    "datetime_from_date_parsing": Words("应为时间", "is a moment"),
    "enum": Words("没有这个选项", "is none of the choices"),
    "literal_error": Words("没有这个选项", "is none of the choices"),
    "too_short": Words("必须填写", "is needed"),
    "too_long": Words("太多", "are too many"),
}
_FIELDS: Final[Mapping[str, Words]] = {
    "number": Words("号码", "the number"),
    "numbers": Words("号码", "the numbers"),
    "subscriber": Words("用户号码", "the subscriber's number"),
    "phones": Words("试发号码", "the numbers"),
    "reason": Words("原因", "the reason"),
    "result": Words("处理结果", "the result"),
    "words": Words("内容", "the words"),
    "said": Words("内容", "the words"),
    "operator": Words("工号", "the operator"),
    "password": Words("密码", "the password"),
    "code": Words("动态码", "the code"),
    "name": Words("名称", "the name"),
    "role": Words("角色", "the role"),
    "kind": Words("类别", "the kind"),
    "region": Words("地区", "the region"),
    "other": Words("并入的单号", "the other ticket"),
    "at": Words("开始时间", "the beginning"),
    "until": Words("结束时间", "the end"),
    "old": Words("原密码", "the old password"),
    "new": Words("新密码", "the new password"),
    "zh": Words("中文内容", "the Chinese text"),
    "en": Words("英文内容", "the English text"),
    "control": Words("对照组比例", "the control group"),
    "start": Words("开始时间", "the start"),
    "happens": Words("发生时间", "the event"),
    "ends": Words("截止时间", "the end"),
    "type": Words("名单类型", "the type"),
    "text": Words("内容", "the text"),
    "since": Words("起始时间", "the beginning"),
    "action": Words("动作", "the action"),
}


def refused_in(language: str, status: int, detail: str) -> str:
    if language == "en":
        return detail
    if found := _FOUND.fullmatch(detail):
        return f"{_BEFORE[found[1]]}:{line_told(found[2]) or found[2]}"
    parts = [_chinese(part) for part in detail.split("; ")]
    if all(parts):
        return ";".join(part for part in parts if part)
    return f"{_KINDS.get(status, '没有成功')}:{detail}"


def misfits(language: str, unfit: ValidationError) -> str:
    """Each field that does not fit; never what was typed."""
    joint = "; " if language == "en" else ";"
    return joint.join(dict.fromkeys(_misfit(language, one) for one in unfit.errors()))


def _misfit(language: str, one: Any) -> str:
    named = [str(part) for part in one["loc"] if not isinstance(part, int)]
    field = named[-1] if named else ""
    if one["type"] == "value_error" and not named:  # of the form as a whole, in words of its own
        detail = str(one["ctx"]["error"])
        if whole := detail if language == "en" else _chinese(detail):
            return whole
    what = _UNFIT.get(one["type"], Words("填写不对", "does not fit")).said(language)
    name = _FIELDS[field].said(language) if field in _FIELDS else field
    return f"{name} {what}" if language == "en" else f"{name}{what}"


def told_in(language: str, detail: str) -> str:
    """What the API tells of a part, such as a line of a file; as it is, if it has no Chinese."""
    return detail if language == "en" else _chinese(detail) or detail


def _chinese(detail: str) -> str:
    for pattern, words in _CHINESE:
        if found := pattern.fullmatch(detail):
            return found.expand(words)
    return ""
