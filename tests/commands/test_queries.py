"""Stories of asking: balance, plan, allowance, services, menu."""

from __future__ import annotations

import pytest

from commands.vocabulary import Channel
from tests.commands.fakes import NEXT_MONTH, SIGNATURE, World, world
from tests.commands.phone import Phone

ORDINARY = "13800138001"


@pytest.fixture
def hall() -> World:
    return world()


def test_the_balance_of_ones_own_phone(hall: World) -> None:
    """To the hour, with two decimals, signed once."""
    assert Phone(hall, ORDINARY).sends("ye") == (
        f"【话费余额】截至11月21日21时,您的余额56.80元,本月已消费71.20元。{SIGNATURE}"
    )


@pytest.mark.parametrize(
    ("prepaid", "balance_fen", "text", "said"),
    [
        (True, 5680, "q.balance.pre.ok", "余额56.80元"),
        (True, 0, "q.balance.pre.ok", "余额0.00元"),
        (True, -1205, "q.balance.pre.owe", "欠费12.05元"),
        (False, 86000, "q.balance.post.ok", "余额860.00元"),
        (False, -2000, "q.balance.post.owe", "欠费20.00元,其中往月未缴12.00元"),
    ],
)
def test_there_are_four_texts_for_a_balance(
    hall: World, prepaid: bool, balance_fen: int, text: str, said: str
) -> None:
    """Prepaid or postpaid, in credit or in arrears."""
    hall.alter(ORDINARY, prepaid=prepaid, balance_fen=balance_fen, past_due_fen=1200)
    phone = Phone(hall, ORDINARY)
    assert said in phone.sends("CXYE")
    assert phone.texts == [text]


def test_another_numbers_balance_takes_its_password(hall: World) -> None:
    """Without one it is refused; with it, its owner's weak password is reminded of."""
    phone = Phone(hall, ORDINARY)
    phone.sends("CXYE 13800138002")
    assert phone.texts == ["q.refuse.nopw"]
    assert "余额12.50元" in phone.sends("CXYE 13800138002 123456")
    assert phone.texts == ["q.balance.pre.ok", "auth.initial_tip", "auth.delete_tip"]


def test_the_plan_with_what_it_includes_and_what_comes_next(hall: World) -> None:
    """Name, fee, content, validity; the change only if one is ordered."""
    phone = Phone(hall, ORDINARY)
    said = phone.sends("CXTC")
    assert "全球通商务128元套餐,128元/月,含通话600分钟、流量400MB、短信100条" in said
    assert "有效期至2027年12月31日" in said
    assert "下月" not in said
    hall.alter(ORDINARY, next_plan="QQT88", plan_until=0)
    said = phone.sends("CXTC")
    assert "长期有效" in said
    assert "下月起变更为全球通商务88元套餐,88元/月" in said


def test_a_plan_for_local_calls_says_so(hall: World) -> None:
    """Its minutes do not count elsewhere."""
    assert "含本地通话80分钟" in Phone(hall, "13800138002").sends("CXTC")


def test_the_allowance_adds_up_plan_and_services(hall: World) -> None:
    """QQT188 with two data packs and two message packs."""
    said = Phone(hall, "13800138009").sends("CXYL")
    assert "通话共1000分钟,已用902分钟,剩余98分钟" in said
    assert "流量共1.27GB,已用1004MB,剩余296MB" in said  # 700 + 100 + 500
    assert "短信共470条,已用377条,剩余93条" in said  # 150 + 120 + 200


def test_what_is_used_up_leaves_nothing(hall: World) -> None:
    """Never less than nothing."""
    hall.services.used[ORDINARY] = [use for use in hall.services.used["13800138009"]]
    assert "剩余0分钟" in Phone(hall, ORDINARY).sends("CXYL")


def test_a_plan_that_includes_nothing_has_no_allowance(hall: World) -> None:
    """And says so instead of an empty list."""
    phone = Phone(hall, "13800138007")
    phone.sends("CXYL")
    assert phone.texts == ["q.allowance.none"]


def test_the_services_somebody_has_with_their_fees(hall: World) -> None:
    """Free where the brand includes it or the group pays; a cancelled one says until when."""
    hall.services.close("13800138010", "VW", NEXT_MONTH, 1)
    said = Phone(hall, "13800138010").sends("CXYW")
    assert "1.来电显示 0元/月;2.V网 0元/月(12月1日起取消);3.集团彩铃 0元/月。" in said
    phone = Phone(hall, "13800138007")
    phone.sends("CXYW")
    assert phone.texts == ["q.services.none"]


def test_the_menu_opens_a_list_of_areas(hall: World) -> None:
    """Each number leads to the codes of its area; others are not in the list."""
    phone = Phone(hall, ORDINARY)
    assert phone.sends("CD").startswith("全球通客户您好,请回复序号:1话费账单")
    for area in range(1, 9):
        phone.sends(str(area))
        assert phone.texts == [f"menu.area.{area}"]
    phone.sends("9")
    assert phone.texts == ["un.bad_no"]


def test_an_area_that_is_not_there_is_refused(hall: World) -> None:
    """CD9 says that there is no 9."""
    phone = Phone(hall, ORDINARY)
    phone.sends("CD9")
    assert phone.texts == ["un.bad_no"]


def test_english_for_who_wants_it(hall: World) -> None:
    """Names too are said in English."""
    phone = Phone(hall, ORDINARY, language="en")
    assert phone.sends("YE").startswith(
        "Balance at 21:00 on 21 Nov: 56.80 yuan. Used this month: 71.20 yuan."
    )
    assert "GoTone Business 128, 128 yuan a month, with 600 min calls, 400MB data" in phone.sends(
        "CXTC"
    )
    assert phone.sends("CD").startswith("Welcome, GoTone customer.")


def test_ussd_has_its_own_form_and_no_signature(hall: World) -> None:
    """A screen is short, and everybody knows whose it is."""
    phone = Phone(hall, ORDINARY, channel=Channel.USSD)
    assert phone.sends("CXYL") == "余量:通话364分钟,流量212MB,短信59条。"
