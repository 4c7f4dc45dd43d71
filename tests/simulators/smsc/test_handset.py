"""A subscriber's phone joins long messages and hands them out one by one."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.task import Clock

from simulators.smsc.handset import Handset, ShownMessage
from simulators.smsc.pdus import SmscMessage
from simulators.smsc.sms_encoding import UDHI, cut_into_parts
from tests.simulators.smsc.test_sms_encoding import message

LONG = "您的余额" * 48


def long(reference: int = 1, text: str = LONG, concat: str = "udh8") -> list[SmscMessage]:
    """A long text in parts."""
    return [message(part) for part in cut_into_parts(text, reference, concat=concat)]


@pytest.fixture
def phone() -> Handset:
    """A phone that has heard nothing yet."""
    return Handset("13800138001", Clock())


@pytest.mark.parametrize("concat", ["udh8", "udh16", "sar"])
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_parts_may_come_in_any_order(phone: Handset, order: tuple[int, ...], concat: str) -> None:
    """The message is shown when the last of them is here."""
    parts = long(concat=concat)
    shown = [phone.take(parts[place]) for place in order]
    assert shown[:2] == [None, None]
    assert shown[2] is not None
    assert shown[2].text == LONG


def test_a_part_that_comes_twice_counts_once(phone: Handset) -> None:
    """Nothing is shown early."""
    one, two, three = long()
    assert [phone.take(each) for each in (one, one, two, two)] == [None] * 4
    assert phone.take(three) is not None
    assert len(phone.received) == 1


def test_messages_with_the_same_reference_from_two_senders_do_not_mix(phone: Handset) -> None:
    """Sender, reference and number of parts together name a message."""
    one, other = long(5), [replace(part, source="10010") for part in long(5, "其他内容" * 50)]
    for a, b in zip(one, other, strict=True):
        phone.take(a)
        phone.take(b)
    assert [shown.text for shown in phone.received] == [LONG, "其他内容" * 50]


def test_a_reference_used_again_begins_a_new_message(phone: Handset) -> None:
    """What was left of the old one is given up."""
    phone.take(long(9)[0])
    for part in long(9, "另一条" * 60):
        phone.take(part)
    assert [shown.text for shown in phone.received] == ["另一条" * 60]
    assert phone.incomplete == 0


def test_a_message_sent_twice_is_shown_twice(phone: Handset) -> None:
    """As on a real handset, so that a test can see it."""
    for part in [*long(1), *long(1)]:
        phone.take(part)
    assert len(phone.received) == 2


def test_the_reference_may_stand_behind_other_elements(phone: Handset) -> None:
    """Any place in the header will do; the text begins after all of it."""
    other = bytes.fromhex("0504 0b84 0b84")  # ports
    for part in long():
        header = other + part.content[1:6]
        content = bytes([len(header)]) + header + part.content[6:]
        phone.take(replace(part, content=content))
    assert phone.received[0].text == LONG


@pytest.mark.parametrize("element", ["0003010000", "0003010203", "000301", "00", ""])
def test_a_header_that_contradicts_itself_makes_no_long_message(
    phone: Handset, element: str
) -> None:
    """3GPP TS 23.040 §9.2.3.24.1: it is shown alone."""
    header = bytes.fromhex(element)
    content = bytes([len(header)]) + header + b"text"
    alone = replace(long()[0], content=content, esm_class=UDHI, data_coding=0)
    shown = phone.take(alone)
    assert shown is not None
    assert shown.text == "text"


def test_next_waits_for_what_has_not_been_read(phone: Handset) -> None:
    """In order, each once."""
    for text in ("1", "2"):
        phone.take(message(cut_into_parts(text, 1)[0]))
    got: list[str] = []
    for _ in range(3):
        phone.next().addCallback(lambda shown: got.append(shown.text))
    assert got == ["1", "2"]
    phone.take(message(cut_into_parts("3", 1)[0]))
    assert got == ["1", "2", "3"]
    phone.take(message(cut_into_parts("4", 1)[0]))
    phone.skip()
    waiting: Deferred[ShownMessage] = phone.next()
    assert not waiting.called


def test_next_gives_up_in_time() -> None:
    """With a sentence; what comes later is kept for whoever asks again."""
    clock = Clock()
    phone = Handset("13800138001", clock)
    failed: list[str] = []
    phone.next(timeout=3).addErrback(lambda f: failed.append(str(f.trap(TimeoutError) and f.value)))
    clock.advance(3)
    assert failed == ["13800138001 received nothing within 3 s"]
    phone.take(message(cut_into_parts("late", 1)[0]))
    got: list[str] = []
    phone.next().addCallback(lambda shown: got.append(shown.text))
    assert got == ["late"]
    assert not clock.getDelayedCalls()
