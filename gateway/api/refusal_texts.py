"""Why something was not done, in Chinese: the API tells it in English, and has both in what it
answers. What has no Chinese here is told as it is, with what kind of refusal it was before it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gateway.config.finding_texts import line_told

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
        (r"\w+ is told at least (\d+) hours before: it must begin by (.+)",
         r"这类通知要提前 \1 小时,最晚 \2 开始"),
        (r"there is no customer list (\S+)", r"没有名单 \1"),
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
        (r"the file is a workbook or an archive.*", "这是表格或压缩文件,请另存为 CSV UTF-8 再上传"),
        (r"the file has zero octets.*", "文件含有空字节(没有标记的 UTF-16),请另存为 CSV UTF-8"),
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
        (r"role (\S+) edits (.+) only, and not (.+)", r"角色 \1 只能修改 \2,不能修改 \3"),
        (
            r"role (\S+) edits (.+) only, and (.+) is changed beside what is in force",
            r"角色 \1 只能修改 \2,而这里还改了现行版本的 \3",
        ),
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
        (r"your role sees (\d+) subscribers in full in a day, and that is reached: .*",
         r"您的角色一天最多看 \1 位用户的完整资料,今天已看满;列表仍可脱敏查看,或请同事协助"),
        (r"log in first: .*", "请先登录"),
        (r"(\S+) is missing or wrong: .*", r"请求缺少 \1 或不对,请刷新页面"),
        (r"interface (\S+) is (\S+)", r"接口 \1 当前状态(\2)不能使用"),
        (r"this operator does not act at this interface", "这个工号不在此接口办理业务"),
        (r"the sample has no person number (\d+)", r"样例里没有第 \1 个人"),
        (r"a file has (\d+) characters at most", r"一个文件最多 \1 个字符"),
        (r"there is no such subscriber", "没有这个用户"),
        (r"list (\S+) has more than (\d+) numbers: try it on fewer",
         r"名单 \1 超过 \2 个号码,灰度请用小一些的名单"),
        (r"until .+", "截止时间应为今后的日期,如 2027-06-30"),
        (r"conf/classes\.yaml has mistakes: .*", "conf/classes.yaml 有错,请运行 hallgate check"),
        (r"conf/ has mistakes: .*", "conf/ 有错,请运行 hallgate check"),
        (r"the provider does not answer at this moment", "统一登录系统暂时没有应答"),
        (r"people log in with a password here: .*", "这里用工号密码登录"),
        (r"send an Idempotency-Key: .*", "请求要带 Idempotency-Key,同一键值只办一次"),
        (r"there is no such request of yours", "没有您的这笔请求"),
        (r"nothing can be done at this moment", "暂时办理不了,请稍候再试"),
        (r"there is no boss\.url in the configuration .*", "没有配置业务系统,不能转交"),
        (r"the journal has no such message; .*", "日志里没有这条消息,可能已过保存期"),
        (r"that look-up is of another number", "这次查询是另一个号码的"),
        (r"the file is the body of the request, and there is none", "请选择文件"),
        (r"the file did not come as a whole", "文件没有传完整,请重传"),
        (r"a form is sent as application/x-www-form-urlencoded", "表单格式不对"),
        (r"the form cannot be read", "表单无法识别"),
        (r"what was typed does not fit", "填写的内容不对"),
        (r"the request does not fit its description", "请求内容不符合接口说明"),
        (r"nothing in it is otherwise than what is in force", "文件与现行版本没有区别"),
        (r"(.+) is no text", r"\1 不是文本"),
        (r"it is no ZIP that can be read", "不是可读的 ZIP 文件"),
        (r"it has more than (\d+) files", r"文件超过 \1 个"),
        (r"it is more than any conf/", "解压后太大,不是 conf/"),
        (r"(\S+) is no longer tried out, but (.+)", r"\1 已不在灰度,现在是 \2"),
        (r"'(.+)' is no origin: .*", r"来源“\1”只能用小写字母、数字、- 和 _"),
        (r"'own' is the hall itself: .*", "own 指本营业厅,请不填来源"),
        (r"more than (\d+) numbers come as a file", r"超过 \1 个号码请用文件导入"),
        (r"'(.*)' is no number of a type: .*", r"类型编号“\1”应为一到六位数字"),
        (r"type (\S+) is so already: .*", r"名单类型 \1 已经是这样,没有改动"),
        (r"type (\S+) (.+) is open", r"名单类型 \1 \2 已启用"),
        (r"a type has a name", "请填写类型名称"),
        (r"a class is named once", "同一客户类别只填一次"),
        (r"a (\w+) is one line of at most (\d+) characters", r"应为一行,最多 \2 个字符"),
        (r"conf/classes\.yaml has no class '(.+)'; .*", r"conf/classes.yaml 里没有客户类别“\1”"),
        (r"there is no file (\d+): .*", r"没有导入文件 \1"),
        (r"file (\d+) is (\S+): it cannot be applied", r"文件 \1 当前状态(\2)不能生效"),
        (r"(\d+) lines have mistakes: .*", r"有 \1 行有错:请改好重新导入,或选择跳过这些行"),
        (r"the file names nobody", "文件里没有号码"),
        (r"a newer file was taken into this list since: .*", "此后已有更新的文件生效,请重新导入"),
        (r"notice (\d+) is not for the numbers of a file", r"通知 \1 不是按号码文件发送的"),
        (r"there is no interface (\S+)", r"没有接口 \1"),
        (r"(\S+) has (\d+) keys that open: end (\S+) first",
         r"接口 \1 已有 \2 个有效密钥,请先停用 \3"),
        (r"(\S+) has no key (\S+) that opens", r"接口 \1 没有有效密钥 \2"),
        (r"interface (\S+) is closed", r"接口 \1 已关闭"),
        (r"an interface number has two to eight digits", "接口编号为两到八位数字"),
        (r"(\S+) is one of the hall's own, in .*", r"\1 是营业厅自有接口,见 conf/interfaces.yaml"),
        (r"there is an interface (\S+) already; .*", r"接口 \1 已存在,编号不能重用"),
        (r"there is no kind '(.+)': .*", r"没有接口类型“\1”"),
        (r"'(.+)' is no 工号(: .*)?", r"“\1”不是工号:2 至 32 位字母、数字、. _ -"),
        (r"at a (\w+) people act: .*", "这类接口由人办理,请填工号"),
        (r"a group's platform, and no other, .*", "只有集团平台接口填集团客户"),
        (r"a certificate is named by its SHA-256, .*", "证书请填 SHA-256(64 位十六进制)"),
        (r"1 to (\d+) requests a minute", r"每分钟请求数为 1 至 \1"),
        (r"a (\w+) cannot do '(.+)'; it can do: .*", r"这类接口不能办理“\2”"),
        (r"a name has 1 to 60 characters, and no comma", "名称 1 至 60 个字符,不含逗号"),
        (r"a rate lies between 0 and (\d+) parts a second", r"限速为每秒 0 至 \1 条"),
        (r"conf/roles\.yaml has no role '(.+)'; .*", r"conf/roles.yaml 里没有角色“\1”"),
        (r"no number is free at this moment: .*", "暂时取不到单号,请再试一次"),
        (r"there is no kind of ticket '(.+)'\. .*", r"没有工单类别“\1”"),
        (r"template (\S+): it has no blank (.+)", r"模板 \1 没有 \2 这一空"),
        (r"a ticket of the kind (\S+) has no template '(.+)'; .*", r"这类工单没有模板“\2”"),
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


def refused_in(language: str, status: int, detail: str) -> str:
    if language == "en":
        return detail
    if found := _FOUND.fullmatch(detail):
        return f"{_BEFORE[found[1]]}:{line_told(found[2]) or found[2]}"
    if whole := in_chinese(detail):
        return whole
    parts = [in_chinese(part) for part in detail.split("; ")]
    if all(parts):
        return ";".join(parts)
    return f"{_KINDS.get(status, '没有成功')}:{detail}"


def told_in(language: str, detail: str) -> str:
    """What the API tells of a part, such as a line of a file; as it is, if it has no Chinese."""
    return detail if language == "en" else in_chinese(detail) or detail


def in_chinese(detail: str) -> str:
    """Empty: it has none."""
    for pattern, words in _CHINESE:
        if found := pattern.fullmatch(detail):
            return found.expand(words)
    return ""
