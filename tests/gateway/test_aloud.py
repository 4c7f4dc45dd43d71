"""Texts for handsets, as calls say them."""

from __future__ import annotations

import pytest

from commands.texts import EXAMPLES
from commands.vocabulary import Channel, Reply
from gateway import conf
from gateway.calls.aloud import aloud
from gateway.settings import OWN_CONF
from ivr.speech.reading import SEAM


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
    words = conf.load(OWN_CONF, signature="").words
    said = words.say((bill,), Channel.VOICE, "en").replace(SEAM, "")
    assert said.endswith("other providers 123.45, other 123.45.")  # the last line is heard too


def test_nothing_that_a_call_says_tells_to_reply():
    """The texts as they are: whoever hears them has keys."""
    words = conf.load(OWN_CONF, signature="").words
    for name, facts in EXAMPLES.items():
        if not name.startswith(("help.", "menu.", "fb.", "np.", "offer.")):
            said = words.say((Reply(name, facts),), Channel.VOICE, "zh")
            assert "回复" not in said, name
            assert "【" not in said, name
