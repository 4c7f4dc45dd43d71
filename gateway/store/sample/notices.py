"""Notices to look at in a sample store: one to be approved, one on its way."""

from __future__ import annotations

from typing import Final

from commands.marketing.message_preferences import MARKETING
from gateway.model.notices.notice import (
    DAY,
    HOUR,
    NoticeDraft,
    NoticeKind,
    NoticeState,
    NoticeTarget,
)
from gateway.store.notices.rows import SqlNotices
from gateway.store.ports.preferences import SqlPreferences
from gateway.store.store import Store

WRITER: Final = "80003"  # in conf/sample/operators.yaml
APPROVER: Final = "80001"
AGREED: Final = ("13800138001", "13800138004", "13800138010")
"""Who have sent KQYX."""


def put_notices(store: Store, now: int) -> None:
    """Once: what people have made of them since stays."""
    with store.transaction() as connection:
        notices = SqlNotices(connection)
        if notices.all():
            return
        wishes = SqlPreferences(connection)
        for number in AGREED:
            wishes.put(number, MARKETING, "on", "10", now)
        notices.add(
            NoticeDraft(
                "秋季流量包",
                NoticeKind.ADVERTISING,
                "{plan}客户您好,回复KTLL30即可办理流量包,当月生效。",
                "Reply KTLL30 for a data package, from this month on.",
                NoticeTarget(brands=("QQT",), without=("LL30",)),
                control=10,
            ),
            WRITER,
            now,
        )
        works = notices.add(
            NoticeDraft(
                "天津网络割接",
                NoticeKind.WORKS,
                "因网络割接,天津部分地区通信将短时中断,敬请谅解。",
                "Network works in Tianjin: service may be interrupted for a short time.",
                NoticeTarget(regions=("天津",)),
                happens_at=now + 5 * DAY,
                ends_at=now + 5 * DAY + 6 * HOUR,
            ),
            WRITER,
            now,
        )
        notices.set_state(works.number, NoticeState.APPROVED, now, approved_by=APPROVER)
