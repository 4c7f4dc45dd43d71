"""Texts without their secrets, for journals and for reading back to whoever wrote them."""

from __future__ import annotations

import re
from typing import Final

HIDDEN: Final = "***"

# Four digits or more with nothing but signs and blanks between them may be part of a password, a
# card or a certificate (whose last may be an X). \d and \W exclude each other: no backtracking.
_DIGITS: Final = re.compile(r"\d(?:[\W_]*\d){3,}[Xx]?")


def without_digits(text: str) -> str:
    """Every number that could be a secret is hidden, in whatever digits it is written."""
    return _DIGITS.sub(HIDDEN, text)


_PERSON: Final = re.compile(r"(?<!\d)(?:(?:\+?86)?(?P<phone>1[3-9]\d{9})(?!\d)|\d{17}[\dXx](?!\d))")
"""A mobile number, or an identity card (GB 11643: 17 digits, and one more or an X)."""


def without_people(text: str) -> str:
    """Mobile numbers masked and identity cards hidden: what colleagues write in passing. Numbers of
    tickets and versions can be read."""
    return _PERSON.sub(lambda found: _passing(found["phone"]), text)


def _passing(phone: str | None) -> str:
    return masked_number(phone) if phone else HIDDEN


def masked_number(msisdn: str) -> str:
    """138****8001."""
    return f"{msisdn[:3]}****{msisdn[-4:]}"
