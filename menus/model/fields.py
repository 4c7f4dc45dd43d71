"""What a subscriber can be asked to type, and which of it nobody may see again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class FieldKind(StrEnum):
    DIGITS = "digits"
    MSISDN = "msisdn"  # eleven digits, 86 before them or not
    CARD = "card"  # the secret of a recharge card, eighteen digits
    PASSWORD = "password"  # six digits
    CODE = "code"  # the random code, six digits
    CERTIFICATE = "certificate"
    MONTH = "month"  # YYYYMM
    DAY = "day"  # MMDD
    YUAN = "yuan"
    TEXT = "text"
    RECORDING = "recording"  # what a caller says; its value names the recording


SECRET: Final = frozenset(
    {FieldKind.CARD, FieldKind.PASSWORD, FieldKind.CODE, FieldKind.CERTIFICATE}
)
LONGEST_TEXT: Final = 160
UNRECORDED: Final = "!"
"""Stands for what was spoken, and could not be recorded."""

_SHAPE: Final = {
    # a test holds it against the rule of the commands, which menus know nothing of
    FieldKind.MSISDN: re.compile(r"(?:(?:\+|00)?86)?(1[3-9][0-9]{9})"),
    FieldKind.CARD: re.compile(r"([0-9]{18})"),
    FieldKind.PASSWORD: re.compile(r"([0-9]{6})"),
    FieldKind.CODE: re.compile(r"([0-9]{6})"),
    FieldKind.CERTIFICATE: re.compile(r"([0-9]{17}[0-9X]|[0-9]{15})"),
    FieldKind.MONTH: re.compile(r"(20[0-9]{2}(?:0[1-9]|1[0-2]))"),
    FieldKind.DAY: re.compile(r"((?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))"),
    FieldKind.YUAN: re.compile(r"([1-9][0-9]{0,4})"),
    FieldKind.RECORDING: re.compile(r"(r[0-9]{1,20})"),
}
# What a voice prompt gathers at most, and the longest that a screen has to show.
LONGEST: Final = {
    FieldKind.MSISDN: "13800138000",
    FieldKind.CARD: "860000000000000001",
    FieldKind.PASSWORD: "739204",
    FieldKind.CODE: "739204",
    FieldKind.CERTIFICATE: "11010119900307851X",
    FieldKind.MONTH: "202612",
    FieldKind.DAY: "1231",
    FieldKind.YUAN: "99999",
    FieldKind.TEXT: "汉" * LONGEST_TEXT,
    FieldKind.RECORDING: "r" + "8" * 20,
}


class TypedSecret:
    """Something secret that was just typed: prints as stars, says itself only to `reveal`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TypedSecret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """A secret typed earlier in the dialogue: whoever walks has kept it, sealed."""

    field: str


FieldInput = str | TypedSecret | StoredSecret


@dataclass(frozen=True, slots=True)
class Field:
    """`least` and `most` count the digits of DIGITS. `own` is the key that leaves the field empty:
    this very number."""

    name: str
    kind: FieldKind
    least: int = 1
    most: int = 20
    own: str = ""

    @property
    def secret(self) -> bool:
        return self.kind in SECRET

    @property
    def longest(self) -> str:
        """The longest value it can have."""
        return "8" * self.most if self.kind is FieldKind.DIGITS else LONGEST[self.kind]

    def clean(self, typed: str) -> str | None:
        """The value that was typed, or None if it does not fit."""
        match self.kind:
            case FieldKind.TEXT:
                return typed[:LONGEST_TEXT].strip() or None
            case FieldKind.DIGITS:
                fits = typed.isascii() and typed.isdigit() and self.least <= len(typed) <= self.most
                return typed if fits else None
            case _:
                written = typed.replace("-", "").replace(" ", "")
                shape = _SHAPE[self.kind].fullmatch(written)
                return shape[1] if shape else None
