"""Amounts, numbers, moments and quantities as people read them, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Protocol

from commands.parser.masking import masked_number
from tariffs.bilingual_name import BilingualName
from tariffs.catalogue import AllowanceItem, ItemUnit


def yuan(fen: int) -> str:
    """5680 -> 56.80."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100}.{fen % 100:02}"


def price(fen: int) -> str:
    """A fee as it is advertised: 1000 -> 10, 1050 -> 10.50."""
    return yuan(fen).removesuffix(".00")


def number(msisdn: str) -> str:
    """138****8001."""
    return masked_number(msisdn)


def megabytes(mb: int) -> str:
    """500 -> 500MB, 1229 -> 1.20GB."""
    return f"{mb}MB" if mb < 1024 else f"{mb / 1024:.2f}GB"


class NumberFormat(Protocol):
    """What differs between languages. Moments are seconds since 1970."""

    def hour(self, moment: int) -> str: ...

    def moment(self, moment: int) -> str: ...

    def day(self, moment: int) -> str: ...

    def date(self, moment: int) -> str: ...

    def month(self, month: int) -> str: ...

    def hours(self, minutes: int) -> str: ...

    def amount(self, quantity: int, unit: ItemUnit) -> str: ...

    def per(self, unit: ItemUnit) -> str: ...

    def listed(self, names: Iterable[str]) -> str: ...

    def included(self, amounts: Iterable[tuple[AllowanceItem, int]]) -> str: ...


class ChineseFormat:
    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def hour(self, moment: int) -> str:
        """11月21日20时."""
        return _chinese_hour(moment // 900, self._zone)

    def moment(self, moment: int) -> str:
        """12月3日4:30."""
        there = datetime.fromtimestamp(moment, self._zone)
        return f"{self.day(moment)}{there.hour}:{there.minute:02}"

    def day(self, moment: int) -> str:
        """12月1日."""
        there = datetime.fromtimestamp(moment, self._zone)
        return f"{there.month}月{there.day}日"

    def date(self, moment: int) -> str:
        """2026年11月30日."""
        return f"{datetime.fromtimestamp(moment, self._zone).year}年{self.day(moment)}"

    def month(self, month: int) -> str:
        """202611 -> 2026年11月."""
        return f"{month // 100}年{month % 100}月"

    def hours(self, minutes: int) -> str:
        """135 -> 2小时15分."""
        hours, rest = divmod(minutes, 60)
        if not rest and hours:
            return f"{hours}小时"
        return f"{hours}小时{rest}分" if hours else f"{rest}分"

    def amount(self, quantity: int, unit: ItemUnit) -> str:
        match unit:
            case ItemUnit.MINUTES:
                return f"{quantity}分钟"
            case ItemUnit.HOURS:
                return self.hours(quantity)
            case ItemUnit.MEGABYTES:
                return megabytes(quantity)
            case ItemUnit.PIECES:
                return f"{quantity}条"

    def per(self, unit: ItemUnit) -> str:
        """What one of them is called in a price: 0.25元/分钟."""
        return _PER[unit][0]

    def listed(self, names: Iterable[str]) -> str:
        return "、".join(names)

    def included(self, amounts: Iterable[tuple[AllowanceItem, int]]) -> str:
        """通话350分钟、流量200MB."""
        return self.listed(f"{item.name}{self.amount(n, item.unit)}" for item, n in amounts)


class EnglishFormat:
    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def hour(self, moment: int) -> str:
        """20:00 on 21 Nov."""
        return _english_hour(moment // 900, self._zone)

    def moment(self, moment: int) -> str:
        """4:30 on 3 Dec."""
        there = datetime.fromtimestamp(moment, self._zone)
        return f"{there.hour}:{there.minute:02} on {self.day(moment)}"

    def day(self, moment: int) -> str:
        """1 Dec."""
        there = datetime.fromtimestamp(moment, self._zone)
        return f"{there.day} {_MONTHS[there.month - 1]}"

    def date(self, moment: int) -> str:
        """30 Nov 2026."""
        return f"{self.day(moment)} {datetime.fromtimestamp(moment, self._zone).year}"

    def month(self, month: int) -> str:
        """202611 -> Nov 2026."""
        return f"{_MONTHS[month % 100 - 1]} {month // 100}"

    def hours(self, minutes: int) -> str:
        """135 -> 2 h 15 min."""
        hours, rest = divmod(minutes, 60)
        if not rest and hours:
            return f"{hours} h"
        return f"{hours} h {rest} min" if hours else f"{rest} min"

    def amount(self, quantity: int, unit: ItemUnit) -> str:
        match unit:
            case ItemUnit.MINUTES:
                return f"{quantity} min"
            case ItemUnit.HOURS:
                return self.hours(quantity)
            case ItemUnit.MEGABYTES:
                return megabytes(quantity)
            case ItemUnit.PIECES:
                return f"{quantity}"

    def per(self, unit: ItemUnit) -> str:
        """What one of them is called in a price: 0.25/min."""
        return _PER[unit][1]

    def listed(self, names: Iterable[str]) -> str:
        return ", ".join(name.en if isinstance(name, BilingualName) else name for name in names)

    def included(self, amounts: Iterable[tuple[AllowanceItem, int]]) -> str:
        """350 min calls, 200MB data."""
        return self.listed(f"{self.amount(n, item.unit)} {item.name.en}" for item, n in amounts)


# Balances are asked for far more often than the hour changes. Zones differ from UTC by quarters of
# an hour at the finest, so a quarter is what can be remembered.


@lru_cache(maxsize=256)
def _chinese_hour(quarter: int, zone: tzinfo) -> str:
    there = datetime.fromtimestamp(quarter * 900, zone)
    return f"{there.month}月{there.day}日{there.hour}时"


@lru_cache(maxsize=256)
def _english_hour(quarter: int, zone: tzinfo) -> str:
    there = datetime.fromtimestamp(quarter * 900, zone)
    return f"{there.hour}:00 on {there.day} {_MONTHS[there.month - 1]}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PER = {
    ItemUnit.MINUTES: ("分钟", "min"),
    ItemUnit.HOURS: ("分钟", "min"),
    ItemUnit.MEGABYTES: ("MB", "MB"),
    ItemUnit.PIECES: ("条", "SMS"),
}
