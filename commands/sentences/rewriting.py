"""A sentence in the usual words: for English, pinyin, dialects and what only sounds alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from commands.sentences.pinyin import pinyin
from commands.sentences.tagging import WordList

_LETTERS: Final = re.compile("[A-Z][A-Z' -]*[A-Z](?![0-9])")
_HAN: Final = re.compile("[\u4e00-\u9fff]+")
_LONGEST_WORD: Final = 24  # letters of a word in pinyin
_LONGEST_TEXT: Final = 200
_INITIALS: Final = "B|P|M|F|D|T|N|L|G|K|H|J|Q|X|ZH|CH|SH|Z|C|S|R|Y|W"
_FINALS: Final = (
    "IANG|IONG|UANG|ANG|ENG|ING|ONG|IAN|IAO|UAN|UAI|AI|AN|AO|EI|EN|ER|IA|IE|IN|IU|OU|UA|UE|UI|UN"
    "|UO|VE|VN|A|E|I|O|U|V"
)
_SYLLABLE: Final = re.compile(f"(?:{_INITIALS})?(?:{_FINALS})")
_PINYIN: Final = re.compile(f"(?:(?>(?:{_INITIALS})?(?:{_FINALS}))[' ]*+)++")
_BLANKS_BETWEEN: Final = re.compile("(?<![A-Z0-9]) +| +(?![A-Z0-9])")
_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")  # old phones' emoji, and our own signs


@lru_cache(maxsize=8192)
def syllable(sign: str) -> str:
    """How a character sounds to whom s and sh, n and ng are one."""
    return similar_sounds(pinyin(sign))


def in_syllables(letters: str) -> list[str]:
    """Pinyin in its syllables; other letters as they are."""
    if not _PINYIN.fullmatch(letters.strip()):
        return letters.split()
    return [similar_sounds(found[0]) for found in _SYLLABLE.finditer(letters)]


def similar_sounds(sound: str) -> str:
    for pair in (("ZH", "Z"), ("CH", "C"), ("SH", "S"), ("NG", "N")):
        sound = sound.replace(*pair)
    return sound


class SentenceRewriter:
    """Rewrites sentences. `letters`: words that are known in pinyin; `sounds`: in other characters
    of their sound; `known`: what is left as it is."""

    def __init__(
        self,
        spoken: Mapping[str, Iterable[str]],
        english: Mapping[str, Iterable[str]],
        *,
        letters: Iterable[str],
        sounds: Iterable[str],
        known: Iterable[str],
    ) -> None:
        usual = {said.upper(): word for word, forms in spoken.items() for said in forms}
        self._spoken = WordList(usual)
        self._known = WordList(dict.fromkeys([*known, *usual], ""))
        self._english = {said.upper(): word for word, forms in english.items() for said in forms}
        longest = sorted(self._english, key=len, reverse=True)
        self._phrases = re.compile(
            r"(?<![A-Z])(?:" + "|".join(map(re.escape, longest)) + r")(?![A-Z])"
        )
        self._letters: dict[str, str] = {}
        for word in sorted(filter(_HAN.fullmatch, letters), key=len, reverse=True):
            self._letters.setdefault("".join(map(syllable, word)), word)
        words = (word for word in sounds if len(word) > 1 and _HAN.fullmatch(word))
        self._sounds = {tuple(map(syllable, word)): word for word in words}

    def usual(self, text: str) -> str:
        """`text` is in upper case and simplified characters."""
        text = _PRIVATE.sub("", text)
        if _LETTERS.search(text):
            text = _LETTERS.sub(lambda found: self._in_letters(found[0]), text)
        text = self._spoken.replaced(text)
        return self._sounding(text)

    def _in_letters(self, letters: str) -> str:
        """Pinyin, or else English."""
        spelt = self._spelt(letters)
        if spelt != letters:
            return spelt
        said = self._phrases.sub(lambda found: self._english[found[0]], letters)
        return _BLANKS_BETWEEN.sub("", said)

    # -- pinyin ------------------------------------------------------------------------------------

    def _spelt(self, letters: str) -> str:
        """Words in pinyin as characters; letters that are no pinyin stay."""
        if not _PINYIN.fullmatch(letters):
            return letters
        sounds = similar_sounds("".join(letters.split()).replace("'", ""))[:_LONGEST_TEXT]
        words, place, heard = [], 0, 0
        while place < len(sounds):
            count = self._heard(sounds, place)
            word = self._letters.get(sounds[place : place + count], " ")
            words.append(word)
            heard += count if len(word) > 1 else 0
            place += count
        return "".join(words) if heard * 2 >= len(sounds) else letters

    def _heard(self, sounds: str, place: int) -> int:
        """Letters of the longest word that is spelt here, or of one syllable."""
        for count in range(min(_LONGEST_WORD, len(sounds) - place), 1, -1):
            if sounds[place : place + count] in self._letters:
                return count
        syllable = _SYLLABLE.match(sounds, place)
        return len(syllable[0]) if syllable else 1

    # -- characters that sound alike ---------------------------------------------------------------

    def _sounding(self, text: str) -> str:
        """What is no word as it is written, but sounds like one: 话非 is 话费."""
        place = 0
        while place < len(text) - 1:
            found = self._known.at(text, place)
            if found and len(found[0]) > 1:
                place += len(found[0])
                continue
            word = self._misspelt(text, place)
            text = text[:place] + word + text[place + len(word) :]
            place += max(1, len(word))
        return text

    def _misspelt(self, text: str, place: int) -> str:
        """The word that stands here in other characters, most of them the right ones."""
        for count in range(min(4, len(text) - place), 1, -1):
            written = text[place : place + count]
            word = self._sounds.get(tuple(map(syllable, written)), "")
            same = sum(a == b for a, b in zip(word, written, strict=False))
            if not word or (same * 2 < count and len(text) > 4):
                continue
            if not self._begins_word(text, place, count):
                return word
        return ""

    def _begins_word(self, text: str, place: int, count: int) -> bool:
        """One that is known begins in the middle: 化流量 is no other spelling of anything."""
        return any(
            (found := self._known.at(text, at)) is not None and len(found[0]) > 1
            for at in range(place + 1, place + count)
        )
