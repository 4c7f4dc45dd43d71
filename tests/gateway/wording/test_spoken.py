"""Texts for handsets, as calls say them."""

from __future__ import annotations

import re

import pytest

from commands.model.request import Channel, Reply
from commands.reply_facts.all_replies import EXAMPLES
from gateway.config import business
from gateway.config.settings import OWN_CONF
from gateway.wording.spoken import aloud
from ivr.speech.read_aloud import SEAM


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("【话费余额】您的余额56.80元。", "您的余额56.80元。"),
        ("办理彩铃需验证服务密码,请回复6位服务密码(10分钟内有效)。", "办理彩铃需验证服务密码。"),
        (
            "您将退订彩铃(5元/月),立即失效。回复Y确认,其他回复取消。",
            "您将退订彩铃(5元/月),立即失效。",
        ),
        ("已开通。退订请发送0000或QXCL。", "已开通。"),
        ("随机码已发送。重发请回复YZM。", "随机码已发送。"),
        ("可享:话费透支(KTTZ)、优先接入。", "可享:话费透支、优先接入。"),
        ("发送501", ""),
    ],
)
def test_what_to_write_back_is_not_said(written, said):
    """A sentence ends where it begins to speak of messages."""
    assert aloud(written, "zh") == said


def test_english_as_well():
    """Sentences end otherwise there."""
    written = "You cancel CRBT, from now. Reply Y within 10 minutes to confirm."
    assert aloud(written, "en") == "You cancel CRBT, from now."
    assert aloud("It is done. If it is not, reply RG.", "en") == "It is done."
    bill = Reply("q.bill", EXAMPLES["q.bill"])
    words = business.load(OWN_CONF, signature="").words
    said = words.say((bill,), Channel.VOICE, "en").replace(SEAM, "")
    assert said.endswith("other providers 123.45, other 123.45.")  # the last line is heard too


_NEVER_CALLED = ("menu.", "lang.set")  # answers to CD, EN and ZH, which no call can ask for
_WORDS = {"PUK", "WLAN"}  # that are codes as well
_READ_BACK = {"help.guessed"}  # the code that somebody wrote
_WRITTEN = re.compile(
    r"回复|编辑短信|发送(?:[A-Z]|[0-9]{3,4}(?![0-9*]))|(?:咨询|详询|联系|拨打)10086|【"
)
_WRITE = re.compile(r"\b(?:reply|send|text|call 10086)\b", re.IGNORECASE)


@pytest.mark.parametrize(("language", "writes"), [("zh", _WRITTEN), ("en", _WRITE)])
def test_nothing_that_a_call_says_tells_to_write_or_to_call(language, writes):
    """The texts as they are, with what may stand in them: whoever hears them has keys, and has
    called. No code is spelt out either."""
    shelf = business.load(OWN_CONF, signature="")
    codes = {code for code in shelf.register.codes if re.fullmatch("[A-Z]{2,}[0-9]*", code)}
    for name, facts in EXAMPLES.items():
        if name.startswith(_NEVER_CALLED):
            continue
        said = shelf.words.say((Reply(name, facts),), Channel.VOICE, language).replace(SEAM, "")
        assert not writes.search(said), (name, said)
        spelt = set(re.findall("[A-Z]{2,}[0-9]*", said)) & codes - _WORDS
        assert not spelt or name in _READ_BACK, (name, said)
