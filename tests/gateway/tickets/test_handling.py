"""Stories of tickets that move: who may, who hears, and what is kept of it; on both stores."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest

from gateway.tickets.refusals import StepForbidden, TicketHeld, TicketRefusal, UnknownTicket
from tariffs.catalogue import SHANGHAI
from tests.gateway.messages import LI, ZHANG
from tests.gateway.tickets.counter import AGENT, LEADER, OTHER, TicketCounter

HOUR, DAY = 3600, 24 * 3600


def test_a_complaint_from_its_opening_to_its_rating(hall: TicketCounter) -> None:
    """Each step is in its history and in the audit, and its subscriber hears what concerns him."""
    number = hall.complain()
    hall.by(AGENT, "accept", number)
    assert hall.words() == [
        f"您的投诉{number}已由专人受理,预计11月23日12时前处理完毕并短信告知结果。【中国移动】"
    ]
    assert hall.by(AGENT, "assign", number).team == "北京"
    hall.by(AGENT, "accept", number)
    begins = hall.now + DAY
    hall.by(AGENT, "appoint", number, begins, begins + 2 * HOUR, "东单营业厅")
    assert "已预约:11月22日12时至11月22日14时,东单营业厅" in hall.words()[0]
    hall.by(AGENT, "done", number, "已退还5元", reason="查账属实")
    told, asked = hall.told()
    assert told.text.startswith(f"您的投诉{number}已处理:已退还5元。")
    assert str(told.destination) == f"1.1.86{ZHANG}"
    assert asked.after_ms
    hall.office.bag.now += HOUR
    hall.office.hears("PF10")
    ticket = hall.ticket(number)
    assert (ticket.state, ticket.score, ticket.result) == ("rated", 10, "已退还5元")
    taken = [(each.step, each.who) for each in hall.steps(number)]
    assert taken == [
        ("open", "subscriber"), ("accept", AGENT), ("assign", AGENT), ("accept", AGENT),
        ("appoint", AGENT), ("done", AGENT), ("asked", "hall"), ("rate", "subscriber"),
    ]  # fmt: skip
    assert hall.audit() == [
        (AGENT, f"tickets.{step}", ZHANG)
        for step in ("accept", "assign", "accept", "appoint", "close")
    ]


def test_one_of_two_agents_gets_it_and_the_other_hears_who(hall: TicketCounter) -> None:
    number = hall.complain()
    hall.by(AGENT, "accept", number)
    hall.by(AGENT, "accept", number)  # again is no harm
    with pytest.raises(TicketHeld, match=rf"李娜 \({AGENT}\) has ticket {number}"):
        hall.by(OTHER, "accept", number)
    for step, *given in (("done", "好了"), ("put_back",), ("assign",), ("join", "1")):
        with pytest.raises(TicketHeld, match="李娜"):
            hall.by(OTHER, step, number, *given)
    hall.by(LEADER, "assign", number, operator=OTHER)
    assert hall.ticket(number).holder == OTHER
    hall.by(OTHER, "put_back", number)
    assert hall.by(AGENT, "accept", number).holder == AGENT


@pytest.mark.parametrize("turn", range(5))
def test_two_who_take_it_at_the_same_moment(hall: TicketCounter, turn: int) -> None:
    """However the store lets them meet."""
    number = hall.complain()
    taken: dict[str, str] = {}
    together = threading.Barrier(2)

    def take(operator: str) -> None:
        together.wait(10)
        try:
            taken[operator] = hall.by(operator, "accept", number).holder
        except TicketHeld as held:
            taken[operator] = str(held)

    threads = [threading.Thread(target=take, args=(each,)) for each in (AGENT, OTHER)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    has = hall.ticket(number).holder
    loser = OTHER if has == AGENT else AGENT
    assert taken[has] == has
    assert f"({has}) has ticket {number}" in taken[loser]
    assert [each.who for each in hall.steps(number) if each.step == "accept"] == [has]


def test_who_may_do_which_step(hall: TicketCounter) -> None:
    number = hall.complain()
    with pytest.raises(StepForbidden, match=r"tickets\.escalate"):
        hall.by(AGENT, "escalate", number, "第三次来电")
    with pytest.raises(StepForbidden, match=r"tickets\.assign"):
        hall.by(AGENT, "assign", number, operator=OTHER)
    assert hall.by(LEADER, "escalate", number, "第三次来电").level == 1
    with pytest.raises(UnknownTicket):
        hall.by(AGENT, "accept", "4711")


@pytest.mark.parametrize(
    ("step", "given", "why"),
    [
        ("accept", (), "is done already"),
        ("assign", (), "is done already"),
        ("done", ("又一次",), "is done already"),
        ("join", ("1",), "is done already"),
        ("hand_over", (), "is done already"),
    ],
)
def test_what_is_done_is_done(
    hall: TicketCounter, step: str, given: tuple[str, ...], why: str
) -> None:
    number = hall.complain()
    hall.by(AGENT, "done", number, "好了")
    with pytest.raises(TicketRefusal, match=why):
        hall.by(AGENT, step, number, *given)
    assert hall.by(AGENT, "note", number, "用户表示感谢").state == "done"


def test_a_step_that_cannot_be_meant_changes_nothing(hall: TicketCounter) -> None:
    number, other = hall.complain(), hall.complain("GZ#没有信号")
    now = hall.now
    for step, given, why in (
        ("done", (number, " "), "say what was done"),
        ("assign", (number, "亚特兰蒂斯"), "there is no region"),
        ("appoint", (number, now - 1, now + HOUR), "lies ahead"),
        ("appoint", (number, now + HOUR, now + HOUR), "lies ahead"),
        ("join", (number, number), "itself"),
        ("join", (number, other), "is complaint and"),
        ("reopen", (number, "why"), "only what is done"),
        ("put_back", (number,), "nobody has"),
    ):
        with pytest.raises(TicketRefusal, match=why):
            hall.by(LEADER, step, *given)
    assert hall.state(number) == "open"
    assert hall.audit() == []


# -- joined and reopened -------------------------------------------------------------------------


def test_the_same_complaint_joins_while_the_first_is_open(hall: TicketCounter) -> None:
    """By its category, in other words; both end with the first, and one hears it once."""
    first = hall.complain("TS#乱扣费")
    second = hall.complain("TS#上个月多收了我的话费")
    assert f"与工单{first}相同" in hall.said
    assert (hall.state(second), hall.ticket(second).joined_to) == ("joined", first)
    other = hall.complain("TS#营业员态度差")
    assert hall.state(other) == "open"
    hall.by(AGENT, "done", first, "已退费")
    assert [text.split("。")[0] for text in hall.words()][:1] == [f"您的投诉{first}已处理:已退费"]
    assert hall.ticket(second).done_at
    assert "已处理:已退费" in hall.office.hears(f"CXGD#{second}")


def test_the_same_complaint_opens_it_again_within_days(hall: TicketCounter) -> None:
    """With a new promise; later it is a new one."""
    first = hall.complain("TS#乱扣费")
    hall.by(AGENT, "done", first, "已解释")
    hall.told()
    hall.office.bag.now += 6 * DAY
    hall.complain("TS#乱扣费")
    ticket = hall.ticket(first)
    assert f"投诉{first}已重新受理" in hall.said
    assert (ticket.state, ticket.reopened, ticket.done_at) == ("reopened", 1, 0)
    assert ticket.due_at - hall.now in range(48 * HOUR - 5, 48 * HOUR + 1)
    assert hall.steps(first)[-1].words == "乱扣费"
    hall.by(AGENT, "accept", first)
    hall.by(AGENT, "done", first, "已退费")
    hall.office.bag.now += 8 * DAY
    assert hall.complain("TS#乱扣费") != first


def test_many_with_one_cause_are_joined_by_a_colleague(hall: TicketCounter) -> None:
    """Everybody hears of it once."""
    main = hall.complain("GZ#没有信号")
    joined = hall.complain("GZ#上不了网", LI)
    hall.by(AGENT, "join", joined, main)
    assert f"与工单{main}原因相同" in hall.words()[0]
    with pytest.raises(TicketRefusal, match=f"joined to {main}"):
        hall.by(AGENT, "accept", joined)
    hall.by(AGENT, "done", main, "基站已修复")
    told = {str(each.destination)[-11:]: each.text for each in hall.told() if "已处理" in each.text}
    assert told[ZHANG].startswith(f"您的报障{main}已处理:基站已修复")
    assert told[LI].startswith(f"您的报障{joined}已处理:基站已修复")
    assert hall.words() == []


# -- hours ---------------------------------------------------------------------------------------


def moment(hour: int) -> float:
    return datetime(2026, 11, 24, hour, tzinfo=SHANGHAI).timestamp()


def test_nothing_is_told_at_night_but_what_is_urgent(hall: TicketCounter) -> None:
    hall.office.bag.now = moment(2)
    complaint, fault = hall.complain(), hall.complain("GZ#没有信号")
    for number in (complaint, fault):
        hall.by(AGENT, "done", number, "好了")
    (told, *_) = hall.told()
    assert fault in told.text
    assert not any(complaint in text for text in hall.words())
    hall.office.bag.now = moment(8)
    assert [complaint in text for text in hall.words()][:1] == [True]


def test_what_is_over_by_the_morning_is_told_once(hall: TicketCounter) -> None:
    """Taken at night and done at night: the result alone."""
    hall.office.bag.now = moment(1)
    number = hall.complain()
    hall.by(AGENT, "accept", number)
    hall.by(AGENT, "done", number, "好了")
    hall.office.bag.now = moment(9)
    texts = [text for text in hall.words() if number in text]
    assert [("已处理" in text) for text in texts] == [True]


def test_who_is_late_is_told_and_so_are_the_leaders(hall: TicketCounter) -> None:
    """Once each, however often it is looked."""
    number = hall.complain("JY#增加网点")
    hall.office.bag.now += 2 * DAY + HOUR
    found = [(each.what, each.level) for each in hall.alarms() if each.number == number]
    assert found == [("not taken", 1), ("late", 1), ("escalated", 1)]
    assert hall.alarms() == []
    assert f"抱歉,您的建议{number}未能在" in hall.words()[0]
    hall.office.bag.now += DAY
    assert [(each.what, each.level) for each in hall.alarms()] == [("escalated", 2)]
    assert hall.words() == []
    assert hall.ticket(number).level == 2
