"""What parameters may look like: a piece of text in, the clean value out, or None."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from commands.mobile_number import mobile_number
from commands.model.request import Argument, Secret


class ParameterKind(StrEnum):
    PASSWORD = "password"  # six digits
    MSISDN = "msisdn"  # eleven digits, 86 before them or not
    CARD = "card"  # the secret of a recharge card, eighteen digits
    CERTIFICATE = "certificate"  # the number of an identity card, a passport …
    NAME = "name"
    MONTH = "month"  # YYYYMM
    YUAN = "yuan"
    AMOUNT = "amount"  # yuan with or without cents
    MONTH_OF_YEAR = "month_of_year"  # MM
    DAY = "day"  # MMDD
    SERIAL = "serial"  # printed on a recharge card; never the eighteen digits of its secret
    SHORT_NUMBER = "short_number"  # of a V-net: 6 and three to five digits
    TICKET = "ticket"  # the number of a ticket
    CODE = "code"  # of a plan, a service or a campaign
    SENDER = "sender"  # a number that messages come from: a phone, a landline, a service's port
    SCORE = "score"  # of a service: 10, 9 or 8
    DIGIT = "digit"
    TEXT = "text"  # the rest of the message, separators and all

    @property
    def secret(self) -> bool:
        return self in _SECRET

    @property
    def in_groups(self) -> bool:
        """It is long, and printed with blanks in it."""
        return self in _IN_GROUPS

    def clean(self, piece: str) -> str | None:
        """The value that a piece of text stands for, or None if it does not fit."""
        if self is ParameterKind.MSISDN:
            return mobile_number(piece) or None
        written = piece.replace("-", "") if self in _DIGITS else piece  # 2026-07
        shape = _SHAPE[self].fullmatch(written)
        return shape[1] if shape else None


_SECRET: Final = frozenset({ParameterKind.PASSWORD, ParameterKind.CARD, ParameterKind.CERTIFICATE})

_IN_GROUPS: Final = frozenset(
    {ParameterKind.MSISDN, ParameterKind.CARD, ParameterKind.CERTIFICATE, ParameterKind.SERIAL}
)
_DIGITS: Final = _IN_GROUPS | {
    ParameterKind.PASSWORD,
    ParameterKind.MONTH,
    ParameterKind.DAY,
    ParameterKind.SHORT_NUMBER,
    ParameterKind.TICKET,
    ParameterKind.SENDER,
}

_SHAPE: Final = {
    ParameterKind.PASSWORD: re.compile(r"([0-9]{6})"),
    ParameterKind.CARD: re.compile(r"([0-9]{18})"),
    # identity cards, new and old; passports and cards of 港澳台 residents; an officer's, with its
    # 军字第…号 or without; never six digits, which are a password
    ParameterKind.CERTIFICATE: re.compile(
        r"(?:[一-鿿]{1,3}第)?"
        r"([0-9]{17}[0-9X]|[0-9]{15}|[A-Z]{1,2}[0-9]{7,8}|[HM][0-9]{10}|[0-9]{7,8})号?"
    ),
    ParameterKind.NAME: re.compile(r"([^\W\d_]+(?:·[^\W\d_]+)*)"),
    ParameterKind.MONTH: re.compile(r"(20[0-9]{2}(?:0[1-9]|1[0-2]))"),
    ParameterKind.YUAN: re.compile(r"([0-9]{1,5})"),
    ParameterKind.AMOUNT: re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,2})?)元?"),
    ParameterKind.MONTH_OF_YEAR: re.compile(r"(0?[1-9]|1[0-2])"),
    ParameterKind.DAY: re.compile(r"((?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))"),
    ParameterKind.SERIAL: re.compile(r"([0-9]{10,17}|[0-9]{19,20})"),
    ParameterKind.SHORT_NUMBER: re.compile(r"(6[0-9]{3,5})"),
    ParameterKind.TICKET: re.compile(r"([0-9]{4,16})"),
    ParameterKind.CODE: re.compile(r"([A-Z]{2,8}[0-9]{0,4})"),
    ParameterKind.SENDER: re.compile(r"(\+?[0-9]{3,21})"),
    ParameterKind.SCORE: re.compile(r"(10|0?[89])"),
    ParameterKind.DIGIT: re.compile(r"([0-9])"),
    ParameterKind.TEXT: re.compile(r"(.+)", re.DOTALL),
}


def in_fen(yuan: str) -> int:
    """An AMOUNT as it was written: 56.80 is 5680. Never through binary fractions."""
    return int(Decimal(yuan) * 100)


_BORN: Final = re.compile(r"[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]{4}[0-9X]")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999


def is_identity_card(piece: str) -> bool:
    """A day of birth in it, and a right check digit: eighteen digits that are no card's."""
    if not _BORN.fullmatch(piece):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(piece, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == piece[-1]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One place in a form. `names` are its keys in a request's arguments: a value may fill two."""

    names: tuple[str, ...]
    kind: ParameterKind

    def read(self, piece: str) -> Argument | None:
        """The value if the piece fits; a secret one is hidden at once."""
        value = self.kind.clean(piece)
        return Secret(value) if value is not None and self.kind.secret else value


ParameterForm = tuple[Parameter, ...]
