"""Reading aloud: a text as it is written, and the sounds that say it. Pure.

    您的余额56.80元,请及时充值。  ─▶  您的余额 │ 五十六元 │ 八角 │ 请及时充值。

Figures are read where they stand, from fragments: the hall writes them in few ways, and each way
can be read in one manner only. What lies between them is spoken in one breath, and so is one
sound, named after its text. A seam cuts where names begin and end, so that a sentence needs no
sound of its own for every name that may stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from hashlib import blake2b
from typing import Final

from ivr.speech.languages import SPOKEN_LANGUAGES, SpokenLanguage
from ivr.speech.sound import CountedUnit, Sound, Unspeakable

SEAM: Final = "\u200b"
"""Has no width; stands before and behind what was put into a sentence."""
PAUSE: Final = Sound("pause", "")
"""Between sentences, where no words are that could end with one."""
ENDING_IN: Final = {"zh": "尾号", "en": "ending in"}
"""Before the last four digits of a number that is not said whole."""

_STOPS: Final = "。;；!！?？\n"
_COLONS: Final = ":："
"""Between two figures, a pause: on the second of November, fifty-six point eight zero yuan."""
# what else divides: said as nothing
_BREAKS: Final = re.compile(rf"[,，、:：()（）【】《》“”\"…|{SEAM}{_STOPS}]|[.](?![0-9])")
_TIGHT: Final = re.compile(rf"{SEAM}(?=-?[0-9])|(?<=[0-9]){SEAM}")
_NUMBERS: Final = re.compile(r"[0-9]+")
_EACH: Final = re.compile(
    rf"{SEAM}?(-?[0-9]+(?:\.[0-9]{{1,2}})?){SEAM}?元{SEAM}?/{SEAM}?"
    "(月|年|日|天|分钟|小时|条|次|个|[KMG]B)"
)
"""10元/月: an amount, and for what."""
_PERCENT: Final = re.compile(rf"([0-9]+(?:\.[0-9]+)?){SEAM}?%")
_SPAN: Final = re.compile(r"(?<=:[0-9]{2})-(?=[0-9])")
"""Between two times of day."""


def phrase_sound(text: str) -> Sound:
    """A sound for words that have no figures in them."""
    return Sound(f"p/{blake2b(text.encode(), digest_size=6).hexdigest()}", text)


def read_aloud(text: str, language: str) -> list[Sound]:
    """The sounds that say a text; an unknown language is read as Chinese."""
    tongue = language if language in _FIGURES else "zh"
    speech, figures, prepare = SPOKEN_LANGUAGES[tongue], _FIGURES[tongue], _PREPARE[tongue]
    said: list[Sound] = []
    at, stop = 0, _STOPS[0] if tongue == "zh" else "."
    plain = _TIGHT.sub("", prepare(text))
    for found in figures.finditer(plain):
        said += _phrases(plain[at : found.start()], stop)
        said += _figure(found, speech, tongue)
        at = found.end()
    said += _phrases(plain[at:], stop)
    while said and said[-1] == PAUSE:
        said.pop()
    return said


def _phrases(text: str, full_stop: str) -> Iterator[Sound]:
    """What stands between figures, in breaths; the end of a sentence belongs to its last."""
    at, spoken = 0, False
    for found in _BREAKS.finditer(text):
        words = text[at : found.start()].strip()
        stops = found[0] in _STOPS or found[0] == "."
        if words:
            yield phrase_sound(f"{words}{full_stop}" if stops else words)
        elif (stops or found[0] in _COLONS) and not spoken:
            yield PAUSE
        spoken = spoken or bool(words) or stops
        at = found.end()
    if words := text[at:].strip():
        yield phrase_sound(words)


def _figure(found: re.Match[str], speech: SpokenLanguage, language: str) -> list[Sound]:
    kind, written = str(found.lastgroup), found[0]
    try:
        if kind == "masked":
            return [phrase_sound(ENDING_IN[language]), *speech.digits(written[-4:])]
        return _SAY[kind](written, speech)
    except (Unspeakable, ValueError):  # 99月99日: as it is written
        return speech.digits("".join(_NUMBERS.findall(written)))


# ---- how figures are written -------------------------------------------------------------------

_CHINESE: Final = re.compile(
    r"""
      (?P<masked>   1[0-9]{2}\*{4}[0-9]{4} )
    | (?P<date>     (?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}日 )
    | (?P<year_month> [0-9]{4}年[0-9]{1,2}月 )
    | (?P<month>    (?<![0-9])[0-9]{1,2}月 )
    | (?P<clock>    [0-9]{1,2}:[0-9]{2} )
    | (?P<hour>     (?<![0-9])[0-9]{1,2}[时点] )
    | (?P<money>    -?[0-9]+(?:\.[0-9]{1,2})?元 )
    | (?P<data>     [0-9]+(?:\.[0-9]+)?[GM]B )
    | (?P<hours>    [0-9]+小时(?:[0-9]+分钟?)? )
    | (?P<counted>  [0-9]+(?:分钟|条|次|天|秒|位|项|分) )
    | (?P<some>     (?<![0-9.])[0-9]{1,4}(?=[个笔]) )
    | (?P<decimal>  [0-9]+\.[0-9]+ )
    | (?P<name>     (?:(?<=号)|(?<=号[为:码])|(?<=密码)|(?<=拨打)|(?<=例如))[0-9]{3,4}(?![0-9])
                  | (?<![0-9])[0-9]{3}(?=邮箱) )
    | (?P<digits>   (?<!按)(?:[0-9]{5,}|0[0-9]+) )
    | (?P<number>   (?<![按0-9])(?<!press[ ])-?[0-9]+ )
    """,
    re.VERBOSE,
)

_MONTHS: Final = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]
_MONTH: Final = f"(?:{'|'.join(_MONTHS)})"
_ENGLISH: Final = re.compile(
    rf"""
      (?P<masked>   1[0-9]{{2}}\*{{4}}[0-9]{{4}} )
    | (?P<clock>    [0-9]{{1,2}}:[0-9]{{2}} )
    | (?P<date>     [0-9]{{1,2}}[ ]{_MONTH}(?:[ ][0-9]{{4}})? )
    | (?P<year_month> {_MONTH}[ ][0-9]{{4}} )
    | (?P<money>    -?[0-9]+(?:\.[0-9]{{1,2}})?[ ]yuan )
    | (?P<data>     [0-9]+(?:\.[0-9]+)?[ ]?[GM]B )
    | (?P<fee>      -?[0-9]+\.[0-9]{{2}}(?![0-9%]) )
    | (?P<hours>    [0-9]+[ ]h\b(?:[ ][0-9]+[ ]min\b)? )
    | (?P<counted>  [0-9]+[ ](?:min\b|minutes?|hours?|days?|times?|messages?|points?|items?) )
    | (?P<decimal>  [0-9]+\.[0-9]+ )
    | (?P<name>     (?:(?<=number[ ])|(?<=number[ ]is[ ])|(?<=ending[ ]in[ ]))[0-9]{{3,4}}(?![0-9])
                  | (?<![0-9])[0-9]{{3}}(?=[ ]Mail) )
    | (?P<digits>   [0-9]{{5,}}|0[0-9]+ )
    | (?P<number>   (?<![0-9])(?<!press[ ])-?[0-9]+ )
    """,
    re.VERBOSE,
)

_FIGURES: Final[Mapping[str, re.Pattern[str]]] = {"zh": _CHINESE, "en": _ENGLISH}


def _prepare_chinese(text: str) -> str:
    """10元/月: 每月10元; 80%: 百分之80; 请按*: 星号键; 8:00-18:00: 至."""
    text = _EACH.sub(r"每\2\1元", _SPAN.sub("至", _PERCENT.sub(r"百分之\1", text)))
    keys = text.replace("按*", "按星号键").replace("按#", "按井号键")
    return re.sub(rf"/{SEAM}?(?=[\u4e00-\u9fff])", "每", keys).replace("/", ",")


def _prepare_english(text: str) -> str:
    """10 yuan/month: per month; 80%: percent; press *: star; 8:00-18:00: to."""
    text = _SPAN.sub(" to ", _PERCENT.sub(r"\1 percent", text))
    keys = text.replace("press *", "press star").replace("press #", "press hash")
    spelt = re.sub(rf"/{SEAM}?(?=[a-z])", " per ", keys)
    return re.sub(r"per min\b", "per minute", spelt).replace("/", ",")


_PREPARE: Final[Mapping[str, Callable[[str], str]]] = {
    "zh": _prepare_chinese,
    "en": _prepare_english,
}

# ---- how figures are said ----------------------------------------------------------------------

_UNITS: Final = {
    "分钟": CountedUnit.MINUTES,
    "条": CountedUnit.MESSAGES,
    "次": CountedUnit.TIMES,
    "天": CountedUnit.DAYS,
    "秒": CountedUnit.SECONDS,
    "位": CountedUnit.PEOPLE,
    "项": CountedUnit.ITEMS,
    "分": CountedUnit.POINTS,
    "min": CountedUnit.MINUTES,
    "minute": CountedUnit.MINUTES,
    "hour": CountedUnit.HOURS,
    "day": CountedUnit.DAYS,
    "time": CountedUnit.TIMES,
    "message": CountedUnit.MESSAGES,
    "point": CountedUnit.POINTS,
    "item": CountedUnit.ITEMS,
}


def _numbers(written: str) -> list[int]:
    return [int(number) for number in _NUMBERS.findall(written)]


def _date(written: str, speech: SpokenLanguage) -> list[Sound]:
    numbers = _numbers(written)
    if " " in written:  # 30 Nov 2026
        day, *year = numbers
        month = _MONTHS.index(written.split(" ")[1]) + 1
    else:
        *year, month, day = numbers
    if not year:
        return speech.day(date(2024, month, day))  # a leap year: 2月29日
    return speech.whole_date(date(year[0], month, day))


def _year_month(written: str, speech: SpokenLanguage) -> list[Sound]:
    if " " in written:
        name, year = written.split(" ")
        return speech.year_month(int(year), _MONTHS.index(name) + 1)
    year_number, month = _numbers(written)
    return speech.year_month(year_number, date(2024, month, 1).month)


def _month(written: str, speech: SpokenLanguage) -> list[Sound]:
    return speech.month(date(2024, _numbers(written)[0], 1).month)


def _hour(written: str, speech: SpokenLanguage) -> list[Sound]:
    return speech.hour(datetime(2024, 1, 1, _numbers(written)[0] % 24).hour)


def _clock(written: str, speech: SpokenLanguage) -> list[Sound]:
    hour, minute = _numbers(written)
    return speech.time(datetime(2024, 1, 1, hour % 24, minute))


def _money(written: str, speech: SpokenLanguage) -> list[Sound]:
    yuan, fen = (*_NUMBERS.findall(written), "")[:2]
    amount = int(yuan) * 100 + int(fen.ljust(2, "0"))
    return speech.amount(-amount if written.startswith("-") else amount)


def _data(written: str, speech: SpokenLanguage) -> list[Sound]:
    number = float(re.sub(r"[^0-9.]", "", written))
    if "G" in written and "." not in written:
        return speech.gigabytes(round(number))
    return speech.data(round(number * 1024 if "G" in written else number))


def _hours(written: str, speech: SpokenLanguage) -> list[Sound]:
    hours, minutes = (*_numbers(written), 0)[:2]
    return speech.duration(hours * 60 + minutes)


def _counted(written: str, speech: SpokenLanguage) -> list[Sound]:
    number = _NUMBERS.findall(written)[0]
    unit = written.removeprefix(number).strip()
    return speech.count(int(number), _UNITS.get(unit) or _UNITS[unit.removesuffix("s")])


def _decimal(written: str, speech: SpokenLanguage) -> list[Sound]:
    whole, places = written.split(".")
    return speech.decimal(int(whole), places)


_SAY: Final[Mapping[str, Callable[[str, SpokenLanguage], list[Sound]]]] = {
    "date": _date,
    "year_month": _year_month,
    "month": _month,
    "clock": _clock,
    "hour": _hour,
    "money": _money,
    "fee": _money,  # in a list of amounts nobody writes yuan behind each
    "data": _data,
    "hours": _hours,
    "counted": _counted,
    "some": lambda written, speech: speech.counted(int(written)),
    "decimal": _decimal,
    "name": lambda written, speech: speech.digits(written),  # it counts nothing: 幺三九
    "digits": lambda written, speech: speech.digits(written),
    "number": lambda written, speech: speech.number(int(written)),
}
