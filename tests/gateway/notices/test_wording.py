"""The words of a notice: a few facts and nothing else, their parts and what they cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config.unasked.unasked_settings import UnaskedSettings
from gateway.model.notices.notice import NoticeDraft, NoticeKind
from gateway.notices.checks import problems, too_late
from gateway.store.notices.audience import Concerned
from smpp.messages.segmentation import text_length
from tariffs.catalogue import SHANGHAI
from tests.gateway.notices.office import ADVERT, NOW, SERVICE, world

READER = Concerned("13800138001", "zh", "QQT", "QQT88", frozenset(), -1234, 320, "", "北京")
DAY = 86_400


def said(text: str, en: str = "", reader: Concerned = READER) -> str:
    return world().words.whole(replace(SERVICE, zh=text, en=en), reader)[0]


def mistakes(draft: NoticeDraft) -> str:
    return "; ".join(problems(draft, world()))


def test_facts_are_the_readers_own() -> None:
    assert said("{number} {brand} {balance} {points} {region}").startswith(
        "13800138001 全球通 -12.34 320 北京"
    )


def test_each_reads_their_language_if_there_is_one() -> None:
    english = READER._replace(language="en")
    assert said("中文", "English", english).startswith("English")
    assert said("中文", "English").startswith("中文")
    assert said("中文", "", english).startswith("中文")


@pytest.mark.parametrize(
    "text", ["{phone}", "{}", "{0}", "{balance.__class__}", "{balance!r}", "{ balance }", "{", "a}"]
)
def test_nothing_else_stands_in_brackets(text: str) -> None:
    assert mistakes(replace(SERVICE, zh=text))


@given(st.text(max_size=80))
def test_whatever_is_written_is_said_as_it_stands(text: str) -> None:
    """There is nothing to run: without facts, the words are the words."""
    if "{" not in text:
        assert said(text) == text + str(world().signature)


@given(st.sampled_from(["{balance}元", "{plan}", "{region}客户", "{points} pts", "x" * 150]))
def test_no_readers_text_takes_more_parts_than_were_told(text: str) -> None:
    """The preview reckons with the longest facts."""
    draft = replace(SERVICE, zh=text)
    (size,) = world().words.sizes(draft)
    assert text_length(said(text)).parts <= size.parts


def test_the_alphabet_decides_how_much_room_there_is() -> None:
    """An English text in GSM-7, a Chinese one in UCS-2."""
    zh, en = world().words.sizes(replace(SERVICE, zh="升" * 60, en="x" * 140))
    assert (zh.alphabet, zh.parts, en.alphabet, en.parts) == ("UCS-2", 1, "GSM-7", 1)
    zh, en = world().words.sizes(replace(SERVICE, zh="升" * 70, en="x" * 160))
    assert (zh.parts, en.parts) == (2, 2)


@pytest.mark.parametrize(
    ("draft", "what"),
    [
        (replace(SERVICE, zh=" "), "Chinese text"),
        (replace(SERVICE, start_at=253_402_300_799), "2000 and 2100"),
        (replace(SERVICE, start_at=-1), "2000 and 2100"),
        (replace(SERVICE, name=""), "name"),
        (replace(SERVICE, zh="长" * 700), "parts"),
        (replace(SERVICE, control=10), "control group"),
        (replace(ADVERT, control=51), "0 to 50"),
        (replace(ADVERT, orders="no.such"), "no command"),
        (replace(ADVERT, ends_at=NOW + DAY), "no advertising"),
        (replace(SERVICE, zh="{plan}", ends_at=NOW), "names no facts"),
        (replace(SERVICE, happens_at=NOW), "announces no event"),
        (replace(SERVICE, start_at=NOW, ends_at=NOW), "ends before"),
        (replace(SERVICE, kind=NoticeKind.WORKS), "when it happens"),
        (replace(SERVICE, kind=NoticeKind.WORKS, happens_at=NOW), "when it ends"),
        (
            replace(
                SERVICE,
                kind=NoticeKind.NUMBER_CHANGE,
                happens_at=NOW,
                ends_at=NOW + 30 * DAY - 1,
            ),
            "30 days",
        ),
    ],
)
def test_what_cannot_be_said_so(draft: NoticeDraft, what: str) -> None:
    assert what in mistakes(draft)


@pytest.mark.parametrize(
    ("kind", "before"),
    [(NoticeKind.WORKS, 72 * 3600), (NoticeKind.NUMBER_CHANGE, 20 * DAY)],
)
def test_legal_times_are_counted_to_the_second(kind: NoticeKind, before: int) -> None:
    """From when the first can be told: outside polite hours that is the next morning."""
    draft = replace(SERVICE, kind=kind, happens_at=NOW + before, ends_at=NOW + before + 40 * DAY)
    assert not too_late(draft, NOW, world())
    assert "at least" in too_late(draft, NOW + 1, world())
    assert "at least" in too_late(replace(draft, start_at=NOW + 60), NOW, world())
    evening = int(datetime(2026, 11, 21, 20, 30, tzinfo=SHANGHAI).timestamp())
    at_night = replace(draft, happens_at=evening + before, ends_at=evening + before + 40 * DAY)
    assert too_late(at_night, evening, world())


def test_polite_hours() -> None:
    """From their first minute to before their last; the next ones begin tomorrow."""
    hours = UnaskedSettings().polite("Asia/Shanghai")

    def at(hour: int, minute: int = 0, day: int = 21) -> int:
        return int(datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI).timestamp())

    assert [hours.allow(at(h, m)) for h, m in ((8, 59), (9, 0), (19, 59), (20, 0))] == [
        False, True, True, False,
    ]  # fmt: skip
    assert hours.next(at(12)) == at(12)
    assert hours.next(at(3)) == at(9)
    assert hours.next(at(20)) == at(9, day=22)
