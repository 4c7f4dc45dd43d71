"""Service passwords: changed in one message or step by step, drawn by lot, locked when guessed."""

from __future__ import annotations

import re

import pytest
import pytest_twisted

from tests.stories.hall import Hall, Phone

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("manners")]

NEW, OTHER = "580263", "914207"


async def has_password(hall: Hall, phone: Phone, password: str) -> bool:
    """As somebody else finds out."""
    asker = hall.somebody()
    return "【话费余额】" in await asker.asks(f"YE#{phone.number}#{password}")


@pytest.mark.parametrize("code", ["MMXG", "XGMM", "BGMM", "401001", "mmxg"])
@pytest_twisted.ensureDeferred
async def test_a_password_is_changed_in_one_message(hall: Hall, code: str) -> None:
    """The old one ends, the new one holds, and the message should be deleted."""
    phone = hall.somebody()
    said = await phone.asks(f"{code}#{phone.password}#{NEW}#{NEW}")
    assert "修改成功" in said
    assert "请删除刚才发送的含密码或证件号码的短信" in said
    assert await has_password(hall, phone, NEW)
    assert not await has_password(hall, phone, phone.password)


@pytest.mark.parametrize("code", ["MMXG", "XGMM", "501"])
@pytest_twisted.ensureDeferred
async def test_a_password_is_changed_step_by_step(hall: Hall, code: str) -> None:
    phone = hall.somebody()
    assert "请回复6位旧密码" in await phone.asks(code)
    assert "请回复6位新密码" in await phone.asks(phone.password)
    assert "请再次回复新密码" in await phone.asks(NEW)
    assert "修改成功" in await phone.asks(NEW)
    assert await has_password(hall, phone, NEW)


@pytest_twisted.ensureDeferred
async def test_mistakes_on_the_way_are_forgiven(hall: Hall) -> None:
    """Not six digits, a weak one, two that differ: each is said, and typed again."""
    phone = hall.somebody()
    await phone.asks("501")
    assert "还可输入" in await phone.asks("000001")
    assert "请回复6位新密码" in await phone.asks(phone.password)
    assert "须为6位数字" in await phone.asks("1234")
    assert "不能是6位相同数字" in await phone.asks("777777")
    assert "请再次回复新密码" in await phone.asks(NEW)
    assert "不一致" in await phone.asks(OTHER)
    assert "修改成功" in await phone.asks(NEW)


@pytest.mark.parametrize(
    ("new", "rule"),
    [
        ("111111", "6位相同数字"),
        ("123456", "连续数字"),
        ("987654", "连续数字"),
        ("112233", "有规律的数字"),
        ("123123", "有规律的数字"),
        ("121212", "有规律的数字"),
        ("138001", "手机号码"),
        ("100831", "手机号码"),
        ("199003", "证件号码"),
        ("515870", "证件号码"),
        ("147258", "过于常见"),
        ("739204", "不能与原密码相同"),
        ("12345", "格式"),
        ("1234567", "格式"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_a_bad_password_is_refused_with_its_reason(hall: Hall, new: str, rule: str) -> None:
    """In one message as well as step by step; the old one holds."""
    phone = hall.phone("13800138001")
    assert rule in await phone.asks(f"MMXG#739204#{new}#{new}")
    assert await has_password(hall, phone, "739204")


@pytest_twisted.ensureDeferred
async def test_a_changed_password_is_neither_weak_nor_initial(hall: Hall) -> None:
    """The reminder ends with it."""
    phone, asker = hall.phone("13800138002"), hall.somebody()
    assert "初始密码" in await asker.asks("YE#13800138002#123456")
    assert "修改成功" in await phone.asks(f"MMXG#123456#{NEW}#{NEW}")
    assert "提示" not in await asker.asks(f"YE#13800138002#{NEW}")


@pytest_twisted.ensureDeferred
async def test_three_wrong_passwords_on_ones_own_phone_lock_it_there(hall: Hall) -> None:
    """One count over commands; the right one opens nothing either; queries go on."""
    phone, friend = hall.somebody(), hall.somebody()
    assert "还可输入2次" in await phone.asks("TJ#000001")
    assert "还可输入1次" in await phone.asks(f"MMXG#000002#{NEW}#{NEW}")
    assert "剩余24小时" in await phone.asks("BK#000003")
    assert "剩余24小时" in await phone.asks(f"MMXG#{phone.password}#{NEW}#{NEW}")
    assert "【话费余额】" in await phone.asks("YE")
    assert "【话费余额】" in await friend.asks(f"YE#{phone.number}#{phone.password}")
    hall.clock.ahead += 24 * 3600
    assert "修改成功" in await phone.asks(f"MMXG#{phone.password}#{NEW}#{NEW}")


@pytest_twisted.ensureDeferred
async def test_guesses_from_other_phones_close_it_for_other_phones(hall: Hall) -> None:
    """One count over them; the owner notices nothing, and still stops his phone."""
    phone, thief, second = hall.somebody(), hall.somebody(), hall.somebody()
    assert "还可输入2次" in await thief.asks(f"YE#{phone.number}#000001")
    assert "还可输入1次" in await second.asks(f"GS#{phone.number}#000002")
    assert "剩余24小时" in await thief.asks(f"CXTC#{phone.number}#000003")
    assert "剩余24小时" in await second.asks(f"YE#{phone.number}#{phone.password}")
    assert "回复Y确认" in await phone.asks(f"TJ#{phone.password}")
    assert "已于" in await phone.asks("Y")
    hall.clock.ahead += 24 * 3600
    assert "【话费余额】" in await thief.asks(f"YE#{phone.number}#{phone.password}")


@pytest_twisted.ensureDeferred
async def test_a_number_that_is_not_ours_is_guessed_at_like_any(hall: Hall) -> None:
    """The same answers as of a number that is, until the phone has to rest."""
    asker, other, real = hall.somebody(), hall.somebody(), hall.somebody()
    ours = [await asker.asks(f"YE#{real.number}#00000{n}") for n in range(4)]
    assert [await other.asks(f"YE#13700000000#00000{n}") for n in range(4)] == ours


@pytest_twisted.ensureDeferred
async def test_a_right_password_clears_the_count(hall: Hall) -> None:
    phone, friend = hall.somebody(), hall.somebody()
    for wrong in ("000001", "000002"):
        await friend.asks(f"YE#{phone.number}#{wrong}")
    assert "【话费余额】" in await friend.asks(f"YE#{phone.number}#{phone.password}")
    assert "还可输入2次" in await friend.asks(f"YE#{phone.number}#000003")


@pytest_twisted.ensureDeferred
async def test_two_wrong_ones_are_forgotten_in_a_day(hall: Hall) -> None:
    phone, friend = hall.somebody(), hall.somebody()
    for wrong in ("000001", "000002"):
        await friend.asks(f"YE#{phone.number}#{wrong}")
    hall.clock.ahead += 24 * 3600
    assert "还可输入2次" in await friend.asks(f"YE#{phone.number}#000003")


@pytest.mark.parametrize("code", ["2010", "SJMM"])
@pytest_twisted.ensureDeferred
async def test_a_random_password_is_told_once_confirmed(hall: Hall, code: str) -> None:
    """It holds, the old one ends, and using it reminds one to change it."""
    phone, asker = hall.somebody(), hall.somebody()
    assert "原密码随即失效" in await phone.asks(code)
    assert await has_password(hall, phone, phone.password)
    told = re.search(r"您的新服务密码为(\d{6}),", await phone.asks("Y"))
    assert told is not None
    assert "初始密码" in await asker.asks(f"YE#{phone.number}#{told[1]}")
    assert not await has_password(hall, phone, phone.password)


@pytest.mark.parametrize("word", ["N", "0", "否", "不要"])
@pytest_twisted.ensureDeferred
async def test_without_a_yes_the_password_stays(hall: Hall, word: str) -> None:
    phone = hall.somebody()
    await phone.asks("2010")
    assert "原服务密码仍然有效" in await phone.asks(word)
    assert await has_password(hall, phone, phone.password)
    assert "新服务密码为" not in await phone.asks("Y")


@pytest.mark.parametrize("word", ["Y", "y", "Ｙ", "1", "是", "Y。"])
@pytest_twisted.ensureDeferred
async def test_a_simple_confirm_takes_every_yes(hall: Hall, word: str) -> None:
    phone = hall.somebody()
    await phone.asks("2010")
    assert "您的新服务密码为" in await phone.asks(word)


@pytest.mark.parametrize("number", ["13800138004", "13800138008"])
@pytest_twisted.ensureDeferred
async def test_a_stopped_number_gets_no_new_password(hall: Hall, number: str) -> None:
    assert "恢复后可办理" in await hall.phone(number).asks("2010")
