"""A text that was written for a handset, as it is said on a call.

Without the heading in brackets, and without what it tells to write back: on a call there are keys,
and the menu tells them. A sentence ends where it begins to speak of that, or of calling the hall:
who hears it has called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from ivr.speech.read_aloud import SEAM


class _Manner(NamedTuple):
    """How a language is written."""

    sentence: re.Pattern[str]
    clause: re.Pattern[str]
    writes: re.Pattern[str]
    """Tells what to write, or whom to call."""
    choice: re.Pattern[str]
    """… or call the hall."""
    condition: re.Pattern[str]
    """Begins what says nothing without its end: if you are not content, …"""
    stop: str
    gap: str


HEADING: Final = re.compile(r"^\s*【[^】]*】")
_CODE: Final = re.compile(r"\s?[((][A-Z]{2,}[0-9]*[))]")
"""A code to be sent, behind what it is for."""
_MANNERS: Final[Mapping[str, _Manner]] = {
    "zh": _Manner(
        re.compile(r"[^。\n]+[。\n]?"),
        re.compile(r"[^,，;；:：]+[,，;；:：]?"),
        re.compile(
            rf"回复|请(?:先|重新|编辑短信)?发送|发送{SEAM}?[A-Z0-9]|重新发送|删除|为安全起见|[A-Z]{{2,}}#"
            r"|查询[A-Z]{4,}|(?:咨询|详询|联系|拨打)10086"
        ),
        re.compile("或(?:咨询|联系|拨打)10086"),
        re.compile("[如若]"),
        "。",
        "",
    ),
    "en": _Manner(
        re.compile(rf".+?(?:[.!?](?=[\s{SEAM}]|$)|$)", re.DOTALL),
        re.compile(rf".+?(?:[,;:](?=[\s{SEAM}]|$)|$)", re.DOTALL),
        re.compile(
            r"\b(?:[Rr]eply|[Ss]end|[Tt]ext)\b|[A-Z]{2,}#|[Dd]elete your message"
            r"|\b(?:by|with) (?:[A-Z]{4,}|[0-9]{3,4}\b)|\bcall 10086\b"
        ),
        re.compile(",? or call 10086"),
        re.compile("(?:If|To) "),
        ".",
        " ",
    ),
}


def aloud(text: str, language: str) -> str:
    """What is left may be nothing: then the text needs words of its own for calls."""
    manner = _MANNERS.get(language, _MANNERS["zh"])
    sentences = manner.sentence.findall(_CODE.sub("", HEADING.sub("", text)))
    said = (_sentence(sentence, manner) for sentence in sentences)
    return manner.gap.join(each for each in said if each)


def _sentence(sentence: str, manner: _Manner) -> str:
    sentence = manner.choice.sub("", sentence)
    if not manner.writes.search(sentence):
        return sentence.strip()
    kept = "".join(_until_it_writes(manner.clause.findall(sentence), manner))
    kept = kept.strip(f" ,，;；:：{SEAM}")
    return f"{kept}{manner.stop}" if kept and not manner.condition.match(kept) else ""


def _until_it_writes(clauses: list[str], manner: _Manner) -> Iterator[str]:
    for clause in clauses:
        if manner.writes.search(clause):
            return
        yield clause
