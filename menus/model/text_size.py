"""How much room a text takes on a phone: septets of GSM-7, or UTF-16 units of UCS-2.

A USSD string has 160 octets: 182 septets or 80 UCS-2 units, of which we use 79, since networks
that send a language prefix take one (3GPP TS 23.038 §5). A short message has 140 octets.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

SEPTETS: Final = 182
UNITS: Final = 79

# 3GPP TS 23.038 §6.2.1 without the escape, and §6.2.1.1: what stands behind an escape
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")
_PLAIN: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7: Final = _PLAIN | _EXTENDED


class TextSize(NamedTuple):
    """`used` of `room` units; `gsm7` tells which unit."""

    gsm7: bool
    used: int
    room: int

    @property
    def fits(self) -> bool:
        return self.used <= self.room

    def __str__(self) -> str:
        return f"{self.used} of {self.room} {'septets' if self.gsm7 else 'UCS-2 units'}"


def on_ussd(text: str) -> TextSize:
    """The size of one USSD page."""
    if _GSM7.issuperset(text):
        return TextSize(True, _septets(text), SEPTETS)
    return TextSize(False, _utf16(text), UNITS)


def sms_parts(text: str) -> int:
    """The short messages a text takes, alone (160 or 70) or in a chain (153 or 67)."""
    gsm7 = _GSM7.issuperset(text)
    alone, chained = (160, 153) if gsm7 else (70, 67)
    if (_septets(text) if gsm7 else _utf16(text)) <= alone:
        return 1
    parts, used = 1, 0
    for char in text:
        width = _width(char, gsm7)
        if used + width > chained:  # a character stands in one part or in the next
            parts, used = parts + 1, 0
        used += width
    return parts


@lru_cache(maxsize=4096)
def fits_ussd(text: str) -> bool:
    return on_ussd(text).fits


def _septets(text: str) -> int:
    return len(text) + sum(1 for char in text if char in _EXTENDED)


def _utf16(text: str) -> int:
    return len(text) + sum(1 for char in text if char > "\uffff")


def _width(char: str, gsm7: bool) -> int:
    return 2 if (char in _EXTENDED if gsm7 else char > "\uffff") else 1
