"""A hall for one who tries it out: answered as the real one would, and nothing comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from gateway.config.settings import Settings
from gateway.dialogue.voice_instruction import AfterPrompt
from gateway.editions.personas import personas
from gateway.serving.beside.trial_hall import TrialHall
from tests.commands.fakes import OWN_CONF
from tests.gateway.hall import own_book

NOON = datetime(2026, 11, 29, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
PHONE = "13800138001"


@pytest.fixture(scope="module")
def hall() -> Iterator[TrialHall]:
    book = own_book()
    people = personas(OWN_CONF, book.catalogue)
    opened = TrialHall(Settings(), book, people, PHONE, lambda: NOON)
    yield opened
    opened.close()


def test_a_message_is_answered_and_an_order_goes_on(hall: TrialHall) -> None:
    (balance,) = hall.text("YE").texts
    assert ("56.80" in balance.text, balance.source, balance.to) == (True, "10086", "")
    (asked,) = hall.text("KTLL10").texts
    assert "是" in asked.text
    done = hall.text("是").texts
    assert any("LL10" not in one.text and "10" in one.text for one in done)
    assert any("流量" in one.text for one in hall.text("CXYW").texts)


def test_a_screen_is_walked_until_it_is_over(hall: TrialHall) -> None:
    first = hall.dial("*139#").screen
    assert first is not None
    assert (first.text.split("\n")[0], first.waits) == ("移动营业厅", True)
    balance = hall.type("1").screen
    assert balance is not None
    assert "56.80" in balance.text
    over = hall.type("00").screen or hall.type("0").screen
    assert over is not None
    hall.leave()
    assert hall.type("1").screen is None


def test_a_call_is_heard_key_by_key(hall: TrialHall) -> None:
    greeted = hall.call("").prompt
    assert greeted is not None
    assert ("按1" in greeted.text, greeted.then, hall.on_call) == (True, AfterPrompt.ASK, True)
    heard = hall.press("1").prompt
    assert heard is not None
    assert heard.text != greeted.text
    again = hall.press("").prompt  # silence
    assert again is not None
    hall.ring_off()
    assert not hall.on_call
    assert hall.press("1").prompt is None
