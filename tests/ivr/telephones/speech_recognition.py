"""A stranger's ear: speech recognised by a model that has learnt from people, not from our sounds.

PocketSphinx knows the sounds of American English. What a sentence may say is a grammar, in which
every amount is as likely as any other; Chinese words are spelt in the sounds nearest to theirs, so
an ear for English hears Chinese without its tones, as a foreigner does.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Mapping, Sequence
from operator import mul
from random import Random
from typing import Final

from pocketsphinx import Config, Decoder, get_model_path

RATE: Final = 8000
_HISS: Final = 150  # of 32768: a line that is dead between words confuses a model made of rooms
_QUIET: Final = b"\xd5" * (RATE // 4)
_DEAD: Final = b"\xd5\x55"  # the smallest two samples
_REACH: Final = 16  # samples on each side that one between two is made of
_RELUCTANT: Final = 0.2  # towards another word, where one is enough

_ENGLISH: Final = """
    <digit> = zero | <one>;
    <one> = one | two | three | four | five | six | seven | eight | nine;
    <teen> = ten | eleven | twelve | thirteen | fourteen | fifteen | sixteen | seventeen | eighteen
        | nineteen;
    <ten> = twenty | thirty | forty | fifty | sixty | seventy | eighty | ninety;
    <small> = <one> | <teen> | <ten> [<one>];
    <group> = <small> | <one> hundred [<small>];
    <whole> = zero | [<group> thousand] <group> | <group> thousand;
    <amount> = <whole> [point <digit> <digit>] yuan;
    public <said> = your balance is <amount> used this month <amount>;
"""
_CHINESE: Final = """
    <one> = 一 | 二 | 三 | 四 | 五 | 六 | 七 | 八 | 九;
    <of> = 一 | 两 | 三 | 四 | 五 | 六 | 七 | 八 | 九;
    <small> = <one> | [<one>] 十 [<one>];
    <gap> = 零 <one> | 零 <one> 十 [<one>];
    <hundreds> = <of> 百 [零 <one> | <one> 十 [<one>]];
    <whole> = 零 | 两 | <small> | <hundreds> | <of> 千 [<hundreds> | <gap>];
    <amount> = <whole> 元 [<of> 角 [<of> 分] | 零 <one> 分];
    public <said> = 您的余额 <amount> 本月已消费 <amount>;
"""
# Plosives of Mandarin have no voice, its r is none, and what hisses above 4 kHz no line carries.
_PINYIN: Final[Mapping[str, Sequence[str]]] = {
    "零": ["L IH NG"], "一": ["IY", "Y IY"], "二": ["AA R", "AH R", "ER"],
    "两": ["L Y AE NG", "L Y AA NG", "L IY AA NG"], "三": ["S AA N", "S AE N"],
    "四": ["S ER", "S IH", "S UH", "S AH", "S Z"], "五": ["UW", "W UW"],
    "六": ["L Y OW", "L IY OW", "L Y UW"], "七": ["CH IY"], "八": ["P AA", "B AA"],
    "九": ["JH Y OW", "CH Y OW", "JH OW", "JH IY OW"], "十": ["SH ER", "SH IH", "SH UH"],
    "百": ["P AY", "B AY"], "千": ["CH EH N", "CH Y EH N"], "点": ["T Y EH N", "D Y EH N"],
    "元": ["Y UW EH N", "Y W EH N", "Y UW AE N", "W EH N"],
    "角": ["JH AW", "JH Y AW", "CH Y AW", "CH AW"], "分": ["F AH N", "F EH N"],
    "截至": ["JH Y EH JH ER", "CH Y EH CH ER"],
    "您的余额": ["N IH N T AH Y UW AH", "N IY N D AH Y UW ER"],
    "本月已消费": ["P AH N Y UW EH IY SH Y AW F EY", "B AH N Y W EH IY SH AW F EY"],
}  # fmt: skip
_NAMES: Final = {word: f"w{number}" for number, word in enumerate(_PINYIN)}
_WORDS: Final = {name: word for word, name in _NAMES.items()}


class SpeechRecogniser:
    """Hears one sentence, that which tells a balance, in one language."""

    def __init__(self, language: str) -> None:
        files = {"hmm": get_model_path("en-us/en-us"), "logfn": "/dev/null"}
        files["dict"] = get_model_path("en-us/cmudict-en-us.dict")
        self._decoder = Decoder(Config(**files, wip=_RELUCTANT, lm=None))
        grammar = _ENGLISH
        if language == "zh":
            grammar = self._learnt(_CHINESE)
        self._decoder.add_jsgf_string("balance", f"#JSGF V1.0;\ngrammar balance;{grammar}")
        self._decoder.activate_search("balance")

    def _learnt(self, grammar: str) -> str:
        """A grammar in words of the dictionary, which has them from now on."""
        for word, name in _NAMES.items():
            for number, sounds in enumerate(_PINYIN[word], 1):
                self._decoder.add_word(f"{name}({number})" if number > 1 else name, sounds, True)
        words = "|".join(sorted(_NAMES, key=len, reverse=True))
        return re.sub(words, lambda found: f" {_NAMES[found[0]]} ", grammar)

    def hears(self, octets: bytes) -> str:
        """What A-law octets say; nothing if it is another sentence. Dead air round it is left out:
        in half a second of hiss the ear finds one more digit."""
        heard = doubled(hissing(linear(_QUIET + octets.strip(_DEAD) + _QUIET)))
        self._decoder.start_utt()
        self._decoder.process_raw(heard.tobytes(), full_utt=True)
        self._decoder.end_utt()
        hypothesis = self._decoder.hyp()
        words = hypothesis.hypstr.split() if hypothesis else []
        return " ".join(_WORDS.get(word, word) for word in words)


def hissing(samples: array[int]) -> list[float]:
    """Samples as in a room, the same each time."""
    hiss = Random(0)
    return [sample + hiss.gauss(0, _HISS) for sample in samples]


def doubled(samples: Sequence[float]) -> array[int]:
    """At 16 kHz, as the model has learnt: between each two samples one more."""
    padded = [0.0] * _REACH + list(samples) + [0.0] * _REACH
    made = array("h")
    for at, sample in enumerate(samples, 1):
        between = sum(map(mul, _TAPS, padded[at : at + 2 * _REACH]))
        made.extend(max(-32768, min(32767, round(value))) for value in (sample, between))
    return made


def _taps() -> list[float]:
    """A windowed sinc, half way between two samples."""
    places = [place + 0.5 for place in range(-_REACH, _REACH)]
    window = (0.5 + 0.5 * math.cos(math.pi * place / _REACH) for place in places)
    sinc = (math.sin(math.pi * place) / (math.pi * place) for place in places)
    return list(map(mul, sinc, window))


_TAPS: Final = _taps()


def linear(octets: bytes) -> array[int]:
    """16-bit samples of A-law octets (G.711, table 1)."""
    return array("h", (_LINEAR[octet] for octet in octets))


def _sample(octet: int) -> int:
    octet ^= 0x55
    segment, step = octet >> 4 & 7, octet & 15
    size = (step << 4) + 8 if not segment else (step << 4) + 0x108 << segment - 1
    return size if octet & 0x80 else -size


_LINEAR: Final = [_sample(octet) for octet in range(256)]
