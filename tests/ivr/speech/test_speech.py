"""Numbers, amounts, dates and durations as they are said."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ivr.speech.chinese import SpokenChinese
from ivr.speech.english import SpokenEnglish
from ivr.speech.languages import SPOKEN_LANGUAGES
from ivr.speech.sound import LARGEST, CountedUnit, Unspeakable
from tests.ivr.speech import spoken_numbers

ZH, EN = SpokenChinese(), SpokenEnglish()
numbers = st.integers(-LARGEST + 1, LARGEST - 1) | st.integers(-100_000, 100_000)
languages = pytest.mark.parametrize("language", SPOKEN_LANGUAGES.values(), ids=SPOKEN_LANGUAGES)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "零"), (2, "二"), (10, "十"), (12, "十二"), (20, "二十"), (22, "二十二"),
        (100, "一百"), (105, "一百零五"), (110, "一百一十"), (115, "一百一十五"), (200, "两百"),
        (202, "两百零二"), (1000, "一千"), (1005, "一千零五"), (1015, "一千零一十五"),
        (1050, "一千零五十"), (1100, "一千一百"), (2222, "两千两百二十二"), (10_000, "一万"),
        (10_005, "一万零五"), (10_500, "一万零五百"), (20_000, "两万"), (100_000, "十万"),
        (150_000, "十五万"), (105_000, "十万五千"), (1_000_000, "一百万"),
        (10_050_000, "一千零五万"), (20_000_000, "两千万"), (100_000_000, "一亿"),
        (100_000_005, "一亿零五"), (100_005_000, "一亿零五千"), (100_020_000, "一亿零两万"),
        (100_150_000, "一亿零一十五万"), (200_000_000, "两亿"), (-86, "负八十六"),
        (1_234_567_890, "十二亿三千四百五十六万七千八百九十"),
    ],
)  # fmt: skip
def test_chinese_numbers(number, said):
    """零 for gaps, 两 before places, 一十 behind hundreds."""
    assert ZH.text(ZH.number(number)) == said


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (0, "零元"), (1, "一分"), (2, "两分"), (20, "两角"), (25, "两角五分"), (100, "一元"),
        (200, "两元"), (503, "五元零三分"), (510, "五元一角"), (1200, "十二元"),
        (5680, "五十六元八角"), (200_530, "两千零五元三角"), (200_000, "两千元"),
        (-2000, "负二十元"), (-5, "负五分"), (10_000_00, "一万元"),
    ],
)  # fmt: skip
def test_chinese_amounts(fen, said):
    """Only what is there is said."""
    assert ZH.text(ZH.amount(fen)) == said


@given(numbers)
@example(100_020_000)
@example(20_000_002)
def test_chinese_numbers_are_understood(number):
    """Read back by somebody who has not seen how they are said."""
    assert spoken_numbers.chinese(ZH.text(ZH.number(number))) == number


@given(numbers)
def test_chinese_amounts_are_understood(fen):
    """To the last fen."""
    assert spoken_numbers.chinese_fen(ZH.text(ZH.amount(fen))) == fen


@given(numbers)
@example(75_020_000)
def test_chinese_is_said_as_people_say_it(number):
    """Never two 零, none at the end; 二 never before 百, 千, 万, 亿 alone."""
    said = ZH.text(ZH.number(number))
    assert "零零" not in said
    assert said == "零" or not said.endswith("零")
    assert not re.search(r"二[百千]|(^|负|亿)二[万亿]", said)
    assert not re.search(r"[百千]十", said)


@given(numbers)
def test_english_numbers_are_understood(number):
    """Read back by somebody who has not seen how they are said."""
    assert spoken_numbers.english(EN.text(EN.number(number))) == number


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (0, "zero yuan"), (5, "zero point zero five yuan"), (100, "one yuan"),
        (5680, "fifty-six point eight zero yuan"), (200_500, "two thousand five yuan"),
        (-2000, "minus twenty yuan"),
    ],
)  # fmt: skip
def test_english_amounts(fen, said):
    """As they are written."""
    assert EN.text(EN.amount(fen)) == said


def test_numbers_that_are_spelt():
    """幺, because 一 sounds like 七 on the telephone; two in a breath, with a comma behind each."""
    spelt = ZH.text(ZH.digits("13800138001*#"))
    assert spelt == "幺，三八，零零，幺三，八零，零幺，星号，井号，"
    assert ZH.text(ZH.digits("8001")) == "八零，零幺，"
    assert EN.text(EN.digits("10#")) == "one zero hash"


@pytest.mark.parametrize(
    ("day", "chinese", "english"),
    [
        (
            date(2026, 11, 30),
            "二零二六年十一月三十日",
            "the thirtieth of November two thousand twenty-six",
        ),
        (date(2001, 1, 1), "二零零一年一月一日", "the first of January two thousand one"),
        (date(2010, 2, 21), "二零一零年二月二十一日", "the twenty-first of February twenty ten"),
        (date(1905, 3, 12), "一九零五年三月十二日", "the twelfth of March nineteen zero five"),
    ],
)
def test_dates(day, chinese, english):
    """Years are spelt, with 一 and not 幺."""
    assert ZH.text(ZH.whole_date(day)) == chinese
    assert EN.text(EN.whole_date(day)) == english


@pytest.mark.parametrize(
    ("hour", "minute", "chinese", "english"),
    [
        (20, 5, "二十点零五分", "eight oh five p m"),
        (2, 0, "两点整", "two a m"),
        (12, 30, "十二点三十分", "twelve thirty p m"),
        (0, 15, "零点十五分", "twelve fifteen a m"),
    ],
)
def test_times(hour, minute, chinese, english):
    """Nobody has to guess which half of the day it is: English names it."""
    moment = datetime(2026, 11, 21, hour, minute)
    assert ZH.text(ZH.time(moment)) == chinese
    assert EN.text(EN.time(moment)) == english


@pytest.mark.parametrize(
    ("minutes", "chinese", "english"),
    [
        (0, "零分钟", "zero minutes"),
        (2, "两分钟", "two minutes"),
        (60, "一小时", "one hour"),
        (135, "两小时十五分钟", "two hours fifteen minutes"),
        (2400, "四十小时", "forty hours"),
    ],
)
def test_durations(minutes, chinese, english):
    """Hours as soon as there are any."""
    assert ZH.text(ZH.duration(minutes)) == chinese
    assert EN.text(EN.duration(minutes)) == english


@pytest.mark.parametrize(
    ("megabytes", "chinese", "english"),
    [
        (2, "两兆", "two megabytes"),
        (500, "五百兆", "five hundred megabytes"),
        (1229, "一点二零G", "one point two zero gigabytes"),
        (40 * 1024, "四十点零零G", "forty point zero zero gigabytes"),
    ],
)
def test_data(megabytes, chinese, english):
    """As the short message writes it."""
    assert ZH.text(ZH.data(megabytes)) == chinese
    assert EN.text(EN.data(megabytes)) == english


@pytest.mark.parametrize(("number", "said"), [(1, "一条"), (2, "两条"), (12, "十二条")])
def test_counts(number, said):
    """Two of something is 两."""
    assert ZH.text(ZH.count(number, CountedUnit.MESSAGES)) == said


@given(data=st.data())
def test_the_vocabulary_has_every_sound(data):
    """Whatever is said, its sounds can be made beforehand; each name says one thing."""
    language = data.draw(st.sampled_from(sorted(SPOKEN_LANGUAGES.items())))[1]
    vocabulary = language.vocabulary()
    known = {sound.name: sound.text for sound in vocabulary}
    assert len(known) == len(set(vocabulary))
    number = data.draw(numbers)
    moment = data.draw(st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31)))
    what = data.draw(st.sampled_from(CountedUnit))
    said = [
        *language.number(number), *language.amount(number), *language.duration(number),
        *language.data(number), *language.count(number, what), *language.time(moment),
        *language.whole_date(moment), *language.digits(data.draw(st.text("0123456789*#"))),
    ]  # fmt: skip
    assert all(known[sound.name] == sound.text for sound in said)


@languages
def test_names_of_sounds_can_be_files(language):
    """Lower case, digits and dashes, whatever they say."""
    assert all(re.fullmatch(r"[a-z0-9/-]+", sound.name) for sound in language.vocabulary())


@languages
def test_what_has_no_words_is_refused(language):
    """Better silence than a wrong number."""
    with pytest.raises(Unspeakable):
        language.number(LARGEST)
    with pytest.raises(Unspeakable):
        language.amount(-LARGEST)
    with pytest.raises(Unspeakable):
        language.digits("12a")
