"""Replies in words: figures, languages, channels, the signature, and no secret by accident."""

from __future__ import annotations

import re
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateError, UndefinedError
from jinja2.exceptions import SecurityError

from commands.model.request import Channel, Reply, Secret
from commands.reply_facts.all_replies import EXAMPLES
from gateway.wording import formatting
from gateway.wording.formatting import ChineseFormat, EnglishFormat
from gateway.wording.words import (
    MOST_REMEMBERED,
    ReplyTemplate,
    Wording,
    fault_of,
    template_of,
)
from smpp.messages.segmentation import text_length
from tariffs.bilingual_name import BilingualName, in_language
from tariffs.catalogue import SHANGHAI, AllowanceItem, ItemUnit
from tests.commands.fakes import NOW, SIGNATURE, own_conf

NAME = BilingualName("话费余额", "balance")


def words(**texts: ReplyTemplate | str) -> Wording:
    made = {
        key: ReplyTemplate(text) if isinstance(text, str) else text for key, text in texts.items()
    }
    return Wording({"zh": made, "en": made}, signature="【S】")


def said(text: str, language: str = "zh", **facts: object) -> str:
    return words(t=text).say([Reply("t", facts)], Channel.USSD, language)


@pytest.mark.slow
def test_what_was_written_long_ago_is_forgotten() -> None:
    """A console reads a text with each letter that somebody writes, for months."""
    gone = ref(template_of("余额{{ balance|yuan }}"))
    for written in range(MOST_REMEMBERED):
        template_of(f"余额{{{{ balance|yuan }}}}{written}")
    assert gone() is None


# -- replies ---------------------------------------------------------------------------------------


def test_each_language_has_its_own_signature() -> None:
    """And whoever wants a language that we do not speak gets that of the words."""
    texts = {"zh": {"t": ReplyTemplate("话")}, "en": {"t": ReplyTemplate("words")}}
    words = Wording(texts, signature=BilingualName("【S】", " (S)"))
    said = {lang: words.say([Reply("t")], Channel.SMS, lang) for lang in ("zh", "en", "fr")}
    assert said == {"zh": "话【S】", "en": "Words (S)", "fr": "话【S】"}


def test_the_signature_stands_once_at_the_end_of_an_sms() -> None:
    """However many tips there are; other channels have none."""
    replies = [Reply("a"), Reply("b"), Reply("b")]
    speaking = words(a="一。", b="二。")
    assert speaking.say(replies, Channel.SMS, "zh") == "一。二。二。【S】"
    assert speaking.say(replies, Channel.SMS, "en") == "一。 二。 二。【S】"
    assert speaking.say(replies, Channel.USSD, "zh") == "一。\n二。\n二。"
    assert speaking.say(replies, Channel.VOICE, "zh") == "一。二。二。"


def test_each_channel_has_its_form_or_that_of_sms() -> None:
    """A text may be written once for all."""
    speaking = words(t=ReplyTemplate("sms", ussd="ussd"))
    forms = [speaking.say([Reply("t")], channel, "zh") for channel in Channel]
    assert forms == ["sms【S】", "ussd", "sms", "ussd"]  # the last: at another interface


def test_a_screen_has_no_heading() -> None:
    """Where a text has no form of its own for screens: there is little room on them."""
    speaking = words(t=ReplyTemplate("【积分查询】您的积分为3200。"))
    assert speaking.say([Reply("t")], Channel.USSD, "zh") == "您的积分为3200。"
    assert speaking.say([Reply("t")], Channel.SMS, "zh").startswith("【积分查询】")


def test_a_language_that_we_do_not_speak_falls_back_to_chinese() -> None:
    """Nobody goes without an answer."""
    assert said("{{ n }}", "xx", n=NAME) == "话费余额"


def test_names_are_said_in_the_right_language() -> None:
    """Alone, and in a list."""
    assert said("{{ n }}", "zh", n=NAME) == "话费余额"
    assert said("Of {{ n }}", "en", n=NAME) == "Of balance"
    assert said("Of {{ n|listed }}", "en", n=[NAME, NAME]) == "Of balance, balance"
    assert said("Of {% for x in n %}{{ x }};{% endfor %}", "en", n=[NAME]) == "Of balance;"


def test_a_secret_is_said_only_by_itself() -> None:
    """Whatever is made of it sees stars."""
    assert said("{{ p }}", p=Secret("739204")) == "739204"
    assert said("{{ p ~ '' }}", p=Secret("739204")) == "***"


def test_a_text_may_quote_another() -> None:
    """Such as the name of a state."""
    speaking = words(t="{{ text('state.' ~ s) }}!", **{"state.x": "停机"})
    assert speaking.say([Reply("t", {"s": "x"})], Channel.USSD, "zh") == "停机!"


def test_a_fact_that_is_missing_is_an_error() -> None:
    """Not an empty place in the text."""
    with pytest.raises(UndefinedError):
        said("{{ balance|yuan }}")


@pytest.mark.parametrize(
    "text",
    [
        "{{ n.__class__.__mro__ }}",
        "{{ ''.__class__ }}",
        "{{ n.append(1) }}",
        "{{ cycler.__init__.__globals__ }}",
        "{% for x in range(10**9) %}{% endfor %}",
    ],
)
def test_texts_are_walled_in(text: str) -> None:
    """Whoever writes texts does not write code."""
    with pytest.raises((SecurityError, TemplateError)):
        said(text, n=[1])


def test_facts_are_never_taken_for_templates() -> None:
    """What a subscriber wrote is read back as it is."""
    assert said("{{ t }}", t="{{ 7 * 7 }}") == "{{ 7 * 7 }}"


def test_a_text_that_is_no_template_has_a_fault() -> None:
    """Told in words."""
    assert fault_of("{{ a }}") is None
    assert fault_of("no braces") is None
    assert "expected" in str(fault_of("{{ a "))
    assert "No filter named 'yen'" in str(fault_of("{{ a|yen }}"))


# -- the project's own texts -----------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("text", sorted(EXAMPLES))
def test_every_text_can_be_said_on_every_channel(text: str, language: str) -> None:
    """With facts like those it will have; signed once, and nothing unfilled."""
    for channel in Channel:
        spoken = own_conf().words.say([Reply(text, EXAMPLES[text])], channel, language)
        signed = spoken.count(in_language(SIGNATURE, language))
        assert signed == (channel is Channel.SMS)
        assert not {"{", "}", "***", "None", "Undefined"} & set(spoken.split())
        assert "  " not in spoken
        assert channel is Channel.VOICE or text_length(spoken).parts <= 8


# -- figures ---------------------------------------------------------------------------------------


@given(st.integers(-(10**9), 10**9))
def test_yuan_and_fen_are_the_same_money(fen: int) -> None:
    """Two decimals, whatever the sign."""
    text = formatting.yuan(fen)
    assert text[-3] == "."
    assert int(text.replace(".", "")) == fen


@pytest.mark.parametrize(
    ("fen", "price"), [(1000, "10"), (1050, "10.50"), (0, "0"), (5, "0.05"), (18800, "188")]
)
def test_a_price_has_decimals_only_where_it_needs_them(fen: int, price: str) -> None:
    """10 yuan a month, 0.05 a minute."""
    assert formatting.price(fen) == price


def test_moments_are_told_in_the_operators_zone() -> None:
    """To the hour, the day, the year."""
    chinese, english = ChineseFormat(SHANGHAI), EnglishFormat(SHANGHAI)
    assert (chinese.hour(NOW), english.hour(NOW)) == ("11月21日21时", "21:00 on 21 Nov")
    assert (chinese.day(NOW), english.day(NOW)) == ("11月21日", "21 Nov")
    assert (chinese.date(NOW), english.date(NOW)) == ("2026年11月21日", "21 Nov 2026")


@pytest.mark.parametrize(
    ("minutes", "chinese", "english"),
    [(0, "0分", "0 min"), (59, "59分", "59 min"), (60, "1小时", "1 h"),
     (135, "2小时15分", "2 h 15 min"), (2400, "40小时", "40 h")],
)  # fmt: skip
def test_minutes_are_told_as_hours(minutes: int, chinese: str, english: str) -> None:
    """Where a subscriber thinks in hours."""
    assert ChineseFormat(SHANGHAI).hours(minutes) == chinese
    assert EnglishFormat(SHANGHAI).hours(minutes) == english


@pytest.mark.parametrize(
    ("unit", "chinese", "english"),
    [(ItemUnit.MINUTES, "1229分钟", "1229 min"), (ItemUnit.HOURS, "20小时29分", "20 h 29 min"),
     (ItemUnit.MEGABYTES, "1.20GB", "1.20GB"), (ItemUnit.PIECES, "1229条", "1229")],
)  # fmt: skip
def test_quantities_are_told_in_their_unit(unit: ItemUnit, chinese: str, english: str) -> None:
    """Megabytes become gigabytes where there are enough."""
    assert ChineseFormat(SHANGHAI).amount(1229, unit) == chinese
    assert EnglishFormat(SHANGHAI).amount(1229, unit) == english


def test_months_and_prices_for_one_of_something() -> None:
    """As a bill and a price card have them."""
    assert (ChineseFormat(SHANGHAI).month(202601), EnglishFormat(SHANGHAI).month(202612)) == (
        "2026年1月",
        "Dec 2026",
    )
    assert [ChineseFormat(SHANGHAI).per(unit) for unit in ItemUnit] == ["分钟", "分钟", "MB", "条"]
    assert [EnglishFormat(SHANGHAI).per(unit) for unit in ItemUnit] == ["min", "min", "MB", "SMS"]


def test_what_is_included_is_told_item_by_item() -> None:
    """通话350分钟、流量200MB."""
    amounts = [
        (AllowanceItem("v", BilingualName("通话", "calls"), ItemUnit.MINUTES), 350),
        (AllowanceItem("d", BilingualName("流量", "data"), ItemUnit.MEGABYTES), 200),
    ]
    assert ChineseFormat(SHANGHAI).included(amounts) == "通话350分钟、流量200MB"
    assert EnglishFormat(SHANGHAI).included(amounts) == "350 min calls, 200MB data"


def test_a_number_is_told_without_its_middle() -> None:
    """138****8001."""
    assert formatting.number("13800138001") == "138****8001"


@pytest.mark.parametrize("name", sorted(EXAMPLES))
@pytest.mark.parametrize("channel", [Channel.SMS, Channel.USSD])
def test_english_sentences_begin_with_capitals(name: str, channel: Channel) -> None:
    """Wherever texts are put together of names and notes."""
    read = own_conf().words.say([Reply(name, EXAMPLES[name])], channel, "en")
    assert re.findall(r"(?:^|[.!?] )[a-z]+", read) == []


def test_a_note_behind_a_full_stop_is_a_sentence() -> None:
    """What it quotes within a sentence stays as it is."""
    assert said("Now. {{ note }}. {{ note }}, {{ note }}", "en", note="then 5") == (
        "Now. Then 5. Then 5, then 5"
    )
    assert said("{{ note }} 1.a no. 5", "en", note=NAME) == "Balance 1.a no. 5"
