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


def masked_number(msisdn: str) -> str:
    """138****8001."""
    return f"{msisdn[:3]}****{msisdn[-4:]}"
