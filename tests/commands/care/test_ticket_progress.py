"""How far a ticket has come."""

from __future__ import annotations

from dataclasses import replace

from tests.commands.fakes import NOW, HallWorld
from tests.commands.phone import Phone

ORDINARY = "13800138001"  # has 739204
MEMBER = "13800138010"  # V网, 6101


def test_how_far_a_ticket_has_come(hall: HallWorld) -> None:
    """The newest, or the one that is named."""
    first = hall.tickets.open("complaint", ORDINARY, "…", NOW + 3600, NOW, 59659800001)
    hall.tickets.open("fault", ORDINARY, "…", NOW + 7200, NOW, 59659800002)
    phone = Phone(hall, ORDINARY)
    assert "59659800002(报障)" in phone.sends("CXGD")
    assert f"{first.number}(投诉)11月21日登记,已受理,预计11月21日22时前" in (
        phone.sends(f"CXGD#{first.number}")
    )


def test_what_is_not_over_is_told_before_what_is(hall: HallWorld) -> None:
    """However old; and of others that are not over either their numbers."""
    old, other, done = (
        hall.tickets.open("complaint", ORDINARY, "…", NOW + 3600, NOW, 59659800001 + n)
        for n in range(3)
    )
    hall.tickets.close(done.number, "已处理", NOW)
    phone = Phone(hall, ORDINARY)
    told = phone.sends("CXGD")
    assert f"{other.number}(投诉)" in told
    assert f"工单{old.number}也在处理中,发送CXGD#工单号查询" in told
    hall.tickets.close(other.number, "已处理", NOW)
    assert f"{old.number}(投诉)" in (told := phone.sends("CXGD"))
    assert "也在处理中" not in told
    hall.tickets.close(old.number, "已处理", NOW)
    assert f"{done.number}(投诉)" in phone.sends("CXGD")


def test_a_ticket_that_is_done_or_late_says_so(hall: HallWorld) -> None:
    """With its result; being late is admitted."""
    hall.tickets.open("complaint", ORDINARY, "…", NOW + 3600, NOW, 5965980)
    phone = Phone(hall, ORDINARY, now=NOW + 7200)
    assert "已超过预计时间11月21日22时" in phone.sends("GD")
    ticket = hall.tickets.by_phone[ORDINARY][5965980]
    hall.tickets.by_phone[ORDINARY][5965980] = replace(ticket, state="done", result="已退费5元")
    assert "已处理:已退费5元。如不满意请回复RG。" in phone.sends("GD")


def test_only_ones_own_tickets_are_told(hall: HallWorld) -> None:
    """Another's number is as unknown as one that was never given."""
    ticket = hall.tickets.open("complaint", ORDINARY, "…", NOW + 3600, NOW, 5965980)
    phone = Phone(hall, MEMBER)
    phone.sends(f"CXGD#{ticket.number}")
    assert phone.texts == ["q.ticket.unknown"]
    phone.sends("CXGD")
    assert phone.texts == ["q.ticket.none"]
    assert "(投诉)" in phone.sends(f"CXGD#{ORDINARY}#739204")
