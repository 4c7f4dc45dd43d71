"""What a page tells once, after something was done: only these, by their names in its address."""

from __future__ import annotations

from typing import Final

from gateway.console.pages import Words

TOLD: Final = {
    "taken": Words("已接单,由您处理", "Taken: it is yours"),
    "put_back": Words("已放回,其他人可以接单", "Put back for others to take"),
    "assigned": Words("已派单", "Assigned"),
    "appointed": Words("已预约,用户会收到短信", "Appointed; the subscriber is told by SMS"),
    "closed": Words("已办结,用户会收到结果短信", "Done; the subscriber is told by SMS"),
    "joined": Words("已并单", "Joined"),
    "reopened": Words("已重新打开", "Opened again"),
    "escalated": Words("已升级", "Escalated"),
    "noted": Words("备注已记下", "The note is kept"),
    "handed_over": Words("已转交业务系统", "Handed over to the operator's own system"),
    "opened": Words("工单已登记,用户会收到单号短信", "Opened; the subscriber is told its number"),
    "changed": Words("已保存", "Saved"),
    "password": Words("密码已修改,其他登录已退出", "The password is changed; other sessions ended"),
    "logged_out": Words("已退出", "Logged out"),
    "sent": Words("已发出", "Sent"),
    "approved": Words("已批准", "Approved"),
    "paused": Words("已暂停", "Paused"),
    "resumed": Words("已继续", "Going on"),
    "stopped": Words("已停止", "Stopped for good"),
    "draft_begun": Words("草稿已建立", "The draft is there"),
    "draft_dropped": Words("草稿已丢弃", "The draft is thrown away"),
    "file_undone": Words("文件已还原", "The file is as before"),
    "rebased": Words("草稿已改为以现行版本为基础", "The draft goes on from what is in force"),
    "kept": Words("已定版,可以灰度或发布", "It is a version: try it out, or publish it"),
    "proposed": Words("已送审,由同事批准后生效", "Proposed: a colleague approves it"),
    "proposal_refused": Words("已退回", "Refused"),
    "published": Words("已发布,几秒内生效", "Published; in force within seconds"),
    "tried": Words("灰度已开始", "It is tried out from now on"),
    "taken_back": Words("已回退,几秒内生效", "Taken back, within seconds"),
    "ordered": Words("已下达,各网关几秒内生效", "Ordered: gateways obey within seconds"),
    "applied": Words("文件已生效", "The file is applied"),
    "discarded": Words("文件已作废,名单没有改动", "The file is discarded; no list was changed"),
    "alarm": Words("告警已由您处理", "The alarm is yours"),
}
