"""What an input means on a screen: a key, something typed in, or one of the hall's own keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final
from unicodedata import normalize

from menus.model.book import Option, Screen
from menus.model.fields import FieldKind

_TYPED: Final = 400  # characters of an input that are looked at
_PICK: Final = frozenset("0123456789,")


@dataclass(frozen=True, slots=True)
class OptionChosen:
    option: Option


@dataclass(frozen=True, slots=True)
class FieldEntered:
    """What the screen collects; empty for the key that leaves it so."""

    value: str


@dataclass(frozen=True, slots=True)
class NumbersPicked:
    """Numbers of a list, with commas."""

    numbers: str


class HallKey(Enum):
    """What the hall's own keys do."""

    NEXT = auto()
    BACK = auto()
    AGAIN = auto()
    HUMAN = auto()
    BYE = auto()


InputMeaning = OptionChosen | FieldEntered | NumbersPicked | HallKey


def input_meaning(
    screen: Screen,
    typed: str,
    options: Iterable[Option],
    *,
    voice: bool,
    turns: Callable[[], bool],
    human: bool,
) -> InputMeaning | None:
    """None: nothing. `options` are there for this caller; `turns` tells whether there is a next
    page, `human` whether 0 on a call is a person."""
    raw = typed[:_TYPED].strip()
    key = _key(raw)
    next_page = key == "9" and turns()
    if not next_page:
        for option in options:
            if option.key == key:
                return OptionChosen(option)
    if key == "#" and voice and screen.collect is None:
        return HallKey.AGAIN  # it ends an input; behind a key that needs no end it is nothing
    if not (key == "9" and voice and screen.pick):  # a list that is heard has no row 9
        written = _written(screen, raw, key, next_page)
        if written is not None:
            return written
    return _reserved(key, next_page, voice, human)


def _key(raw: str) -> str:
    key = normalize("NFKC", raw).upper()
    if len(key) > 1 and key.endswith("#"):  # handsets and callers end with it
        key = key[:-1].rstrip()
    return key


def _written(
    screen: Screen, raw: str, key: str, next_page: bool
) -> FieldEntered | NumbersPicked | None:
    if screen.pick and key and _PICK.issuperset(_commas(key)):
        return None if key == "0" or next_page else NumbersPicked(_commas(key))
    if screen.collect is None or key in {"0", "*"}:
        return None
    field = screen.collect.field
    if key == field.own and key:
        return FieldEntered("")
    written = raw if field.kind in (FieldKind.TEXT, FieldKind.RECORDING) else key
    value = None if key == "#" or next_page else field.clean(written)
    return None if value is None else FieldEntered(value)


def _commas(key: str) -> str:
    return key.replace("，", ",").replace("、", ",").replace(" ", ",")


def _reserved(key: str, next_page: bool, voice: bool, human: bool) -> HallKey | None:
    if key == "9" and voice:
        return HallKey.AGAIN
    if next_page:
        return HallKey.NEXT
    if key == "0" and voice:
        return HallKey.HUMAN if human else None
    if key in {"0", "*"}:
        return HallKey.BACK
    return HallKey.BYE if key == "#" and not voice else None
