"""Stories of changing the main plan: from next month on, and back before then."""

from __future__ import annotations

import pytest

from commands.model.accounts import NumberState, SubscriberAccount
from commands.model.subscriber_lookup import in_effect
from tests.commands.fakes import NEXT_MONTH, NOW, HallWorld, an_account, own_conf
from tests.commands.phone import Phone

ORDINARY, UNLIMITED, EASY = "13800138001", "13800138005", "13800138003"


def talk(hall: HallWorld, number: str, *texts: str, now: int = NOW) -> Phone:
    phone = Phone(hall, number, now=now)
    for text in texts:
        phone.sends(text)
    return phone


def coming(hall: HallWorld, number: str = ORDINARY) -> tuple[str, int]:
    account = hall.account(number)
    return account.next_plan, account.next_plan_at


@pytest.mark.parametrize("text", ["TCBG#QQT58#739204", "tcbg qqt58 739204", "KTQQT58#739204"])
def test_a_plan_is_changed_by_password_and_second_confirmation(hall: HallWorld, text: str) -> None:
    """Old, new, price and day are shown; nothing is charged now."""
    phone = Phone(hall, ORDINARY)
    shown = phone.sends(text)
    assert "由全球通商务128元套餐变更为全球通商务58元套餐,58元/月" in shown
    assert "12月1日起生效" in shown
    assert coming(hall) == ("", 0)
    phone.sends("是")
    assert coming(hall) == ("QQT58", NEXT_MONTH)
    assert hall.account(ORDINARY).plan == "QQT128"
    assert hall.accounts.charges == []


@pytest.mark.parametrize("texts", [("TCBG#QQT58#111222", "是"), ("TCBG#QQT58", "是"),
                                   ("KTQQT58", "111222", "是")])  # fmt: skip
def test_without_the_password_no_plan_changes(hall: HallWorld, texts: tuple[str, ...]) -> None:
    """Wrong or missing."""
    talk(hall, ORDINARY, *texts)
    assert coming(hall) == ("", 0)


@pytest.mark.parametrize("answer", ["Y", "1", "不", "否"])
def test_another_word_than_yes_changes_no_plan(hall: HallWorld, answer: str) -> None:
    """Nor does silence."""
    phone = talk(hall, ORDINARY, "TCBG#QQT58#739204", answer)
    assert phone.texts == ["pl.kept"]
    phone = talk(hall, ORDINARY, "TCBG#QQT58#739204")
    phone.now += 24 * 3600
    phone.sends("是")
    assert phone.texts == ["sv.expired"]
    assert coming(hall) == ("", 0)


def test_the_plan_is_asked_for_by_number_after_its_list(hall: HallWorld) -> None:
    """TCBG alone; the own plan is not among them, nor those that only a hall changes to."""
    phone = talk(hall, ORDINARY, "TCBG")
    assert phone.dialogue.choice is not None
    items = phone.dialogue.choice.items
    assert items == tuple(f"TCBG#QQT{n}" for n in (58, 88, 188, 228, 288, 388, 488))
    for text in ("2", "739204", "是"):
        phone.sends(text)
    assert coming(hall) == ("QQT88", NEXT_MONTH)


@pytest.mark.parametrize(
    ("number", "plan", "text"),
    [
        (ORDINARY, "MZ18", "pl.err.hall"),
        (ORDINARY, "SZXDZ", "pl.err.hall"),
        (ORDINARY, "QQT128", "pl.err.same"),
        (ORDINARY, "QQT99", "pl.err.unknown"),
        (EASY, "MZ18", "sv.confirm.change"),
        (EASY, "QQT58", "sv.confirm.change"),
        (UNLIMITED, "SZXDZ", "pl.err.hall"),
    ],
)
def test_which_brand_changes_to_which(hall: HallWorld, number: str, plan: str, text: str) -> None:
    """神州行 to the others, the others not to it."""
    password = {ORDINARY: "739204", EASY: "580317", UNLIMITED: "615283"}[number]
    assert talk(hall, number, f"TCBG#{plan}#{password}").texts[0] == text


def test_what_the_new_plan_excludes_is_said_first(hall: HallWorld) -> None:
    """One yes gives it up and changes; it goes on until then."""
    phone = Phone(hall, UNLIMITED)
    shown = phone.sends("TCBG#MZ28#615283")
    assert shown.index("需先取消不限量流量包") < shown.index("变更为动感地带28元套餐,28元/月")
    phone.sends("不同意")
    assert hall.running(UNLIMITED, NEXT_MONTH) == ["LDXS", "BXL"]
    for text in ("TCBG#MZ28#615283", "是"):
        phone.sends(text)
    assert hall.running(UNLIMITED, NEXT_MONTH - 1) == ["LDXS", "BXL"]
    assert hall.running(UNLIMITED, NEXT_MONTH) == ["LDXS"]
    assert coming(hall, UNLIMITED) == ("MZ28", NEXT_MONTH)


def test_what_was_ordered_since_the_proposal_is_not_given_up_for_it(hall: HallWorld) -> None:
    """The subscriber has not agreed to that."""
    phone = talk(hall, ORDINARY, "TCBG#QQT58#739204")
    hall.services.open(ORDINARY, "BXL", NOW, 1)
    phone.sends("是")
    assert phone.texts == ["sv.err.changed"]
    assert coming(hall) == ("", 0)


def test_a_later_wish_takes_the_firsts_place(hall: HallWorld) -> None:
    """The same one twice is told to be on its way."""
    talk(hall, ORDINARY, "TCBG#QQT58#739204", "是", "TCBG#QQT88#739204", "是")
    assert coming(hall) == ("QQT88", NEXT_MONTH)
    assert talk(hall, ORDINARY, "TCBG#QQT88#739204").texts[0] == "pl.err.coming"


def test_a_wish_is_taken_back_before_it_takes_effect(hall: HallWorld) -> None:
    """After a yes; what was to be given up for it goes on."""
    talk(hall, UNLIMITED, "TCBG#MZ28#615283", "是")
    phone = talk(hall, UNLIMITED, "QXBG", "N")
    assert coming(hall, UNLIMITED) == ("MZ28", NEXT_MONTH)
    assert "恢复不限量流量包" in phone.sends("撤销变更")
    phone.sends("Y")
    assert coming(hall, UNLIMITED) == ("", 0)
    assert hall.running(UNLIMITED, NEXT_MONTH) == ["LDXS", "BXL"]
    assert talk(hall, UNLIMITED, "QXBG").texts == ["pl.undo.none"]


def test_what_has_begun_is_not_taken_back(hall: HallWorld) -> None:
    """Not even by a yes that was asked for before."""
    phone = talk(hall, ORDINARY, "TCBG#QQT58#739204", "是")
    phone.now = NEXT_MONTH - 60
    phone.sends("QXBG")
    assert phone.texts == ["pl.undo.confirm"]
    phone.now = NEXT_MONTH
    phone.sends("Y")
    assert phone.texts == ["pl.undo.none"]
    assert talk(hall, ORDINARY, "CXTC", now=NEXT_MONTH).last is not None
    phone.sends("CXTC")
    assert phone.last is not None
    assert phone.last.replies[0].facts["name"] == "全球通商务58元套餐"


def test_the_plan_takes_effect_as_its_month_begins(hall: HallWorld) -> None:
    """With its brand; and the next change starts from it."""
    talk(hall, EASY, "TCBG#QQT58#580317", "是")
    before = talk(hall, EASY, "CXTC#580317", now=NEXT_MONTH - 1)
    after = talk(hall, EASY, "CXTC#580317", now=NEXT_MONTH)
    assert before.last is not None
    assert after.last is not None
    assert before.last.replies[0].facts["name"] == "神州行大众卡"
    assert after.last.replies[0].facts["name"] == "全球通商务58元套餐"
    assert after.last.replies[0].facts["next"] == ""
    talk(hall, EASY, "TCBG#QQT88#580317", "是", now=NEXT_MONTH)
    account = hall.account(EASY)
    assert (account.brand, account.plan, account.next_plan) == ("QQT", "QQT58", "QQT88")


@pytest.mark.parametrize(
    ("at", "now", "plan"),
    [(100, 99, "QQT88"), (100, 100, "MZ18"), (100, 101, "MZ18"), (0, 10**12, "QQT88")],
)
def test_a_wish_is_the_plan_from_its_moment_on(at: int, now: int, plan: str) -> None:
    """A wish without a moment is none."""
    account = an_account(next_plan="MZ18", next_plan_at=at, plan_until=5)
    seen = in_effect(account, now, own_conf().catalogue)
    assert seen.plan == plan
    fulfilled: SubscriberAccount = an_account(brand="MZ", plan="MZ18")
    assert seen == (account if plan == "QQT88" else fulfilled)


@pytest.mark.parametrize(
    "state", [state for state in NumberState if state is not NumberState.NORMAL]
)
def test_a_number_out_of_service_changes_no_plan(hall: HallWorld, state: NumberState) -> None:
    """It is told its state."""
    hall.alter(ORDINARY, state=state)
    assert talk(hall, ORDINARY, "TCBG#QQT58#739204").texts[0] == "sv.err.status"


def test_a_wish_that_takes_anothers_place_says_so(hall: HallWorld) -> None:
    """Before the yes and after it; what was given up for the first and need not be goes on."""
    campus = "13800138005"
    hall.alter(campus, plan="MZ28")
    phone = talk(hall, campus, "TCBG#QQT58#615283", "是")
    assert phone.texts == ["sv.ok.change"]
    assert [s.until for s in hall.services.of(campus, NOW) if s.service == "BXL"] == [NEXT_MONTH]
    shown = phone.sends("TCBG#MZ38#615283")
    assert "您预约的全球通商务58元套餐不再生效,不限量流量包继续使用" in shown
    assert "原预约的全球通商务58元套餐不再生效。不限量流量包继续使用" in phone.sends("是")
    assert coming(hall, campus) == ("MZ38", NEXT_MONTH)
    assert [s.until for s in hall.services.of(campus, NOW) if s.service == "BXL"] == [0]


def test_a_wish_that_came_meanwhile_is_not_replaced_unsaid(hall: HallWorld) -> None:
    """What the yes was given to is no longer what would be done."""
    first = talk(hall, ORDINARY, "TCBG#QQT58#739204")
    talk(hall, ORDINARY, "TCBG#QQT88#739204", "是")
    first.sends("是")
    assert first.texts == ["sv.err.changed"]
    assert coming(hall) == ("QQT88", NEXT_MONTH)
