"""10086 on a real Asterisk, listened to: a stranger's ear understands what the caller's line has.

What tells a balance is said by the sounds that come with Hallgate; all else is rustles, by which
the story knows where the call stands.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from itertools import groupby
from random import Random
from typing import Final, NamedTuple

import pytest
import pytest_twisted
from twisted.internet.defer import maybeDeferred

from gateway.tts.made_sounds import MadeSounds
from ivr.speech.read_aloud import read_aloud
from tariffs.catalogue import SHANGHAI
from tests.ivr.real_asterisk import running
from tests.ivr.telephones.rtp import FRAME
from tests.ivr.telephones.sip import Telephones
from tests.ivr.telephones.sound_recognition import BackgroundNoise, known
from tests.ivr.telephones.strange_ear import RATE, StrangeEar, linear
from tests.ivr.telephones.understood import understood
from tests.stories.calls.sip_callers import SipCaller, SipCallers
from tests.stories.calls.sip_hall import sip_hall
from tests.stories.hall import Hall

pytestmark = [pytest.mark.service, pytest.mark.slow]

RUSTLE: Final = 2 * FRAME  # octets: no word is as short
QUIET: Final = 300  # of 32768: softer than that nobody speaks
MENU_ENDS: Final = {"zh": "请按9。", "en": "press 9."}
SENT: Final = {"zh": "短信已发送到您的手机。", "en": "A short message has been sent to you."}


class Told(NamedTuple):
    """Who is told a balance, in fen."""

    language: str
    balance: int
    used: int

    def text(self) -> str:
        """As the hall writes it for a call."""
        balance, used = (f"{fen / 100:.2f}" for fen in (self.balance, self.used))
        if self.language == "zh":
            return f"您的余额{balance}元,本月已消费{used}元。"
        return f"Your balance is {balance} yuan. Used this month: {used} yuan."

    def words(self) -> list[str]:
        """Of each sound that says it."""
        return [sound.text for sound in read_aloud(self.text(), self.language) if sound.text]


ZH, EN = Told("zh", 80_550, 56_850), Told("en", 128_350, 2_310)


class Spoken:
    """Says the sounds of some texts as Hallgate does, and rustles for all others."""

    def __init__(self, *told: Told) -> None:
        self._voice, self._rustle = MadeSounds(), BackgroundNoise(RUSTLE)
        self._said = {(one.language, word) for one in told for word in one.words()}

    def signature(self, text: str, language: str) -> str:
        return f"spoken {language}"

    def say(self, text: str, language: str, *, fragment: bool) -> bytes:
        if not text:
            return b"\xd5" * (RATE // 4)
        voice = self._voice if (language, text) in self._said else self._rustle
        return voice.say(text, language, fragment=fragment)


@pytest_twisted.async_yield_fixture(scope="module")
async def callers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SipCallers]:
    from twisted.internet import reactor

    with running() as asterisk:
        async with sip_hall(tmp_path_factory.mktemp("heard"), asterisk, Spoken(ZH, EN)) as hall:
            hall.clock.ahead = nine()
            phones = Telephones(reactor, asterisk.sip_port, Random(1))
            callers = SipCallers(phones, hall)
            yield callers
            await callers.leave_nothing()
            await maybeDeferred(phones.stop)


def nine() -> float:
    """How far the clock must be set for the next nine o'clock in Shanghai."""
    now = datetime.now(tz=SHANGHAI)
    return (now.replace(hour=9, minute=0) - now).total_seconds() % 86_400


async def answer(callers: SipCallers, told: Told) -> bytes:
    """What was spoken on the caller's line after the key that asks for the balance. Its date is
    not: it is another one every day."""
    hall: Hall = callers.hall
    phone = hall.somebody(told.language, balance_fen=told.balance, used_fen=told.used)
    caller: SipCaller = await callers.calls(caller=phone.number)
    await caller.asks("#", MENU_ENDS[told.language])
    await caller.asks("1", MENU_ENDS[told.language])
    start = len(caller.line.rtp.heard)
    await caller.asks("1", SENT[told.language])
    heard = bytes(caller.line.rtp.heard[start:])
    await caller.hangs_up()
    for sound in known(hall.gateway.settings.ivr.sounds):
        if len(sound.octets) == RUSTLE:
            heard = heard.replace(sound.octets[:FRAME], b"").replace(sound.octets[FRAME:], b"")
    return heard


@pytest.mark.parametrize("told", [ZH, EN], ids=["zh", "en"])
@pytest_twisted.ensureDeferred
async def test_a_stranger_understands_the_balance(callers: SipCallers, told: Told) -> None:
    """The sentence on the line is that of the account, to an ear that does not know it; nothing is
    cut, too soft, too loud or torn apart."""
    heard = await answer(callers, told)
    (callers.hall.house.folder / f"{told.language}.alaw").write_bytes(heard)
    back = StrangeEar().hears(heard, told.language)
    said = understood(" ".join(told.words()), back, told.language)
    assert said.digits == (), back
    assert said.wrong <= 1, back
    samples = linear(heard)
    loudest = max(map(abs, samples))
    assert 8_000 < loudest < 32_500
    assert 1_000 < math.sqrt(sum(each * each for each in samples) / len(samples)) < 8_000
    assert longest_pause(samples) < 0.6


def longest_pause(samples: Sequence[int]) -> float:
    """Seconds between two words."""
    loud = "".join(
        "1" if max(map(abs, samples[at : at + FRAME])) > QUIET else "0"
        for at in range(0, len(samples), FRAME)
    )
    runs = (len(list(run)) for quiet, run in groupby(loud.strip("0")) if quiet == "0")
    return max(runs, default=0) * FRAME / RATE
