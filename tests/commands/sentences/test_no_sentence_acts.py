"""Whatever is written in one's own words, nothing is changed by it, and it takes no time."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.model.dialogue import NO_DIALOGUE
from commands.parser.free_text import understand_free_text
from commands.parser.normalising import LONGEST, normalise
from commands.parser.parsed_message import ParsedCommand
from commands.parser.understanding import understand
from tests.commands.fakes import own_conf, world
from tests.commands.phone import Phone
from tests.commands.sentences.answers_given import ASKER

REGISTER = own_conf().register
PLAIN = REGISTER.plain
assert PLAIN is not None
WORDS = sorted(PLAIN.tags.words)
PIECES = [*WORDS, *"0123456789", " ", ",", "。", "?", "不是", "是", "13800138003", "30元", "上个月"]
written = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=60)


@given(written)
def test_no_sentence_carries_anything_out(text: str) -> None:
    """Nor starts anything: what is asked without a code only reads, or is told that it cannot be
    had; the rest is proposed by number."""
    said = understand_free_text(normalise(text), REGISTER, None)
    assert not isinstance(said, ParsedCommand) or said.spec.reads_only or said.spec.unavailable


@given(written)
def test_a_sentence_leaves_the_hall_as_it_was(text: str) -> None:
    """Seen from outside: no service, no money, no state, no order is another afterwards."""
    if (
        isinstance(said := understand(text, NO_DIALOGUE, REGISTER), ParsedCommand)
        and not said.guessed
    ):
        return  # a code
    phone = Phone(world(), ASKER)
    before = phone.world.account(ASKER), phone.world.running(ASKER)
    phone.sends(text)
    assert phone.last is not None
    assert not phone.last.changed
    assert (phone.world.account(ASKER), phone.world.running(ASKER)) == before
    assert not phone.world.orders.placed


HOSTILE = [
    *("不", "退", "不别没", "要开办不", "我不要流量包", "余额,", "一", "上", "要 ", "不是"),
    *("停机了", "a", "liuliang ", "1", "Re:", "回复:", "\n", "don't ", "😂", "zhuang", "i"),
    *("YE\n", "ng", '"', "'", "彩铃取消", "13800138001", "\u0301", "é", "，"),
]


@pytest.mark.parametrize("piece", [*HOSTILE, *(a + b for a, b in pairwise(HOSTILE))])
def test_no_text_takes_long(piece: str) -> None:
    """A thousand characters of the same over and over: no pattern runs away. Milliseconds are
    measured in `make bench`; here nothing takes a tenth of a second even on a busy machine."""
    text = (piece * LONGEST)[:LONGEST]
    understand(text, NO_DIALOGUE, REGISTER)
    took = []
    for turn in range(3):
        began = time.thread_time()
        understand(text[turn:], NO_DIALOGUE, REGISTER)
        took.append(time.thread_time() - began)
    assert min(took) < 0.1
