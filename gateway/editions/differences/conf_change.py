"""One difference between two editions, and whom it concerns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, tzinfo
from enum import Enum
from typing import Any, Final

from periods.period import TimeSpan
from tariffs.bilingual_name import BilingualName
from tariffs.catalogue import SHANGHAI

_MOMENTS: Final = frozenset({"begins", "ends", "since", "until"})  # fields, in seconds since 1970
_MONEY: Final = "_fen"  # ends the names of fields that hold it
_LONGEST: Final = 300  # characters of a value that are told


@dataclass(frozen=True, slots=True)
class ConfChange:
    """Empty `was` or `now`: there was, or is, nothing. Empty `brands`, `language`: whichever."""

    subject: str  # prices, answers, commands, …
    what: str
    was: str
    now: str
    brands: frozenset[str] = frozenset()
    language: str = ""

    def __str__(self) -> str:
        whom = f" [{', '.join(sorted(self.brands))}]" if self.brands else ""
        head = f"{self.what}{whom}: "
        if not self.was:
            return f"+ {head}{self.now}"
        if not self.now:
            return f"- {head}{self.was}"
        return f"~ {head}{self.was} → {self.now}"

    def concerns(self, brand: str, language: str) -> bool:
        """Whether a subscriber of that brand may notice it in that language."""
        return (not self.brands or brand in self.brands) and self.language in ("", language)


def by_field(
    subject: str,
    what: str,
    old: object,
    new: object,
    brands: frozenset[str] = frozenset(),
    left_out: Sequence[str] = (),
    zone: tzinfo = SHANGHAI,
) -> Iterator[ConfChange]:
    """Two values of one kind, field by field."""
    assert is_dataclass(new)
    for each in fields(new):
        was, now = getattr(old, each.name), getattr(new, each.name)
        if was != now and each.name not in left_out:
            money = each.name.endswith(_MONEY)
            told = [_value(each.name, value, money, zone) for value in (was, now)]
            field = f"{what}, {field_told(each.name)}"
            yield ConfChange(subject, field, told[0], told[1], brands)


def field_told(name: str) -> str:
    """A field in words."""
    return name.removesuffix(_MONEY).replace("_", " ")


def yuan(fen: int) -> str:
    return f"{fen / 100:g} yuan"


def at_moment(moment: int, zone: tzinfo) -> str:
    """Seconds since 1970, as conf/ writes them."""
    return f"{datetime.fromtimestamp(moment, zone):%Y-%m-%d %H:%M}"


def _value(name: str, value: Any, money: bool, zone: tzinfo) -> str:
    """Of a field."""
    if name in _MOMENTS and isinstance(value, int):
        return at_moment(value, zone) if value else "nothing"
    return plain(value, money, zone)


def plain(value: Any, money: bool = False, zone: tzinfo = SHANGHAI) -> str:
    """As a person would write it; moments by the clock of a zone."""
    match value:
        case TimeSpan():
            text = str(value) or "always"
        case bool():
            text = "yes" if value else "no"
        case int() if money:
            text = yuan(value)
        case BilingualName():
            text = f"{value} / {value.en}"
        case Enum():
            text = str(value.value)
        case frozenset() | set():
            text = ", ".join(sorted(plain(each) for each in value))
        case tuple() | list():
            text = ", ".join(plain(each, zone=zone) for each in value)
        case Mapping():
            text = ", ".join(f"{plain(key)} {plain(each, money)}" for key, each in value.items())
        case _ if is_dataclass(value) and not isinstance(value, type):
            told = [(one.name, getattr(value, one.name)) for one in fields(value)]
            text = ", ".join(
                f"{field_told(name)} {_value(name, each, name.endswith(_MONEY), zone)}"
                for name, each in told
                if each or each == 0
            )
        case _:
            text = str(value)
    return (text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…") or "nothing"
