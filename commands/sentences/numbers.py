"""Numbers in a sentence: in digits or in characters, with what they count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from commands.mobile_number import IN_A_SENTENCE, mobile_number

# What a number may be of; each is a tag that rules can name.
KINDS: Final = ("msisdn", "short", "yuan", "hours", "month", "day", "digits")

_HANZI: Final = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "两": 2, "俩": 2, "幺": 1, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6,
    "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_TENS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SIGNS: Final = "".join(_HANZI) + "".join(_TENS) + "廿卅"
_COUNT: Final = rf"(?:[0-9]{{1,6}}(?:\.[0-9]{{1,2}})?|[{_SIGNS}]{{1,7}})"
_YUAN: Final = "元钱|块钱|块錢|元|块|圆|RMB|塊|蚊|大洋|YUAN"
_FEASTS: Final = {
    "元旦": 1,
    "五一": 5,
    "劳动节": 5,
    "儿童节": 6,
    "国庆": 10,
    "双十一": 11,
    "圣诞": 12,
}
# In this order; a number that no unit follows is one only if it cannot be a word.
_NUMBER: Final = re.compile(
    rf"(?P<msisdn>(?<![0-9]){IN_A_SENTENCE}(?![0-9]))"
    rf"|(?P<hours>{_COUNT})(?:个)?(?:小时|钟头|H(?![A-Z]))"
    rf"|(?P<yuan>{_COUNT})(?:{_YUAN})"
    r"|(?P<ago>上+)(?:个)?月(?:份)?"
    r"|前(?P<before>[一二两三四五六1-6])个?月|(?P<back>[一二两三四五六1-6])个月(?:以|之)?前"
    rf"|(?P<feast>{'|'.join(_FEASTS)})(?:那个?|的那个?)?月"
    r"|(?P<year>20[0-9]{2}|去|今)年(?P<of>[0-9]{1,2}|[一二三四五六七八九十]{1,2})月(?:份)?"
    r"|(?P<month>(?:1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十]))月(?:份|(?![0-9一二三四五六七八九十]))"
    r"|(?P<yyyymm>20[0-9]{2}[-/.年]?(?:0[1-9]|1[0-2]))(?![0-9])"
    r"|(?P<day>今天|昨天|前天|昨晚|昨日)"
    r"|(?P<short>(?<![0-9])6[0-9]{3,5}(?![0-9]))"
    rf"|(?P<digits>[0-9]+(?:\.[0-9]+)?(?![0-9A-Z])|(?:[一二两三四五六七八九][十百千]|十|廿|卅)[{_SIGNS}]*(?![万分度科货足]))",
)
# Words of months that pinyin may spell.
MONTHS: Final = (
    "上个月", "上上个月", "这个月", "上月", "本月", "块钱", "月份",
    *(f"{n}月" for n in ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")),
)  # fmt: skip
_DAYS: Final = {"今天": 0, "昨天": 1, "昨晚": 1, "昨日": 1, "前天": 2}


@dataclass(frozen=True, slots=True)
class SentenceNumber:
    kind: str  # of KINDS
    value: str  # in digits, as a command's parameter
    start: int
    end: int


def numbers(text: str, today: date | None) -> Iterator[SentenceNumber]:
    """Those of a text, in their order. Months and days need to know what day it is."""
    for found in _NUMBER.finditer(text):
        kind, value = _read(found, today)
        if value:
            yield SentenceNumber(kind, value, *found.span())


def _read(found: re.Match[str], today: date | None) -> tuple[str, str]:
    kind = str(found.lastgroup)
    said = found[kind]
    match kind:
        case "msisdn":
            return kind, mobile_number(said)
        case "hours" | "yuan" | "digits":
            return kind, _plain(said)
        case "ago":
            return "month", _ago(len(said), today)
        case "before" | "back":
            return "month", _ago(int(_plain(said)), today)
        case "feast":
            return "month", _latest(_FEASTS[said], today)
        case "of":
            return "month", _of_year(found["year"], int(_plain(said)), today)
        case "month":
            return kind, _latest(int(_plain(said)), today)
        case "yyyymm":
            return "month", re.sub("[^0-9]", "", said)
        case "day":
            return kind, _day(_DAYS[said], today)
        case _:
            return kind, said


def _plain(said: str) -> str:
    if said[0].isascii():
        return said.removesuffix(".00").removesuffix(".0")
    return str(_counted(said.replace("廿", "二十").replace("卅", "三十")))


def _counted(said: str) -> int:
    """一百二十 is 120, 一百二 as well, 一二三 is 123."""
    if not any(sign in _TENS for sign in said):
        return int("".join(str(_HANZI[sign]) for sign in said))
    total, digit, unit = 0, 0, 1
    for sign in said:
        if sign in _TENS:
            unit = _TENS[sign]
            total += (digit or 1) * unit
            digit = 0
        else:
            digit = _HANZI[sign]
    return total + digit * (unit // 10 if unit > 10 and said[-2:-1] and said[-2] in _TENS else 1)


def _ago(months: int, today: date | None) -> str:
    if today is None:
        return ""
    count = today.year * 12 + today.month - 1 - months
    return f"{count // 12}{count % 12 + 1:02}"


def _latest(month: int, today: date | None) -> str:
    """九月份 is the last September that has begun."""
    if today is None or not 1 <= month <= 12:
        return ""
    return f"{today.year - (month > today.month)}{month:02}"


def _of_year(year: str, month: int, today: date | None) -> str:
    if not 1 <= month <= 12 or (today is None and not year.isdigit()):
        return ""
    named = int(year) if year.isdigit() else (today.year if today else 0) - (year == "去")
    return f"{named}{month:02}"


def _day(before: int, today: date | None) -> str:
    return f"{today - timedelta(days=before):%m%d}" if today else ""
