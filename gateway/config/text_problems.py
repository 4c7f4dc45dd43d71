"""What is odd about texts in two languages, wherever they stand in conf/: blanks that hang over, a
line break in a name, braces where nothing is filled in, Chinese under `en`, other figures in the
other language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gateway.config.checked_yaml import Document, Finding
from gateway.wording.tariff_references import REFERENCE
from tariffs.file_problem import FilePlace, FileProblem

LONGEST_LABEL: Final = 48  # columns: a Chinese character takes two; no phone has longer lines
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_CHINESE: Final = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_LATIN_WORD: Final = re.compile(r"[A-Za-z]?[a-z]{2,}")
_FIGURE: Final = re.compile(r"\{(?:price|name):[A-Z0-9]+\}|\d+(?:\.\d+)?")
_PAIRS: Final = ("()", "（）", "【】", "《》", "「」", "“”")
_AS_IT_STANDS: Final = re.compile(r"&[a-z]{2,6};|&#[0-9]{2,5};|\\[nrtu]")
_LANGUAGES: Final = ("zh", "en")
_FORMS: Final = frozenset({*_LANGUAGES, "sms", "ussd", "voice"})
_NAMES: Final = frozenset(
    {"name", "label", "pitch", "points", "provider", "region", "campus"}
)  # one line

_MAY_LIST_NOTHING: Final = frozenset(
    {"closed", "campuses", "workdays", "holidays", "offers", "escalate", "weak_blocks"}
    | {
        "after",
        "operators",
        "says",
        "help",
    }  # what is wrong with them is told by whoever reads them
)

TextProblem = tuple[str, str]  # what is wrong, and what to write


def text_oddities(text: str, language: str, *, must: bool = False) -> Iterator[TextProblem]:
    """Of a text in a language, without what is filled in. `must`: it has to say something."""
    if not text.strip() and (text or must):
        yield "is empty", "Write the text"
    if text.endswith("\n"):
        yield "ends with a line break", "Begin it with >- or |-, or put it into quotes"
    if (as_it_stands := _AS_IT_STANDS.search(text)) is not None:
        yield f"says '{as_it_stands[0]}' as it stands", "Write the sign that is meant"
    for pair in _PAIRS:
        opened, closed = map(text.count, pair)
        if opened != closed:
            yield f"has {opened} '{pair[0]}' and {closed} '{pair[1]}'", "Correct the brackets"
    chinese, words = len(_CHINESE.findall(text)), _LATIN_WORD.findall(text)
    if language == "en" and chinese > sum(map(len, words)):
        yield "is Chinese under en", "Write it in English"
    if language == "zh" and words and not _HAN.search(text) and len(text.split()) > 1:
        yield "is English under zh", "Write it in Chinese"


def name_oddities(text: str, language: str) -> Iterator[TextProblem]:
    """Of a name or label besides: it is read on one line, between other words."""
    if not text:
        return
    if text != text.strip():
        yield f"begins or ends with a blank: '{text}'", "Take it out"
    elif len(text.splitlines()) > 1:
        yield "has a line break in it", "Write it on one line"
    if language == "en" and _HAN.search(text):
        yield "is Chinese under en", "Write it in English"
    elif language == "zh" and not _HAN.search(text) and _LATIN_WORD.fullmatch(text):
        yield "is English under zh", "Write it in Chinese"


def document_oddities(
    document: Document, *, filled: bool = False, priced: bool = False
) -> Iterator[Finding]:
    """Of all texts of a file that stand there in two languages. `filled`: it is one of menus, whose
    texts may name facts and say nothing. `priced`: they may take prices from the tariff."""
    for place, language, text in texts_of(document):
        own = REFERENCE.sub("", text) if priced else text
        for what, fix in _found(place, language, own, filled):
            key = ".".join(map(str, place))
            yield document.finding(FileProblem(place, f"'{key}' {what}", fix))
    for place, what in _twice(document.data, ()):
        yield document.finding(FileProblem(place, what, "Keep one of the two"))
    for place in _empty_lists(document.data, ()):
        fix = "Write what belongs there, or take the line out"
        yield document.finding(FileProblem(place, f"'{place[-1]}' lists nothing", fix))


def _empty_lists(data: object, place: FilePlace) -> Iterator[FilePlace]:
    if isinstance(data, dict):
        for key, value in data.items():
            if value == [] and key not in _MAY_LIST_NOTHING:
                yield (*place, key)
            yield from _empty_lists(value, (*place, key))
    elif isinstance(data, list):
        for position, value in enumerate(data):
            yield from _empty_lists(value, (*place, position))


def unequal_names(document: Document) -> Iterator[Finding]:
    """Names whose figures, or prices from the tariff, are not the same in both languages."""
    chinese: dict[FilePlace, str] = {}
    for place, language, text in texts_of(document):
        if _kind(place) not in _NAMES:
            continue
        if language == "zh":
            chinese[place[:-1]] = text
            continue
        if (zh := chinese.get(place[:-1])) is None or not (zh and text):
            continue
        if sorted(_FIGURE.findall(zh)) != sorted(_FIGURE.findall(text)):
            key = ".".join(map(str, place[:-1]))
            what = f"'{key}' says '{zh}' and '{text}': other figures"
            yield document.finding(FileProblem(place, what, "Correct one of the two languages"))


def _twice(data: object, place: FilePlace) -> Iterator[tuple[FilePlace, str]]:
    """The same word or figure twice in one list."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _twice(value, (*place, key))
    elif isinstance(data, list):
        seen: set[object] = set()
        for n, item in enumerate(data):
            if isinstance(item, str | int) and item in seen:
                yield (*place, n), f"'{item}' stands in this list twice"
            elif isinstance(item, str | int):
                seen.add(item)
            else:
                yield from _twice(item, (*place, n))


def _found(place: FilePlace, language: str, text: str, filled: bool) -> Iterator[TextProblem]:
    yield from dict.fromkeys(_of_its_kind(place, language, text, must=not filled))
    blanks = place[0] == "templates" and _kind(place) == "text"  # tickets.yaml: looked at there
    if not filled and not blanks and (brace := set(text) & set("{}｛｝")):
        yield f"has a '{min(brace)}', and nothing is filled in here", "Take it out"
    if _kind(place) == "label" and "voice" not in place and _columns(text) > LONGEST_LABEL:
        what = f"takes {_columns(text)} columns, more than a line's {LONGEST_LABEL}"
        yield what, "Shorten it"


def _of_its_kind(
    place: FilePlace, language: str, text: str, *, must: bool
) -> Iterator[TextProblem]:
    yield from text_oddities(text, language, must=must)
    if _kind(place) in _NAMES:
        yield from name_oddities(text, language)


def _kind(place: FilePlace) -> str:
    """What the text is: the key above its languages, and above its channels."""
    return next((str(key) for key in reversed(place) if key not in _FORMS), "")


def _columns(text: str) -> int:
    return sum(2 if _CHINESE.match(sign) else 1 for sign in text)


def texts_of(document: Document) -> Iterator[tuple[FilePlace, str, str]]:
    """Each text that stands under zh or en: its place, its language, the text."""
    return _texts(document.data, (), "")


def _texts(data: object, place: FilePlace, language: str) -> Iterator[tuple[FilePlace, str, str]]:
    if isinstance(data, dict):
        tongues = _LANGUAGES if data.keys() <= _FORMS else ()
        for key, value in data.items():
            yield from _texts(value, (*place, key), key if key in tongues else "")
    elif isinstance(data, list):
        for n, item in enumerate(data):
            yield from _texts(item, (*place, n), "")
    elif isinstance(data, str) and language:
        yield place, language, data
