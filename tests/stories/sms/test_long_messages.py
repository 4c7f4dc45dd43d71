"""A long text comes in parts, in any order and by any of the ways, and is one text."""

from __future__ import annotations

from itertools import permutations

import pytest
import pytest_twisted

from tests.stories.hall import Hall

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("manners")]

WAYS = ["udh8", "udh16", "sar"]


@pytest.mark.parametrize("concat", WAYS)
@pytest.mark.parametrize("coding", ["gsm7", "ucs2"])
@pytest_twisted.ensureDeferred
async def test_parts_may_come_in_any_order(hall: Hall, concat: str, coding: str) -> None:
    """Every order of three parts."""
    phone = hall.somebody()
    text = f"CXYE#{phone.number}#{phone.password}"
    size = 10 if coding == "gsm7" else 20
    for order in permutations(range(3)):
        said = await phone.asks(text, coding=coding, concat=concat, size=size, order=order)
        assert "【话费余额】" in said, order


@pytest.mark.parametrize("coding", ["gsm7", "ucs2"])
@pytest_twisted.ensureDeferred
async def test_a_long_text_may_come_in_one_payload(hall: Hall, coding: str) -> None:
    phone = hall.somebody()
    text = f"CXYE#{phone.number}#{phone.password}"
    assert "【话费余额】" in await phone.asks(text, coding=coding, concat="payload")


@pytest.mark.parametrize("concat", WAYS)
@pytest_twisted.ensureDeferred
async def test_two_subscribers_with_one_reference_are_not_mixed(hall: Hall, concat: str) -> None:
    """Phones count for themselves: equal references are common."""
    one, other = hall.phone("13800138001"), hall.phone("13800138005")
    for phone, password in ((one, "739204"), (other, "615283")):
        phone.sends(f"YE#{phone.number}#{password}", size=10, concat=concat, reference=7)
    assert "余额56.80元" in await one.reads()
    assert "余额88.00元" in await other.reads()


@pytest_twisted.ensureDeferred
async def test_one_subscriber_may_write_two_long_texts_at_once(hall: Hall) -> None:
    """To two numbers of the hall, with the same reference, part by part in turn."""
    phone = hall.somebody()
    for part in range(3):
        for to in ("10086", "1008601"):
            await _part(hall, phone.number, f"YE#{phone.number}#{phone.password}", part, to)
    assert "【话费余额】" in await phone.reads()
    assert "【话费余额】" in await phone.reads()


async def _part(hall: Hall, number: str, text: str, part: int, to: str) -> None:
    content = text.encode()[part * 10 : part * 10 + 10]
    header = bytes([5, 0, 3, 99, 3, part + 1])
    sent = hall.smsc.send_raw(number, header + content, to=to, esm_class=0x40)
    assert await sent.settled() == 0


@pytest_twisted.ensureDeferred
async def test_the_header_may_hold_other_elements(hall: Hall) -> None:
    """A port number before the element that numbers the parts (3GPP TS 23.040 §9.2.3.24)."""
    phone = hall.somebody()
    text = f"YE#{phone.number}#{phone.password}".encode()
    ports = bytes([5, 4, 0x0B, 0x84, 0, 0])
    for number, piece in ((2, text[12:]), (1, text[:12])):
        header = ports + bytes([0, 3, 41, 2, number])
        content = bytes([len(header)]) + header + piece
        assert await hall.smsc.send_raw(phone.number, content, esm_class=0x40).settled() == 0
    assert "【话费余额】" in await phone.reads()


@pytest_twisted.ensureDeferred
async def test_a_reference_comes_round_again(hall: Hall) -> None:
    """Two hundred and fifty-six long texts later: what is complete is forgotten."""
    phone = hall.somebody()
    for command, answer in (
        ("YE", "【话费余额】"),
        ("CXTC", "【套餐查询】"),
        ("YE", "【话费余额】"),
    ):
        text = f"{command}#{phone.number}#{phone.password}"
        assert answer in await phone.asks(text, size=10, reference=5)


@pytest.mark.parametrize("careless", [False, True])
@pytest_twisted.ensureDeferred
async def test_a_cut_through_a_character_is_healed(hall: Hall, careless: bool) -> None:
    """Emoji cut in two, each half in its part: the text is joined before it is read."""
    phone = hall.somebody()
    said = await phone.asks("😀😀😀😀余额", coding="ucs2", size=6, careless=careless)
    assert "【话费余额】" in said


@pytest_twisted.ensureDeferred
async def test_a_text_of_many_parts_is_answered_once(hall: Hall) -> None:
    """A story of five thousand characters, in seventy-five parts."""
    phone = hall.somebody()
    phone.sends("我要办理业务可是不知道怎么说" * 360, concat="udh16")
    assert "CD" in await phone.reads()
    await phone.hears_nothing()
