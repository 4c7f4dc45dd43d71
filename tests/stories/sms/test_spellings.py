"""A command is understood however a phone, a thumb or an old habit writes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import pytest_twisted

from tests.stories.hall import Hall

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("manners")]

QUERIES = {
    "【话费余额】": ["CXYE", "YE", "YECX", "102", "余额"],
    "【套餐查询】": ["CXTC", "TCCX", "113", "套餐"],
    "【套餐余量】": ["CXYL", "YL", "CXTCYL", "余量"],
    "【已订业务】": ["CXYW", "YDYW", "已订业务"],
    "全球通客户您好": ["CD", "10086", "MENU", "HELP", "BZ", "?", "00", "菜单"],
}
CHANGES = {
    "您将获取新的随机服务密码": ["2010", "SJMM"],
    "修改服务密码:请回复6位旧密码": ["MMXG", "XGMM", "BGMM", "401001", "501"],
    "正在订购校园WLAN 40小时": ["KTEDU40", "KTEDU10"],
    "正在订购校园WLAN 100小时": ["KTEDU100", "KTEDU20"],
    "正在订购校园WLAN 250小时": ["KTEDU250"],
    "您没有订购校园WLAN": ["QXEDU", "QXWLANTC"],
}
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def spellings(code: str) -> Iterator[str]:
    yield code
    yield code.lower()
    yield code.capitalize()
    yield code.translate(FULL_WIDTH)
    yield code.lower().translate(FULL_WIDTH)
    yield f"  {code}\u3000"
    yield f"\r\n{code}\t\n"
    for ending in "。.!！":
        yield code + ending
    for opening, closing in ("“”", '""', "''", "「」", "‘’"):
        yield opening + code + closing
    yield f"“{code}”。"
    yield "\u200b" + code + "\ufeff"


@pytest.mark.parametrize(("answer", "codes"), (QUERIES | CHANGES).items())
@pytest_twisted.ensureDeferred
async def test_every_code_in_every_spelling(hall: Hall, answer: str, codes: list[str]) -> None:
    """Full width, case, blanks around it, an ending, quotation marks, what cannot be seen."""
    wrong = {}
    for code in codes:
        for text in spellings(code):
            phone = hall.phone("13800138001")  # with no dialogue open
            said = await phone.asks(text)
            if answer not in said:
                wrong[text] = said
    assert wrong == {}


@pytest.mark.parametrize(
    "mark", ["#", "*", " ", "+", ",", "＃", "＊", "＋", "，", "　", " # ", "##"]
)
@pytest_twisted.ensureDeferred
async def test_every_mark_separates_parameters(hall: Hall, mark: str) -> None:
    """Between the code, the number asked about and its password."""
    phone = hall.phone("13800138001")
    said = await phone.asks(mark.join(["CXYE", "13800138005", "615283"]))
    assert "余额88.00元" in said
    assert "请删除刚才发送的含密码或证件号码的短信" in said


@pytest.mark.parametrize("mark", ["#", "*", " ", "+", ",", "＃", "，"])
@pytest_twisted.ensureDeferred
async def test_a_password_is_changed_with_every_mark(hall: Hall, mark: str) -> None:
    phone = hall.phone("13800138001")
    assert "修改成功" in await phone.asks(mark.join(["MMXG", "739204", "580263", "580263"]))


@pytest.mark.parametrize(
    "text", ["KT EDU 40", "kt#edu#40", "KTEDU 40", "KT EDU40", "ＫＴ＊ＥＤＵ４０"]
)
@pytest_twisted.ensureDeferred
async def test_a_code_may_be_written_in_pieces(hall: Hall, text: str) -> None:
    phone = hall.phone("13800138001")
    assert "正在订购校园WLAN 40小时" in await phone.asks(text)


@pytest.mark.parametrize("number", ["13800138005", "8613800138005", "008613800138005",
                                    "138-0013-8005", "１３８００１３８００５"])  # fmt: skip
@pytest_twisted.ensureDeferred
async def test_another_number_may_be_written_with_its_country(hall: Hall, number: str) -> None:
    phone = hall.phone("13800138001")
    assert "余额88.00元" in await phone.asks(f"YE#{number}#615283")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("我想知道我的余额是多少", "【话费余额】"),
        ("话费还剩多少", "【话费余额】"),
        ("我的套餐是什么?", "【套餐查询】"),
        ("还有多少流量", "【流量查询】"),
        ("YUE", "【话费余额】"),
        ("yue", "【话费余额】"),
        ("taocan", "【套餐查询】"),
    ],
)
@pytest_twisted.ensureDeferred
async def test_a_sentence_is_understood_by_its_keyword(hall: Hall, text: str, answer: str) -> None:
    """Or by how it sounds."""
    phone = hall.phone("13800138001")
    assert answer in await phone.asks(text)


@pytest.mark.parametrize(
    "text", ["CXYR", "KTEDU41", "余", "TC YL", "XYZZY", "hello", "流", "111222"]
)
@pytest_twisted.ensureDeferred
async def test_what_is_unknown_gets_the_menu_and_a_person(hall: Hall, text: str) -> None:
    """And what looks like it, if anything does; the numbers of the suggestions work."""
    phone = hall.phone("13800138001")
    said = await phone.asks(text)
    assert "CD" in said
    assert "RG" in said
    if "1." in said:
        assert "没有序号" not in await phone.asks("1")


@pytest.mark.parametrize("coding", ["gsm7", "ucs2", "latin1", "ascii"])
@pytest_twisted.ensureDeferred
async def test_a_command_is_understood_in_every_alphabet(hall: Hall, coding: str) -> None:
    phone = hall.phone("13800138001")
    assert "余额56.80元" in await phone.asks("YE", coding=coding)
    assert "余额88.00元" in await phone.asks("YE#13800138005#615283", coding=coding)


@pytest.mark.parametrize("prefix", ["86", "", "+86"])
@pytest_twisted.ensureDeferred
async def test_a_number_is_one_subscriber_however_the_smsc_writes_it(
    hall: Hall, prefix: str
) -> None:
    """And the answer goes back to the number as it was written."""
    phone = hall.phone("13800138001")
    assert "余额56.80元" in await phone.asks("YE", msisdn_prefix=prefix)
    await hall.calm()
    assert hall.smsc.audit.mts[-1].message.destination == f"{prefix}13800138001"
    assert "正在订购" in await phone.asks("KTEDU40", msisdn_prefix="86")
    assert "办理成功" in await phone.asks("是", msisdn_prefix=prefix)
