"""Stories of tickets: complaints, suggestions, faults, reports, new cards, callbacks; and how they
end."""

from __future__ import annotations

from datetime import datetime

import pytest

from commands.care.close_ticket import close
from commands.model.care.due_times import working_days_after
from commands.model.daily_hours import WEEKDAYS
from tariffs.catalogue import SHANGHAI
from tests.commands.fakes import NOW, HallWorld
from tests.commands.phone import Phone

ORDINARY = "13800138001"
UNNAMED = "13800138003"
HOUR = 3600


def kinds(hall: HallWorld, number: str = ORDINARY) -> list[str]:
    return [ticket.kind for ticket in hall.tickets.by_phone.get(number, {}).values()]


@pytest.mark.parametrize(
    ("text", "kind", "answer"),
    [
        ("TS#乱扣费", "complaint", "tk.ok"),
        ("ts 乱扣费, 两次了", "complaint", "tk.ok"),
        ("TS乱扣费", "complaint", "tk.ok"),
        ("投诉 营业员态度差", "complaint", "tk.ok"),
        ("JY#增加网点", "suggestion", "tk.suggestion.ok"),
        ("GZ#家里没有信号", "fault", "tk.ok"),
        ("报障#打不出电话", "fault", "tk.ok"),
        ("JB#10655123#低价买房", "spam", "tk.spam.ok"),
    ],
)
def test_each_becomes_a_ticket_with_a_number(
    hall: HallWorld, text: str, kind: str, answer: str
) -> None:
    """Which the subscriber is told, to ask for its progress by."""
    phone = Phone(hall, ORDINARY)
    said = phone.sends(text)
    assert phone.texts == [answer]
    assert kinds(hall) == [kind]
    ticket = hall.tickets.latest(ORDINARY)
    assert ticket is not None
    assert ticket.number in said


@pytest.mark.parametrize(
    ("told", "hours"), [("家里没有信号", 48), ("李家村没有信号", 72), ("南山乡打不通", 72)]
)
def test_a_fault_out_in_the_country_takes_longer(hall: HallWorld, told: str, hours: int) -> None:
    """And that is what is promised."""
    said = Phone(hall, ORDINARY).sends(f"GZ#{told}")
    assert f"{hours}小时内" in said
    ticket = hall.tickets.latest(ORDINARY)
    assert ticket is not None
    assert ticket.due_at == NOW + hours * HOUR


def test_a_bare_complaint_is_asked_for_its_story(hall: HallWorld) -> None:
    """Whatever is written next is the story, and no password to be deleted."""
    phone = Phone(hall, ORDINARY)
    phone.sends("TS")
    assert phone.texts == ["tk.ask.complaint"]
    assert kinds(hall) == []
    phone.sends("上个月的话费不对,多收了30元")
    assert phone.texts == ["tk.ok"]
    assert kinds(hall) == ["complaint"]


def test_a_story_that_never_comes_opens_nothing(hall: HallWorld) -> None:
    """After ten minutes nobody waits for it."""
    phone = Phone(hall, ORDINARY)
    phone.sends("TS")
    phone.now += 10 * 60
    phone.sends("上个月的话费不对")
    assert kinds(hall) == []


def test_a_command_instead_of_a_story_is_answered(hall: HallWorld) -> None:
    """Whoever has changed their mind is not taken at an earlier word."""
    phone = Phone(hall, ORDINARY)
    phone.sends("TS")
    phone.sends("YE")
    assert phone.texts == ["q.balance.pre.ok", "step.waiting"]
    assert kinds(hall) == []


def test_a_report_is_asked_for_number_and_text(hall: HallWorld) -> None:
    """One after the other; what is no number is asked for again."""
    phone = Phone(hall, ORDINARY)
    story = [
        ("JB", "tk.ask.sender"),
        ("不知道", "step.wrong", "tk.ask.sender"),
        ("10655123", "tk.ask.spam"),
        ("低价买房", "tk.spam.ok"),
    ]
    for typed, *answer in story:
        phone.sends(typed)
        assert phone.texts == answer
    assert kinds(hall) == ["spam"]


@pytest.mark.parametrize("text", ["10655123*低价买房", "10655123 低价买房", "JB#10655123#低价买房"])
def test_the_report_port_takes_reports(hall: HallWorld, text: str) -> None:
    """Without a code before them."""
    phone = Phone(hall, ORDINARY)
    phone.sends(text, port="999")
    assert phone.texts == ["tk.spam.ok"]
    assert kinds(hall) == ["spam"]


def test_what_is_no_report_is_told_its_form_at_the_report_port(hall: HallWorld) -> None:
    """A command is served there all the same."""
    phone = Phone(hall, ORDINARY)
    phone.sends("谢谢你们", port="999")
    assert phone.texts == ["tk.spam.form"]
    phone.sends("YE", port="999")
    assert phone.texts == ["q.balance.pre.ok"]
    assert kinds(hall) == []


def test_a_phone_that_is_not_real_named_proves_itself_first(hall: HallWorld) -> None:
    """The complaint is kept meanwhile and need not be written again."""
    phone = Phone(hall, UNNAMED)
    phone.sends("TS#乱扣费")
    assert phone.texts == ["auth.not_realname"]
    phone.sends("111222")
    assert phone.texts[0] == "auth.pw_wrong"
    assert kinds(hall, UNNAMED) == []
    phone.sends("580317")
    assert phone.texts[0] == "tk.ok"
    assert kinds(hall, UNNAMED) == ["complaint"]


def test_one_phone_opens_ten_tickets_a_day(hall: HallWorld) -> None:
    """More would only hide the others."""
    phone = Phone(hall, ORDINARY)
    for n in range(11):
        phone.sends(f"JY#第{n}条")
    assert phone.texts == ["tk.many"]
    assert len(kinds(hall)) == 10
    phone.now += 24 * HOUR
    phone.sends("JY#再来一条")
    assert phone.texts == ["tk.suggestion.ok"]


# -- the same once more, and a repair --------------------------------------------------------------


def test_the_same_complaint_is_joined_and_opened_again(hall: HallWorld) -> None:
    """In the same words or of the same category; something else is a ticket of its own."""
    phone = Phone(hall, ORDINARY)
    phone.sends("TS#乱扣费")
    first = hall.tickets.latest(ORDINARY)
    assert first is not None
    phone.sends("TS#这个月多收了我的话费")
    assert phone.texts == ["tk.joined"]
    phone.sends("TS#营业员态度差")
    assert phone.texts == ["tk.ok"]
    close(first.number, "已退费", hall.hall(), phone.now)
    phone.now += 6 * 24 * HOUR
    phone.sends("TS#乱扣费!!")
    assert phone.texts == ["tk.reopened"]
    again = hall.tickets.find(ORDINARY, first.number)
    assert again is not None
    assert (again.state, again.due_at) == ("reopened", phone.now + 48 * HOUR)
    close(first.number, "已退费", hall.hall(), phone.now)
    phone.now += 7 * 24 * HOUR
    phone.sends("TS#乱扣费")
    assert phone.texts == ["tk.ok"]


def test_somebody_elses_complaint_is_not_the_same(hall: HallWorld) -> None:
    Phone(hall, ORDINARY).sends("TS#乱扣费")
    other = Phone(hall, "13800138005")
    other.sends("TS#乱扣费")
    assert other.texts == ["tk.ok"]


@pytest.mark.parametrize(
    ("day", "answer"),
    [("1121", "tk.repair.ok"), ("1221", "tk.repair.ok"), ("1120", "tk.repair.day"),
     ("1222", "tk.repair.day"), ("0230", "tk.repair.day")],
)  # fmt: skip
def test_a_repair_is_booked_for_a_day_of_the_coming_month(
    hall: HallWorld, day: str, answer: str
) -> None:
    phone = Phone(hall, ORDINARY)
    phone.sends(f"YYWX#{day}#宽带不通")
    assert phone.texts == [answer]
    assert kinds(hall) == (["repair"] if answer == "tk.repair.ok" else [])


def test_a_bare_booking_is_asked_for_day_and_story(hall: HallWorld) -> None:
    phone = Phone(hall, ORDINARY)
    for typed, answer in (
        ("YYWX", "tk.ask.day"), ("1201", "tk.ask.repair"), ("宽带不通,朝阳路1号", "tk.repair.ok"),
    ):  # fmt: skip
        phone.sends(typed)
        assert phone.texts == [answer]
    (ticket,) = hall.tickets.by_phone[ORDINARY].values()
    assert hall.tickets.details[ticket.number].hand_over


# -- a call back -----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["RG", "人工", "0", "rg。"])
def test_somebody_calls_back_after_a_yes(hall: HallWorld, code: str) -> None:
    """Within half an hour, under a number."""
    phone = Phone(hall, ORDINARY)
    phone.sends(code)
    assert phone.texts == ["hu.confirm"]
    assert kinds(hall) == []
    assert "30分钟内" in phone.sends("Y")
    assert kinds(hall) == ["callback"]


def test_a_second_call_is_not_arranged_while_the_first_is_due(hall: HallWorld) -> None:
    """Later it is."""
    phone = Phone(hall, ORDINARY)
    for text in ("RG", "Y", "RG"):
        phone.sends(text)
    assert phone.texts == ["hu.already"]
    phone.now += 30 * 60
    phone.sends("RG")
    assert phone.texts == ["hu.confirm"]


@pytest.mark.parametrize(("text", "after"), [("0", 0), ("N", 0), ("算了", 0), ("Y", 10 * 60)])
def test_without_a_yes_in_time_nobody_calls(hall: HallWorld, text: str, after: int) -> None:
    """0 is a no while a confirm waits, though it calls for a person otherwise."""
    phone = Phone(hall, ORDINARY)
    phone.sends("RG")
    phone.now += after
    phone.sends(text)
    assert phone.texts == ["confirm.expired" if after else "confirm.dropped"]
    assert kinds(hall) == []


# -- a new card ------------------------------------------------------------------------------------


def test_a_new_card_takes_the_password_and_a_yes(hall: HallWorld) -> None:
    """Asked for when it did not come along."""
    phone = Phone(hall, ORDINARY)
    phone.sends("补卡")
    assert phone.texts == ["auth.ask_pw"]
    phone.sends("739204")
    assert phone.texts[0] == "tk.sim.confirm"
    phone.sends("y")
    assert phone.texts == ["tk.sim.ok"]
    assert kinds(hall) == ["sim"]


def test_a_lost_phones_card_is_asked_for_from_another(hall: HallWorld) -> None:
    """The ticket is the lost number's; without its password nothing is done."""
    phone = Phone(hall, "13800138005")
    phone.sends("BK#13800138001")
    assert phone.texts == ["auth.ask_pw.other"]
    phone.sends("BK#13800138001#111222")
    assert phone.texts[0] == "auth.pw_wrong"
    assert "138****8001" in phone.sends("BK#13800138001#739204")
    phone.sends("Y")
    assert kinds(hall, ORDINARY) == ["sim"]
    assert kinds(hall, "13800138005") == []


def test_one_card_at_a_time(hall: HallWorld) -> None:
    """Until the ticket is done."""
    phone = Phone(hall, ORDINARY)
    for text in ("BK#739204", "Y", "BK#739204"):
        phone.sends(text)
    assert phone.texts[0] == "tk.sim.already"
    ticket = hall.tickets.latest(ORDINARY)
    assert ticket is not None
    close(ticket.number, "已领取", hall.hall(), NOW)
    phone.sends("BK#739204")
    assert phone.texts[0] == "tk.sim.confirm"


def test_working_days_leave_weekends_out() -> None:
    """From Saturday evening two working days are Tuesday evening."""
    due = datetime.fromtimestamp(working_days_after(NOW, 2, SHANGHAI, WEEKDAYS), SHANGHAI)
    assert (due.month, due.day, due.hour, due.minute) == (11, 24, 21, 30)


@pytest.mark.parametrize(
    ("asked", "promised"),
    [
        (datetime(2026, 9, 30, 12, tzinfo=SHANGHAI), (10, 9)),  # before the week of 国庆节
        (datetime(2026, 10, 9, 12, tzinfo=SHANGHAI), (10, 12)),  # the Saturday is worked for it
        (datetime(2026, 2, 13, 12, tzinfo=SHANGHAI), (2, 24)),  # 春节; Saturday the 14th is worked
    ],
)
def test_a_new_card_is_promised_for_days_that_are_worked(
    hall: HallWorld, asked: datetime, promised: tuple[int, int]
) -> None:
    """conf/holidays.yaml: holidays are left out, and weekends that are worked for them count."""
    phone = Phone(hall, ORDINARY, now=int(asked.timestamp()))
    phone.sends("BK#739204")
    phone.sends("Y")
    ticket = hall.tickets.latest(ORDINARY)
    assert ticket is not None
    due = datetime.fromtimestamp(ticket.due_at, SHANGHAI)
    assert (due.month, due.day) == promised


# -- the end of a ticket ---------------------------------------------------------------------------


def test_who_opened_a_ticket_hears_how_it_ended_once(hall: HallWorld) -> None:
    """By a message of its own, and a while later how it was is asked."""
    Phone(hall, ORDINARY).sends("TS#乱扣费")
    ticket = hall.tickets.latest(ORDINARY)
    assert ticket is not None
    hall.attempts.clear("rating.asked", ORDINARY)  # of another day
    told, asked = close(ticket.number, "已退还5元", hall.hall(), NOW, "003")
    assert (told.text, told.to, told.at) == ("tk.done", ORDINARY, 0)
    assert told.facts["result"] == "已退还5元"
    assert (asked.text, asked.to, asked.port) == ("fb.ask", ORDINARY, "003")
    assert close(ticket.number, "又一次", hall.hall(), NOW, "003") == ()


def test_a_ticket_that_is_not_there_ends_silently(hall: HallWorld) -> None:
    """There is nobody to tell."""
    assert close("12345", "好了", hall.hall(), NOW) == ()


# -- what only a hall can do -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("GH", "过户需新旧机主双方本人持有效证件"),
        ("过户", "过户需"),
        ("xh", "销号需机主本人持有效证件原件和复印件及SIM卡"),
        ("销号", "销号需"),
        ("GHM", "改号需"),
        ("改号", "改号需"),
        ("GM", "改名需"),
        ("改名", "户籍机关的更名证明"),
    ],
)
def test_what_only_a_hall_can_do_is_explained(hall: HallWorld, text: str, words: str) -> None:
    """With the documents to bring, to anybody."""
    assert words in Phone(hall, UNNAMED).sends(text)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["原件和复印件", "不能由他人代办", "三个月后", "退还余额"]),
        ("en", ["a copy", "nobody else", "After three months", "paid back"]),
    ],
)
def test_who_gives_a_number_up_is_told_all_of_it(
    hall: HallWorld, language: str, words: list[str]
) -> None:
    """Original and copy, in person, and the second visit with the refund."""
    hall.alter("13800138001", language=language)
    said = Phone(hall, "13800138001").sends("XH")
    assert [word for word in words if word not in said] == []
