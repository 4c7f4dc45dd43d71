"""What the classifier sees of a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from commands.mobile_number import ELEVEN_DIGITS
from commands.sentences.rewriting import in_syllables, syllable
from commands.sentences.tagging import TaggedSentence

_PHONE: Final = re.compile(ELEVEN_DIGITS)
_NEAR: Final = 3  # words behind a word that it is seen with


def features(
    text: str,
    usual: str,
    tagged: TaggedSentence,
    names: Mapping[str, str],
    said: Sequence[str] | None,
) -> list[str]:
    """`text` in upper case and simplified characters, `usual` in the usual words, `tagged` with the
    tags that `names` names by their sign; `said` are the codes that the rules say, None if they
    know nothing."""
    text = _PHONE.sub("☎", text)
    sounds = _sounds(text)
    tags = [names[sign] for sign in tagged.signs if sign in names]
    found = [
        *_pieces("", text, 1), *_pieces("", text, 2), *_pieces("", text, 3),
        *_pieces("u", usual, 2),
        *(f"p{sound}" for sound in sounds),
        *(f"p{one} {two}" for one, two in pairwise(sounds)),
        *(f"t{tag}" for tag in tags),
        *(f"b{one}>{two}" for one, two in pairwise(tags)),
        *(
            f"k{one}>{two}"
            for place, one in enumerate(tags)
            for two in tags[place + 1 : place + 1 + _NEAR]
        ),
        *_of_rules(said),
    ]  # fmt: skip
    return list(dict.fromkeys(found))


def _pieces(kind: str, text: str, length: int) -> list[str]:
    """`length` characters each; the text's beginning and end are one."""
    whole = f"^{text}$"
    return [kind + whole[n : n + length] for n in range(len(whole) - length + 1)]


def _sounds(text: str) -> list[str]:
    """Syllables of characters and of pinyin alike."""
    found: list[str] = []
    for part in re.findall(r"[A-Z' ]+|.", text):
        found += in_syllables(part) if part[0].isascii() else [syllable(part)]
    return found


def _of_rules(said: Sequence[str] | None) -> list[str]:
    if said is None:
        return ["r-"]
    if not said:
        return ["r0"]
    heads = [code.partition("#")[0] for code in said[:2]]
    return [f"r{n}{head}" for n, head in enumerate(heads)]
