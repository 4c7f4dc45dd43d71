"""Reading texts aloud: figures from fragments, what lies between them in one breath."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.speech.languages import SPOKEN_LANGUAGES
from ivr.speech.read_aloud import PAUSE, SEAM, read_aloud

VOCABULARY = {
    name: {s.name for s in speech.vocabulary()} for name, speech in SPOKEN_LANGUAGES.items()
}


def said(text: str, language: str = "zh") -> str:
    return " ".join(sound.text or "‖" for sound in read_aloud(text, language))


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("您的余额2005.30元", "您的余额 两千 零五元 三角"),
        ("余额-20.00元。", "余额 负 二十元"),
        ("截至11月22日6时", "截至 十一月 二十二日 六点"),
        ("2026年11月30日起", "二零二六年 十一月 三十日 起"),
        ("1999年10月", "一 九 九 九 年 十月"),
        ("2026年10月没有", "二零二六年 十月 没有"),
        ("10元/月,0.02元/分钟", "每月 十元 每分钟 两分"),
        ("共1.20GB,已用500MB", "共 一 点 二 零 G 已用 五百 兆"),
        ("2小时15分;40小时", "两 小时 十五 分钟 ‖ 四十 小时"),
        ("还可输入2次", "还可输入 两 次"),
        ("为138****8001充值", "为 尾号 八零， 零幺， 充值"),
        ("PUK码为48120375。", "PUK码为 四八， 幺二， 零三， 七五，"),
        ("短号为061", "短号为 零， 六幺，"),
        ("短号为6101。", "短号为 六幺， 零幺，"),
        ("V网短号6112已开通", "V网短号 六幺， 幺二， 已开通"),
        ("139邮箱免费版", "幺， 三九， 邮箱免费版"),
        ("请输入月日,例如1205", "请输入月日 例如 幺二， 零五，"),
        ("111元,110条", "一百 一十一元 一百 一十 条"),
        ("20:05到22:00", "二十点 零五分 到 二十二点 整"),
        ("3个月", "三 个月"),
        ("话费请按1。重听请按9。", "话费请按1。 重听请按9。"),
        ("放弃请按*。", "放弃请按星号键。"),
        ("已用80%,另有12.5%", "已用百分之 八十 另有百分之 十二 点 五"),
    ],
)
def test_chinese_is_read_as_people_say_it(text, sounds):
    """Every way in which the hall writes a figure."""
    assert said(text) == sounds


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("Your balance is 56.80 yuan.", "Your balance is fifty-six point eight zero yuan"),
        ("At 20:00 on 21 Nov, you", "At eight p m on the twenty-first of November you"),
        ("until 30 Nov 2026", "until the thirtieth of November two thousand twenty-six"),
        ("Nov 2026", "November two thousand twenty-six"),
        ("0.25 yuan/min", "zero point two five yuan per minute."),
        (
            "used 5.00, 0.02/min",
            "used five yuan zero point zero two yuan per minute.",
        ),
        ("open 6:00-22:30", "open six a m to ten thirty p m."),
        ("2 h 15 min; 3 more times", "two hours fifteen minutes ‖ three more times"),
        ("For bills, press 1. Good.", "For bills press 1. Good."),
        ("138****8001", "ending in eight zero zero one"),
        ("your short number is 6101", "your short number is six one zero one"),
        ("139 Mail Free", "one three nine Mail Free"),
        ("80% used", "eighty percent used"),
    ],
)
def test_english_is_read_as_people_say_it(text, sounds):
    """The same, in the words of the other language."""
    assert said(text, "en").rstrip(".") == sounds.rstrip(".")


def test_a_name_in_a_sentence_is_a_sound_of_its_own():
    """Else each sentence would be needed once with every name."""
    assert said(f"当前套餐{SEAM}全球通商务{SEAM},含") == "当前套餐 全球通商务 含"


def test_a_seam_within_a_figure_cuts_nothing():
    """The number is put in, the unit stands in the sentence."""
    assert said(f"余额{SEAM}56.80{SEAM}元") == said("余额56.80元")


def test_what_looks_like_a_date_and_is_none_is_spelt():
    """It is said all the same."""
    assert said("99月99日") == "九九， 九九，"


def test_the_end_of_a_sentence_is_heard():
    """It belongs to the words before it; behind a figure it is a pause."""
    assert said("余额10元。请充值。再见。") == "余额 十元 ‖ 请充值。 再见。"
    assert read_aloud("10元。", "zh")[-1] != PAUSE


def test_the_same_words_are_the_same_sound():
    """A sound is made once, whatever stands round it."""
    first, second = read_aloud("截至6时", "zh"), read_aloud("截至11月22日", "zh")
    assert first[0] == second[0]
    assert first[0] != read_aloud("截止", "zh")[0]


@given(
    st.lists(
        st.sampled_from(
            [*"0123456789.-:/*#月日元时分 按。,ab", "小时", "GB", SEAM, " yuan", " Nov"]
        ),
        max_size=24,
    ).map("".join),
    st.sampled_from(["zh", "en"]),
)
def test_whatever_is_written_can_be_said(text, language):
    """From the vocabulary, or a phrase; no digit is left to the synthesiser but after 按, press."""
    for sound in read_aloud(text, language):
        known = sound.name in VOCABULARY[language] or sound == PAUSE
        assert known or (sound.name.startswith("p/") and sound.text)
