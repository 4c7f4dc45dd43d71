"""Takes of sounds are chosen by ear when the archive is made: `make heard`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from gateway.tts.made_sounds import MadeSounds
from tests.ivr.telephones.strange_ear import StrangeEar

PACKAGING = Path(__file__).parents[2] / "packaging"
BALANCE, KEY, MESSAGE = "您的余额", "请重新输入。", "您已开通该类提醒。"


@pytest.fixture
def heard_sounds(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(PACKAGING))
    return import_module("heard_sounds")


def test_what_is_misheard_is_said_otherwise_until_it_is_understood(heard_sounds: Any) -> None:
    """A real ear: what says something else is replaced by the first take that says it, also where
    the take between was no better, and what is understood is not spoken again."""
    made, asked = MadeSounds(), []

    def say(texts: Sequence[str], take: int) -> dict[str, bytes]:
        asked.append((take, list(texts)))
        words = dict(zip(texts, texts, strict=True))
        if take < 2 and KEY in words:
            words[KEY] = BALANCE
        return {text: made.say(word, "zh", fragment=True) for text, word in words.items()}

    hear = heard_sounds.hearing(StrangeEar(), "zh")
    sayings = [(BALANCE,), (KEY,), (MESSAGE,)]
    better = list(heard_sounds.better_takes([sayings] * 4, say, hear, 4))
    assert better == [(KEY, made.say(KEY, "zh", fragment=True))]
    assert asked == [(0, [BALANCE, KEY, MESSAGE]), (1, [KEY]), (2, [KEY])]


def test_a_take_is_judged_by_all_that_was_heard_of_it(heard_sounds: Any) -> None:
    """Once understood is no proof: of three takes that one is chosen of which least was misheard in
    all rounds, though another was understood when it was heard for the first time."""
    wrong = {b"first": [2, 2, 2, 2], b"lucky": [0, 2, 2, 2], b"good": [0, 0, 1, 0]}
    takes = [b"first", b"lucky", b"good"]

    def say(texts: Sequence[str], take: int) -> dict[str, bytes]:
        return dict.fromkeys(texts, takes[take])

    def hear(sayings: Sequence[tuple[str, ...]], sounds: Mapping[str, bytes]) -> dict[str, int]:
        return {KEY: wrong[sounds[KEY]].pop(0)}

    better = list(heard_sounds.better_takes([[(KEY,)]] * 7, say, hear, 3))
    assert better == [(KEY, b"lucky"), (KEY, b"good")]
