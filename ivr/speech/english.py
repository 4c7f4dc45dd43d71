"""Numbers as they are said in English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from ivr.speech.quantities import SpokenQuantities
from ivr.speech.sound import CountedUnit, Sound, Unspeakable, speakable_size

_UNDER_TWENTY: Final = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
"""
_TENFOLD: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS: Final = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
"""
_YEAR: Final = """
    January February March April May June July August September October November December
"""
_ONES, _TENS = _UNDER_TWENTY.split(), _TENFOLD.split()
_DAYS, _MONTHS = _ORDINALS.split(), _YEAR.split()
_SCALES: Final = (
    (10**9, Sound("billion", "billion")),
    (10**6, Sound("million", "million")),
    (1000, Sound("thousand", "thousand")),
)
_KEYS: Final = {"*": Sound("digit/star", "star"), "#": Sound("digit/hash", "hash")}
_YEARS: Final = range(2015, 2041)
"""Said in one breath; of twenty twenty-six one twenty is not heard."""
_MINUS: Final = Sound("minus", "minus")
_POINT: Final = Sound("point", "point")
_YUAN: Final = Sound("yuan", "yuan")
_GIGA, _MEGA = Sound("giga", "gigabytes"), Sound("mega", "megabytes")
_UNITS: Final = {
    CountedUnit.MESSAGES: ("message", "messages"),
    CountedUnit.PEOPLE: ("person", "people"),
    CountedUnit.TIMES: ("time", "times"),
    CountedUnit.DAYS: ("day", "days"),
    CountedUnit.HOURS: ("hour", "hours"),
    CountedUnit.MINUTES: ("minute", "minutes"),
    CountedUnit.SECONDS: ("second", "seconds"),
    CountedUnit.POINTS: ("point", "points"),
    CountedUnit.ITEMS: ("item", "items"),
}


def _below_hundred(number: int) -> str:
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens - 2]}-{_ONES[ones]}" if ones else _TENS[tens - 2]


def _small(number: int) -> Sound:
    """0 to 99."""
    return Sound(f"n/{number}", _below_hundred(number))


def _hundreds(digit: int) -> Sound:
    return Sound(f"n/{digit}00", f"{_ONES[digit]} hundred")


def _unit(what: CountedUnit, number: int) -> Sound:
    one, many = _UNITS[what]
    word = one if number == 1 else many
    return Sound(f"unit/{word}", word)


def _month(month: int) -> Sound:
    return Sound(f"month/{month}", _MONTHS[month - 1])


def ordinal(number: int) -> str:
    """1 to 31: twenty-first."""
    if number <= 20:
        return _DAYS[number - 1]
    return "thirtieth" if number == 30 else f"{_TENS[number // 10 - 2]}-{_DAYS[number % 10 - 1]}"


def _day(day: int) -> Sound:
    """Before the month, so that no two numbers meet."""
    return Sound(f"day/{day}", f"the {ordinal(day)} of")


def _minute(minute: int) -> Sound:
    """Behind the hour: oh five, fifteen."""
    gap = "oh " if minute < 10 else ""
    return Sound(f"minute/{minute}", f"{gap}{_below_hundred(minute)}")


def _half(hour: int) -> Sound:
    """Of the day."""
    return Sound("half/pm", "p m") if hour >= 12 else Sound("half/am", "a m")


class SpokenEnglish(SpokenQuantities):
    """See `SpokenLanguage`."""

    minus, point, giga, mega = _MINUS, _POINT, _GIGA, _MEGA

    def whole(self, number: int) -> list[Sound]:
        return _whole(number)

    def digit(self, digit: int) -> Sound:
        return _small(digit)

    def unit(self, what: CountedUnit, number: int) -> Sound:
        return _unit(what, number)

    def amount(self, fen: int) -> list[Sound]:
        yuan, rest = divmod(speakable_size(fen), 100)
        said = _whole(yuan)
        if rest:
            said += [_POINT, *(_small(int(digit)) for digit in f"{rest:02}")]
        return self.signed(fen, [*said, _YUAN])

    def digits(self, digits: str) -> list[Sound]:
        return [_key(key) for key in digits]

    def whole_date(self, day: date) -> list[Sound]:
        return [*self.day(day), *_year(day.year)]

    def year_month(self, year: int, month: int) -> list[Sound]:
        return [_month(month), *_year(year)]

    def month(self, month: int) -> list[Sound]:
        return [_month(month)]

    def day(self, day: date) -> list[Sound]:
        return [_day(day.day), _month(day.month)]

    def hour(self, hour: int) -> list[Sound]:
        return [_small(hour % 12 or 12), _half(hour)]

    def time(self, moment: datetime) -> list[Sound]:
        hour, half = self.hour(moment.hour)
        return [hour, *([_minute(moment.minute)] if moment.minute else []), half]

    def text(self, sounds: Sequence[Sound]) -> str:
        return " ".join(sound.text for sound in sounds)

    def vocabulary(self) -> list[Sound]:
        units = [_unit(what, number) for what in CountedUnit for number in (1, 2)]
        return [
            *(_small(number) for number in range(100)),
            *(_hundreds(digit) for digit in range(1, 10)),
            *(_month(month) for month in range(1, 13)),
            *(_day(day) for day in range(1, 32)),
            *(_minute(minute) for minute in range(1, 60)),
            *(_half(hour) for hour in (0, 12)),
            *(sound for year in _YEARS for sound in _year(year)),
            *(scale for _, scale in _SCALES),
            *_KEYS.values(), *units, _MINUS, _POINT, _YUAN, _GIGA, _MEGA,
        ]  # fmt: skip


def _year(year: int) -> list[Sound]:
    century, rest = divmod(year, 100)
    if year in _YEARS:
        return [Sound(f"year/{year}", f"two thousand {_below_hundred(rest)}")]
    if not rest or (century % 10 == 0 and rest < 10):
        return _whole(year)  # two thousand five
    return [_small(century), *([_small(0)] if rest < 10 else []), _small(rest)]


def _key(key: str) -> Sound:
    if key in _KEYS:
        return _KEYS[key]
    if key.isascii() and key.isdigit():
        return _small(int(key))
    raise Unspeakable(f"{key!r} among digits")


def _whole(number: int) -> list[Sound]:
    said: list[Sound] = []
    for size, scale in _SCALES:
        many, number = divmod(number, size)
        if many:
            said += [*_hundred(many), scale]
    return said + _hundred(number) if number or not said else said


def _hundred(number: int) -> list[Sound]:
    """0 to 999."""
    hundreds, small = divmod(number, 100)
    said = [_hundreds(hundreds)] if hundreds else []
    return [*said, _small(small)] if small or not hundreds else said
