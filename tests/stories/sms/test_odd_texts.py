"""Texts that nobody would think of, and those that somebody thought of to do harm."""

from __future__ import annotations

import pytest
import pytest_twisted

from tests.stories.hall import Hall

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("manners")]

ANSWERED = {
    "emoji": "😀👍🏽👨‍👩‍👧‍👦",
    "nulls": "\x00\x00\x00",
    "null within": "Y\x00E\x00Z",
    "controls": "\x01\x02\x03\x04\x07\x08\x1a",
    "signs only": "!@#$%^&*()_+",
    "full stops": "。。。。。。",
    "separators only": "###***+++",
    "right to left": "\u202eEY\u202d",
    "combining": "Z̷̢̛͔͖a̴͎l̴g̸o",
    "jinja": "{{7*7}}",
    "jinja statement": "{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}",
    "jinja comment": "{# 1 #}{{ config }}",
    "format": "%s%s%n{0}{text}",
    "shell": "$(reboot);`id`|cat /etc/passwd",
    "sql": "' OR 1=1; DROP TABLE subscribers; --",
    "xml": "<script>alert(1)</script>&amp;",
    "json": '{"event":"open"}',
    "newlines": "a\nb\r\nc\u2028d",
    "long word": "A" * 1000,
    "long digits": "9" * 500,
    "much of everything": "查询YE余额#" * 100,
    "surrogates": "\ud800\udc00",
    "lone surrogate": "abc\ud800",
    "private use": "\ue000\uf8ff",
    "arabic digits": "٢٠١٠",
    "nearly a command": "KTEDU40KTEDU40KTEDU40",
    "parameters too many": "YE#1#2#3#4#5#6#7#8#9",
    "password elsewhere": "我的密码是739204",
}


@pytest.mark.parametrize("text", ANSWERED.values(), ids=ANSWERED)
@pytest_twisted.ensureDeferred
async def test_an_odd_text_gets_an_answer(hall: Hall, text: str) -> None:
    """And nothing in it is carried out, by us or by a template."""
    phone = hall.somebody()
    said = await phone.asks(text, coding="ucs2", concat="udh16")
    assert "49" not in said
    assert "class" not in said or "{%" in said
    assert "739204" not in said
    assert "【话费余额】" in await phone.asks("YE")


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u3000\u3000"])
@pytest_twisted.ensureDeferred
async def test_an_empty_text_gets_no_answer(hall: Hall, text: str) -> None:
    """Phones send such when they are sat upon."""
    phone = hall.somebody()
    assert await phone.sends(text).settled() == 0
    await phone.hears_nothing()


RAW = {
    "odd octets of UCS-2": (b"\x00Y\x00E\x00", 0x08, 0),
    "no text in a known alphabet": (b"\xff\xfe\xfd", 0xF5, 0),
    "an alphabet nobody has": (b"YE", 0x0F, 0),
    "JIS": (b"\x1b$B;DIb\x1b(B", 0x05, 0),
    "an escape at the end": (b"YE\x1b", 0x00, 0),
    "septets over 127": (b"\xd9\xc5", 0x00, 0),
    "a header longer than the text": (b"\xff\x00\x03", 0x00, 0x40),
    "a header without a text": (b"\x05\x00\x03\x01\x01\x01", 0x00, 0x40),
    "no header where there must be one": (b"", 0x00, 0x40),
    "part 0 of 0": (b"\x05\x00\x03\x07\x00\x00YE", 0x00, 0x40),
    "part 9 of 2": (b"\x05\x00\x03\x07\x02\x09YE", 0x00, 0x40),
    "part 1 of 255": (b"\x05\x00\x03\x08\xff\x01YE", 0x00, 0x40),
}


@pytest.mark.parametrize(("content", "coding", "esm"), RAW.values(), ids=RAW)
@pytest_twisted.ensureDeferred
async def test_odd_octets_are_taken_and_do_no_harm(
    hall: Hall, content: bytes, coding: int, esm: int
) -> None:
    """Acknowledged, answered or not; the next message is."""
    phone = hall.somebody()
    sent = hall.smsc.send_raw(phone.number, content, data_coding=coding, esm_class=esm)
    assert await sent.settled() == 0
    phone.sends("YE")
    while "【话费余额】" not in await phone.reads():
        pass


MEANT = {
    "a C string": (b"YE\0", 0x00),
    "a C string filled up": (b"YE" + bytes(20), 0x00),
    "a C string of UCS-2": ("查余额\0".encode("utf-16-be"), 0x08),
    "little-endian": (b"\xff\xfe" + "查余额".encode("utf-16-le"), 0x08),
    "big-endian, and said so": (b"\xfe\xff" + "查余额".encode("utf-16-be"), 0x08),
    "half a character too much": ("YE".encode("utf-16-be") + b"\0", 0x08),
    "GBK": ("查余额".encode("gbk"), 0x0F),
}


@pytest.mark.parametrize(("content", "coding"), MEANT.values(), ids=MEANT)
@pytest_twisted.ensureDeferred
async def test_what_smscs_do_to_a_text_does_not_change_it(
    hall: Hall, content: bytes, coding: int
) -> None:
    """Whatever is filled up, counted, or turned round on the way."""
    phone = hall.somebody()
    hall.smsc.send_raw(phone.number, content, data_coding=coding)
    assert "【话费余额】" in await phone.reads()


@pytest.mark.parametrize("sender", ["10010", "95588", "12345678901234567890", "abc", ""])
@pytest_twisted.ensureDeferred
async def test_who_is_no_subscriber_gets_no_answer(hall: Hall, sender: str) -> None:
    """Service numbers would answer back, for ever."""
    before = len(hall.smsc.audit.mts)
    sent = hall.smsc.send(sender, "YE", msisdn_prefix="")
    assert await sent.settled() == 0
    assert "【话费余额】" in await hall.somebody().asks("YE")
    assert len(hall.smsc.audit.mts) <= before + 1


@pytest_twisted.ensureDeferred
async def test_what_is_asked_twice_is_answered_twice(hall: Hall) -> None:
    phone = hall.somebody()
    phone.sends("YE")
    phone.sends("YE")
    assert "【话费余额】" in await phone.reads()
    assert "【话费余额】" in await phone.reads()


@pytest_twisted.ensureDeferred
async def test_what_is_asked_in_a_hurry_is_answered_in_order(hall: Hall) -> None:
    """Without waiting for an answer."""
    phone = hall.somebody()
    texts = {"YE": "【话费余额】", "CXTC": "【套餐查询】", "CXYL": "【套餐余量】", "CD": "客户您好"}
    for text in texts:
        phone.sends(text)
    for answer in texts.values():
        assert answer in await phone.reads()
