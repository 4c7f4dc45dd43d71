"""Texts as the phonemes that Kokoro has learnt: Chinese by misaki, English by espeak-ng.

请按1。  ─▶  ʨʰi↓ŋ a↘n i→.          press one.  ─▶  pɹˈɛs wˈʌn.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from gateway.tts.synthesis import PROGRAM, CannotSpeak

_LATIN: Final = re.compile(r"([A-Za-z][A-Za-z' -]*)")
_TIMEOUT: Final = 20.0  # seconds for one text
_LETTERS: Final[Mapping[str, str]] = {
    "A": "ˈA", "B": "bˈi", "C": "sˈi", "D": "dˈi", "E": "ˈi", "F": "ˈɛf", "G": "ʤˈi", "H": "ˈAʧ",
    "I": "ˈI", "J": "ʤˈA", "K": "kˈA", "L": "ˈɛl", "M": "ˈɛm", "N": "ˈɛn", "O": "ˈO", "P": "pˈi",
    "Q": "kjˈu", "R": "ˈɑɹ", "S": "ˈɛs", "T": "tˈi", "U": "jˈu", "V": "vˈi", "W": "dˈʌbᵊlju",
    "X": "ˈɛks", "Y": "wˈI", "Z": "zˈi",
}  # fmt: skip
# espeak-ng writes the sounds of American English in other letters than Kokoro has learnt
_AMERICAN: Final = (
    ("a͡ɪ", "I"), ("a͡ʊ", "W"), ("d͡ʒ", "ʤ"), ("e͡ɪ", "A"), ("t͡ʃ", "ʧ"), ("ɔ͡ɪ", "Y"), ("o͡ʊ", "O"),
    ("ə͡l", "ᵊl"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪə", "iə"), ("ɚ", "əɹ"), ("r", "ɹ"), ("ɐ", "ə"),
    ("ɾ", "T"), ("ʔ", "t"), ("e", "A"), ("o", "ɔ"), ("x", "k"), ("ç", "k"), ("ː", ""), ("͡", ""),
)  # fmt: skip
_STOPS: Final = re.compile(r"([.,;:!?])")
_SINGLE: Final = re.compile(r"[A-Za-z](?: [A-Za-z])+")  # p m
_FOREIGN: Final[Mapping[str, str]] = {"yuan": "jˌuˈɑn"}
"""English words that espeak-ng does not know."""
MISREAD: Final[Mapping[str, list[list[str]]]] = {
    "重置": [["chóng"], ["zhì"]], "重听": [["chóng"], ["tīng"]], "最长": [["zuì"], ["cháng"]],
}  # fmt: skip
"""Words of the hall that pypinyin, of whom misaki asks it, reads as others: anew is chóng, heavy is
zhòng."""


class ChinesePhonemes:
    """Words that are English stay English; letters are said by their names."""

    def __init__(self, english: Callable[[str], str]) -> None:
        import_module("jieba").setLogLevel("WARNING")  # it tells how it reads its dictionary
        import_module("pypinyin").load_phrases_dict(MISREAD)
        self._chinese: Any = import_module("misaki.zh").ZHG2P()
        self._english = english

    def __call__(self, text: str) -> str:
        said = [
            self._latin(part) if number % 2 else self._chinese(part)[0] if part.strip() else ""
            for number, part in enumerate(_LATIN.split(text))
        ]
        return " ".join(each for each in said if each)

    def _latin(self, words: str) -> str:
        return " ".join(
            self._english(word) if re.search("[a-z]{2}", word) else spelt(word)
            for word in words.split()
        )


def spelt(word: str) -> str:
    """WLAN: letter by letter."""
    return " ".join(_LETTERS[letter] for letter in word.upper() if letter in _LETTERS)


class EnglishPhonemes:
    def __init__(self, program: Path) -> None:
        self._program = program

    def __call__(self, text: str) -> str:
        """Raises CannotSpeak. Stops are kept: they are said as well."""
        parts = [part.strip() for part in _STOPS.split(text) if part.strip()]
        return "".join(
            part if _STOPS.fullmatch(part) else f" {self._spoken(part)}" for part in parts
        ).strip()

    def _spoken(self, words: str) -> str:
        if _SINGLE.fullmatch(words):
            return spelt(words)
        return _FOREIGN.get(words) or american(self._ipa(words))

    def _ipa(self, text: str) -> str:
        command = [str(self._program), "-q", "--ipa", "--tie=͡", "-v", "en-us", "--stdin"]
        try:
            done = subprocess.run(
                command, input=text, capture_output=True, text=True, timeout=_TIMEOUT, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise CannotSpeak(f"{PROGRAM}: {error}") from error
        return " ".join(done.stdout.split())


def american(ipa: str) -> str:
    """espeak-ng's phonemes as Kokoro's."""
    for theirs, ours in _AMERICAN:
        ipa = ipa.replace(theirs, ours)
    return re.sub("(\\S)\u0329", r"ᵊ\1", ipa)
