"""Stories of what stands in a subscriber's record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.model.accounts import NumberState
from tests.commands.fakes import HallWorld
from tests.commands.phone import Phone

ORDINARY = "13800138001"  # has 739204
STUDENT = "13800138002"  # 动感地带, has 123456
UNNAMED = "13800138003"  # 神州行, not real-named, has 580317
VIP = "13800138006"  # on the red list
BLACK = "13800138007"
MEMBER = "13800138010"  # V网, 6101


@pytest.mark.parametrize(
    ("number", "text", "said"),
    [
        (ORDINARY, "CXJF", "您的积分为3200,其中400将于2026年12月31日到期。兑换请回复DH。"),
        (STUDENT, "108001", "您的M值为860,其中120将于"),
        (UNNAMED, "jf 580317", "您的福分为1800。"),
    ],
)
def test_points_under_their_brands_name(hall: HallWorld, number: str, text: str, said: str) -> None:
    """With those that end soon, if there are any."""
    assert said in Phone(hall, number).sends(text)


def test_no_more_points_end_than_there_are(hall: HallWorld) -> None:
    """Some of those that would have ended may be spent by now."""
    hall.alter(ORDINARY, points=150)
    assert "为150,其中150将于" in Phone(hall, ORDINARY).sends("CXJF")


def test_a_star_and_what_it_gives(hall: HallWorld) -> None:
    """Each its own; who has none hears that."""
    assert "您是三星客户,有效期至2027年12月31日。可享:话费透支(KTTZ)、10086人工优先接入。" in (
        Phone(hall, ORDINARY).sends("CXXJ")
    )
    phone = Phone(hall, BLACK)
    phone.sends("XJ")
    assert phone.texts == ["q.star.none"]


def test_credit(hall: HallWorld) -> None:
    """In yuan; none is said in words."""
    assert "您的信用度为100.00元" in Phone(hall, ORDINARY).sends("信用度")
    phone = Phone(hall, BLACK)
    phone.sends("CXXY")
    assert phone.texts == ["q.credit.none"]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (NumberState.NORMAL, "目前为正常。可正常使用。"),
        (NumberState.ARREARS, "目前为欠费停机。充值后自动恢复"),
        (NumberState.SUSPENDED, "目前为报停。恢复使用请发送FJ"),
        (NumberState.PRE_CANCELLED, "目前为预销。请机主本人"),
        (NumberState.TO_CANCEL, "目前为待销。请机主本人"),
        (NumberState.CANCELLED, "目前为销户。该号码已不能使用。"),
    ],
)
def test_the_state_of_a_number_and_what_to_do(
    hall: HallWorld, state: NumberState, said: str
) -> None:
    """In words, for every state."""
    hall.alter(ORDINARY, state=state)
    assert said in Phone(hall, ORDINARY).sends("CXZT")


def test_the_record(hall: HallWorld) -> None:
    """Brand, plan, billing, state, class, registration, V-net."""
    said = Phone(hall, VIP).sends("CXZL")
    for part in (
        "品牌:全球通",
        "后付费",
        "大客户,五星",
        "已实名登记",
        "入网:2008年8月8日",
        "未加入",
    ):
        assert part in said
    assert "V网:兴达集团" in Phone(hall, MEMBER).sends("YHXX")


def test_lists_are_told_to_nobody(hall: HallWorld) -> None:
    """Who is on the black list looks like everybody."""
    said = Phone(hall, BLACK).sends("CXZL")
    assert "普通客户" in said
    assert "黑" not in said


def test_a_v_net_and_its_short_numbers(hall: HallWorld) -> None:
    """One's own, and a colleague's within the same group only."""
    phone = Phone(hall, MEMBER)
    assert "您已加入兴达集团的V网,您的短号为6101" in phone.sends("CXVW")
    assert "短号6102对应的号码为13800138008" in phone.sends("CXDH#6102")
    assert "短号6102对应的号码为13800138008" in phone.sends("DH6102")
    phone.sends("CXDH#6999")
    assert phone.texts == ["q.short_number.none"]


def test_short_numbers_of_other_groups_are_not_told(hall: HallWorld) -> None:
    """Nor any to who is in none."""
    hall.records.by_number[ORDINARY] = replace(
        hall.records.by_number[ORDINARY], group="别家集团", short_number="6200"
    )
    Phone(hall, MEMBER).sends("CXDH#6200")
    for number, text in ((MEMBER, "q.short_number.none"), (STUDENT, "q.vpmn.none")):
        phone = Phone(hall, number)
        phone.sends("CXDH#6200")
        assert phone.texts == [text]


def test_the_puk_is_a_secret_that_takes_the_password(hall: HallWorld) -> None:
    """Its message is kept like one that carries a password."""
    phone = Phone(hall, ORDINARY)
    phone.sends("CXPUK")
    assert phone.texts == ["auth.ask_pw"]
    assert "您的PUK码为48120375。" in phone.sends("739204")
    assert phone.last is not None
    assert phone.last.replies[0].secret
    other = Phone(hall, STUDENT)
    other.sends("PUK#13800138001")
    assert other.texts == ["q.refuse.nopw"]
    assert "48120375" in other.sends("PUK#13800138001#739204")


def test_a_puk_that_is_not_known(hall: HallWorld) -> None:
    """Is not made up."""
    hall.owners.puks.clear()
    phone = Phone(hall, ORDINARY)
    phone.sends("CXPUK#739204")
    assert phone.texts[0] == "q.puk.none"
