"""Every figure of a report with its definition, as it stands in docs/figures.md."""

from __future__ import annotations

from typing import Final, NamedTuple


class Measure(NamedTuple):
    """`unit`: 次, %, 秒, 分; empty for words."""

    name: str
    unit: str
    definition: str


MESSAGES: Final = Measure(
    "消息数", "条", "收到的短信(含长短信的每一段和重发)、USSD输入与通话中的每一轮"
)
REQUESTS: Final = Measure(
    "请求数", "次", "消息数中去掉长短信分段、重发、空短信、非手机号码来信和对话结束的通知"
)
COMPLETED: Final = Measure("完成数", "次", "请求中已答复或已办理、已受理的(结果ok、accepted)")
REFUSED: Final = Measure("拒绝数", "次", "请求中被规则拒绝的(结果refused)")
UNCLEAR: Final = Measure("未理解数", "次", "请求中没有理解的(结果unknown)")
LIMITED: Final = Measure("超限数", "次", "请求中超过每小时次数限制的(结果limited)")
FAILED: Final = Measure("故障数", "次", "请求中因本系统故障未能处理的(结果failed)")
COMPLETION: Final = Measure(
    "自助完成率",
    "%",
    "短信和USSD:完成数÷(完成数+拒绝+未理解+格式不符+超限+过期+故障);询问、确认、翻菜单等中间步骤不计",
)
CALL_COMPLETION: Final = Measure(
    "通话自助完成率", "%", "至少有一项业务得到答复且没有要求人工的通话÷已结束的通话"
)
SOLVED: Final = Measure(
    "一次解决率",
    "%",
    "同一号码同一业务、间隔不超过10分钟的请求为一次接触;最后得到答复,且24小时内没有再次接触同一业务、"
    "没有要求人工(含人工回拨)、没有投诉的接触÷全部接触;只计已过完整24小时的日期",
)
CONTACTS: Final = Measure("接触数", "次", "一次解决率的分母")
RATINGS: Final = Measure("评分数", "个", "收到的满意度评分(10满意、9一般、8不满意)")
PLEASED: Final = Measure("满意度", "%", "10分的评分÷全部评分")
FAIR: Final = Measure("一般率", "%", "9分的评分÷全部评分")
DISPLEASED: Final = Measure("不满意率", "%", "8分的评分÷全部评分")
CALLS: Final = Measure("通话数", "次", "期间内结束的来电;网关未运行时结束的不计")
CALL_SECONDS: Final = Measure("平均通话时长", "秒", "通话从本网关接管到结束的平均时间")
WANTED: Final = Measure("要求人工数", "次", "进入人工队列的通话")
IN_15: Final = Measure("接通率", "%", "15秒内由人工应答的通话÷要求人工的通话")
ANSWERED: Final = Measure("人工应答率", "%", "由人工应答的通话÷要求人工的通话,不论等待多久")
ABANDONED: Final = Measure("放弃率", "%", "等待中挂机的通话÷要求人工的通话")
LEFT: Final = Measure("等待中返回率", "%", "等待中按键返回自助的通话÷要求人工的通话")
NOBODY: Final = Measure("无人可接率", "%", "因无坐席在线而未接通的通话÷要求人工的通话")
WAITING: Final = Measure("平均等待", "秒", "要求人工的通话的平均等待时间,含放弃的")
WAITING_ANSWERED: Final = Measure("应答前平均等待", "秒", "由人工应答的通话在应答前的平均等待时间")
COMPLAINTS: Final = Measure("投诉数", "件", "期间内登记的投诉工单")
COMPLAINTS_DUE: Final = Measure(
    "到期投诉数", "件", "承诺时限在期间内的投诉工单;重新处理的按新时限另计"
)
COMPLAINTS_ON_TIME: Final = Measure("投诉按时率", "%", "到期投诉中在时限前办结的÷到期投诉数")
OPENED: Final = Measure("登记数", "件", "期间内登记的工单")
DUE: Final = Measure(
    "到期数", "件", "承诺时限在期间内的工单;重新处理的按新时限另计;升级前已办结而未记时间的不计"
)
ON_TIME: Final = Measure("按时率", "%", "到期工单中在时限前办结的÷到期数")
SHOWN: Final = Measure("推荐展示数", "次", "附在答复后的推荐")
TAKEN: Final = Measure("推荐办理数", "次", "展示后办理了所推荐业务的")
DECLINED: Final = Measure("推荐拒绝数", "次", "展示后表示不再接收的")
TAKE_RATE: Final = Measure("推荐办理率", "%", "推荐办理数÷推荐展示数")
NOTICES_SENT: Final = Measure(
    "通知发出数",
    "条",
    "期间内下发、短信中心已接受的群发通知(不含试发;一条长短信计一条);没有下发时空缺",
)
NOTICES: Final = Measure(
    "通知送达数",
    "条",
    "其中24小时内回执为送达的(一条长短信有一段送达即计);没有下发或没有任何回执时空缺",
)
NOTICES_UNKNOWN: Final = Measure(
    "通知存疑数",
    "条",
    "期间内下发、不知是否到达的群发通知(网关或链路在应答前中断),不再重发;没有下发时空缺",
)
REMINDERS: Final = Measure(
    "提醒发出数", "条", "期间内下发、短信中心已接受的服务提醒;没有下发时空缺"
)
TOLD: Final = Measure("发出数", "条", "短信中心已接受的")
ARRIVED: Final = Measure("送达数", "条", "24小时内回执为送达的;提醒和试发不要求回执,空缺")
DOUBTFUL: Final = Measure("存疑数", "条", "不知是否到达、不再重发的")
UNSENT: Final = Measure("失败数", "条", "短信中心拒绝的,或重试后放弃的")
REPLIES: Final = Measure(
    "通知回复数",
    "人",
    "各通知的回复数之和(同一号码回复两个通知计两次);期间内没有通知在效果期时空缺",
)
BOUGHT: Final = Measure("通知办理数", "人", "各通知的办理数之和;期间内没有通知在效果期时空缺")
REPLIED: Final = Measure(
    "回复数",
    "人",
    "收到该通知后在效果期(unasked.effect_hours)内来过短信的号码,计在首次来信的时间",
)
ORDERED: Final = Measure(
    "办理数",
    "人",
    "收到该通知后在效果期内申请并办成业务的号码(通知指定了业务的只计该业务),计在首次申请的时间",
)
APART: Final = Measure(
    "对照人数", "人", "留作对照、不下发的号码,计在通知开始的时间;没有对照组时空缺"
)
APART_REPLIED: Final = Measure(
    "对照回复数",
    "人",
    "对照组中自通知开始起在效果期内来过短信的,计在首次来信的时间;没有对照组时空缺",
)
APART_ORDERED: Final = Measure(
    "对照办理数",
    "人",
    "对照组中自通知开始起在效果期内申请并办成业务的,计在首次申请的时间;没有对照组时空缺",
)
SENT: Final = Measure("下行数", "条", "发给用户的短信和USSD屏(一条长短信计一条)")
ACCEPTED: Final = Measure("下行成功率", "%", "对端接受的÷(接受的+最终失败的)")
DELIVERED: Final = Measure(
    "送达率", "%", "要求回执的短信中回执为送达的÷收到的最终回执(在途、已受理的不计)"
)
SMSC_TIME: Final = Measure(
    "短信中心往返", "毫秒", "从最后一次提交到短信中心接受的平均时间;没有时空缺"
)
TIMED: Final = Measure("计时数", "次", "有起止时间的次数")
AVERAGE: Final = Measure("平均", "毫秒", "起止时间之差的平均")
HALF: Final = Measure("50%在内", "毫秒", "一半次数不超过的档位:100、200、500、1000……60000毫秒")
MOST: Final = Measure("95%在内", "毫秒", "95%的次数不超过的档位")
NEARLY_ALL: Final = Measure("99%在内", "毫秒", "99%的次数不超过的档位;超过60000毫秒时空缺")
TIMES: Final = Measure("次数", "次", "期间内的次数")
THEN: Final = Measure("随后", "", "同一号码10分钟内的下一个请求及次数,最多三种;无:没有再请求")
SEEN: Final = Measure("展示次数", "次", "该菜单页展示的次数")
CHOSEN: Final = Measure("选择次数", "次", "该选项被选择的次数")
SHARE: Final = Measure("选择率", "%", "选择次数÷该菜单页的展示次数")
PROPOSED: Final = Measure("提议数", "次", "请用户确认的办理")
CONFIRMED: Final = Measure("确认数", "次", "用户确认并生效的")
TURNED_DOWN: Final = Measure("否定数", "次", "用户明确不办的")
UNANSWERED: Final = Measure("未答数", "次", "没有回答或仍在等待的")
CONFIRM_RATE: Final = Measure("确认率", "%", "确认数÷提议数")
ERRANDS: Final = Measure("BOSS受理数", "次", "交给BOSS办理的请求")
ERRANDS_DONE: Final = Measure("BOSS完成率", "%", "BOSS办成的÷已有结果的")

ALL: Final = tuple(value for value in list(globals().values()) if isinstance(value, Measure))
