"""Numbers as they are said in Chinese.

Groups of four digits, 万 and 亿. A gap between two digits that are not zero is one 零. Two is 两
before 百, 千, 万, 亿 and before what is counted, else 二. One is 幺 in numbers that are spelt. Ten
to nineteen begin with 一 where something stands before them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Final

from ivr.speech.quantities import SpokenQuantities
from ivr.speech.sound import CountedUnit, Sound, Unspeakable, speakable_size

_DIGITS: Final = "零一二三四五六七八九"
_SPELT: Final = {**{str(d): _DIGITS[d] for d in range(10)}, "1": "幺", "*": "星号", "#": "井号"}
_KEY_NAMES: Final = {"*": "star", "#": "hash"}
_MINUS: Final = Sound("minus", "负")
_ZERO: Final = Sound("zero", "零")
_POINT: Final = Sound("point", "点")
_YUAN: Final = Sound("yuan", "元")
_YEAR: Final = Sound("year", "年")
_GIGA, _MEGA = Sound("giga", "G"), Sound("mega", "兆")
_YEARS: Final = range(2015, 2041)
_PAIRS: Final = tuple(f"{pair:02}" for pair in range(100))
_RUNS: Final = re.compile(r"[0-9]+|.")
"""Of what is spelt: digits, and each other key alone."""
_GROUPS: Final = (Sound("yi", "亿"), Sound("wan", "万"))
_UNITS: Final = {
    CountedUnit.MESSAGES: Sound("messages", "条"),
    CountedUnit.PEOPLE: Sound("people", "位"),
    CountedUnit.TIMES: Sound("times", "次"),
    CountedUnit.DAYS: Sound("days", "天"),
    CountedUnit.HOURS: Sound("hours", "小时"),
    CountedUnit.MINUTES: Sound("minutes", "分钟"),
    CountedUnit.SECONDS: Sound("seconds", "秒"),
    CountedUnit.POINTS: Sound("points", "分"),
    CountedUnit.ITEMS: Sound("items", "项"),
}


def _below_hundred(number: int, full: bool = False) -> str:
    """23: 二十三. With `full` something stands before it: 15 is 一十五."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    ten = "十" if tens == 1 and not full else f"{_DIGITS[tens]}十"
    return ten + (_DIGITS[ones] if ones else "")


def _two(digit: int) -> str:
    """A digit before 百, 千 or what is counted."""
    return "两" if digit == 2 else _DIGITS[digit]


# Every sound that says a number, made in one place each.


def _small(number: int) -> Sound:
    """0 to 99."""
    return Sound(f"n/{number}", _below_hundred(number))


def _after(number: int) -> Sound:
    """10 to 19 behind a hundred: 一十五."""
    return Sound(f"n/full-{number}", _below_hundred(number, full=True))


def _behind_gap(number: int) -> Sound:
    """1 to 99 behind a gap: 零五, 零一十五."""
    return Sound(f"n/gap-{number}", f"零{_below_hundred(number, full=True)}")


def _hundreds(digit: int) -> Sound:
    return Sound(f"n/{digit}00", f"{_two(digit)}百")


def _thousands(digit: int) -> Sound:
    return Sound(f"n/{digit}000", f"{_two(digit)}千")


def _spelt(keys: str) -> Sound:
    """One key, or two digits: alone a digit is drawn out and taken for another word. The comma is
    heard as the breath between them."""
    said = "".join(_SPELT[key] for key in keys)
    return Sound(f"digit/{_KEY_NAMES.get(keys, keys)}", f"{said}，")


def _year_of(year: int) -> list[Sound]:
    """Spelt, but its ones are no 幺; the years of today in one breath."""
    spelt = "".join(_DIGITS[int(digit)] for digit in str(year))
    if year in _YEARS:
        return [Sound(f"year/{year}", f"{spelt}年")]
    return [*(_small(int(digit)) for digit in str(year)), _YEAR]


def _yuan_of(number: Sound) -> Sound:
    """What ends a number of 元, with it: apart they are heard as 我愿 (五元), 四十日元 (四十元)."""
    return Sound(f"yuan/{number.name.removeprefix('n/')}", f"{number.text}元")


def _few_yuan(number: int) -> Sound:
    """0 to 9, alone: 两元."""
    return Sound(f"yuan/{number}", f"{_two(number)}元")


def _jiao(digit: int) -> Sound:
    return Sound(f"jiao/{digit}", f"{_two(digit)}角")


def _jiao_and_fen(number: int) -> Sound:
    """11 to 99 without 0 at the end: 七角八分, in one breath. A 六分 or 两分 that begins a breath
    is heard as 又分 or 样分."""
    return Sound(f"jiao/{number}", f"{_jiao(number // 10).text}{_fen(number % 10).text}")


def _fen(digit: int) -> Sound:
    return Sound(f"fen/{digit}", f"{_two(digit)}分")


def _fen_behind_gap(digit: int) -> Sound:
    """五元零三分: no 角 in between."""
    return Sound(f"fen/gap-{digit}", f"零{_DIGITS[digit]}分")


def _month(month: int) -> Sound:
    return Sound(f"month/{month}", f"{_below_hundred(month)}月")


def _day(day: int) -> Sound:
    return Sound(f"day/{day}", f"{_below_hundred(day)}日")


def _hour(hour: int) -> Sound:
    return Sound(f"hour/{hour}", f"{_two(hour) if hour < 10 else _below_hundred(hour)}点")


def _minute(minute: int) -> Sound:
    gap = "零" if minute < 10 else ""
    return Sound(f"minute/{minute}", f"{gap}{_below_hundred(minute)}分" if minute else "整")


_TWO: Final = Sound("n/two", "两")
_EVERY: Final[Sequence[tuple[Callable[[int], Sound], Iterable[int]]]] = (
    (_small, range(100)),
    (_after, range(10, 20)),
    (_behind_gap, range(1, 100)),
    (_hundreds, range(1, 10)),
    (_thousands, range(1, 10)),
    (_few_yuan, range(10)),
    (lambda number: _yuan_of(_small(number)), range(10, 100)),
    (lambda number: _yuan_of(_after(number)), range(10, 20)),
    (lambda number: _yuan_of(_behind_gap(number)), range(1, 100)),
    (_jiao, range(1, 10)),
    (_jiao_and_fen, [number for number in range(11, 100) if number % 10]),
    (_fen, range(1, 10)),
    (_fen_behind_gap, range(1, 10)),
    (_month, range(1, 13)),
    (_day, range(1, 32)),
    (_hour, range(24)),
    (_minute, range(60)),
)


class SpokenChinese(SpokenQuantities):
    """See `SpokenLanguage`."""

    minus, point, giga, mega = _MINUS, _POINT, _GIGA, _MEGA

    def whole(self, number: int) -> list[Sound]:
        return _whole(number)

    def counted(self, number: int) -> list[Sound]:
        return _counted(number)

    def digit(self, digit: int) -> Sound:
        return _small(digit)

    def unit(self, what: CountedUnit, number: int) -> Sound:
        return _UNITS[what]

    def amount(self, fen: int) -> list[Sound]:
        yuan, rest = divmod(speakable_size(fen), 100)
        jiao, fen_left = divmod(rest, 10)
        said = _in_yuan(yuan) if yuan or not rest else []
        if jiao:
            said.append(_jiao_and_fen(rest) if fen_left else _jiao(jiao))
        elif fen_left:
            said.append(_fen_behind_gap(fen_left) if yuan else _fen(fen_left))
        return self.signed(fen, said)

    def digits(self, digits: str) -> list[Sound]:
        try:
            return [_spelt(keys) for run in _RUNS.findall(digits) for keys in _pairs(run)]
        except KeyError as key:
            raise Unspeakable(f"{key} among digits") from None

    def whole_date(self, day: date) -> list[Sound]:
        return [*_year_of(day.year), *self.day(day)]

    def year_month(self, year: int, month: int) -> list[Sound]:
        return [*_year_of(year), _month(month)]

    def month(self, month: int) -> list[Sound]:
        return [_month(month)]

    def day(self, day: date) -> list[Sound]:
        return [_month(day.month), _day(day.day)]

    def hour(self, hour: int) -> list[Sound]:
        return [_hour(hour)]

    def time(self, moment: datetime) -> list[Sound]:
        return [_hour(moment.hour), _minute(moment.minute)]

    def text(self, sounds: Sequence[Sound]) -> str:
        return "".join(sound.text for sound in sounds)

    def vocabulary(self) -> list[Sound]:
        numbers = [make(each) for make, several in _EVERY for each in several]
        words = [_MINUS, _ZERO, _POINT, _YUAN, _YEAR, _GIGA, _MEGA, _TWO, *_GROUPS]
        spelt = [_spelt(keys) for keys in (*_SPELT, *_PAIRS)]
        years = [sound for year in _YEARS for sound in _year_of(year)]
        return [*numbers, *words, *_UNITS.values(), *spelt, *years]


def _pairs(run: str) -> list[str]:
    """12345: 1, 23, 45."""
    odd = len(run) % 2
    return [run[:odd]] * odd + [run[at : at + 2] for at in range(odd, len(run), 2)]


def _counted(number: int) -> list[Sound]:
    """A number before what it counts: two is 两."""
    return [_TWO] if number == 2 else _whole(number)


def _in_yuan(yuan: int) -> list[Sound]:
    if yuan < 10:
        return [_few_yuan(yuan)]
    *greater, last = _whole(yuan)
    return [*greater, _yuan_of(last)] if yuan % 100 else [*greater, last, _YUAN]


def _whole(number: int) -> list[Sound]:
    if number < 100:
        return [_small(number)]
    yi, rest = divmod(number, 10**8)
    wan, low = divmod(rest, 10**4)
    said: list[Sound] = []
    gap = False  # a group of zeros lies between
    for group, name in ((yi, _GROUPS[0]), (wan, _GROUPS[1]), (low, None)):
        if group:
            said += _group(group, bool(said), gap, named=name is not None)
            said += [name] if name else []
        gap = bool(said) and not group
    return said


def _group(group: int, behind: bool, gap: bool, named: bool) -> list[Sound]:
    """1 to 9999; `behind` a greater group, perhaps with a `gap`, and `named` 万 or 亿 after it."""
    zero = behind and (gap or group < 1000)
    if group < 100 and zero:
        # 两万 stays 两万 behind a gap
        return [_ZERO, _TWO] if named and group == 2 else [_behind_gap(group)]
    if named and group == 2:
        return [_TWO]
    said = [_ZERO] if zero else []
    thousands, rest = divmod(group, 1000)
    hundreds, small = divmod(rest, 100)
    if thousands:
        said.append(_thousands(thousands))
    if hundreds:
        said.append(_hundreds(hundreds))
    elif thousands and small:
        return [*said, _behind_gap(small)]
    if small:
        said.append(_behind_hundred(small) if hundreds else _small(small))
    return said


def _behind_hundred(small: int) -> Sound:
    if small < 10:
        return _behind_gap(small)
    return _after(small) if small < 20 else _small(small)
