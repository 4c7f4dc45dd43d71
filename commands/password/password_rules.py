"""What a service password may not be. Pure; each rule has a name, which is also its text's."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

DIGITS: Final = 6
_UP: Final = "01234567890"  # 0 also follows 9, as on a keypad: 567890
_PATTERNS: Final = ("AABBCC", "ABCABC", "ABABAB")

# Popular for how they sound or lie on the keypad; found in every leaked list.
COMMON: Final = frozenset((
    "131452", "134679", "142536", "147258", "147369", "159357", "159753", "201314",
    "258369", "258456", "321654", "357159", "369147", "369258", "456852", "520131",
    "584520", "654123", "741852", "753159", "789456", "852456", "852963", "963852",
    "987456", "100860",
))  # fmt: skip


def broken_rule(
    new: str, number: str, certificates: Iterable[str], common: Collection[str] = COMMON
) -> str | None:
    """The first rule (R8) that `new` breaks, or None.

    `number`: the subscriber's; `certificates`: digit strings that it must not lie inside either.
    Whether it differs from the old one is seen by somebody who knows the old one: rule `old`.
    """
    if len(new) != DIGITS or not (new.isascii() and new.isdigit()):
        return "len"
    if len(set(new)) == 1:
        return "same"
    if _inside(new, _UP):
        return "run"
    if any(_fits(new, pattern) for pattern in _PATTERNS):
        return "pattern"
    if _inside(new, number):
        return "phone"
    if any(_inside(new, certificate) for certificate in certificates):
        return "id"
    return "listed" if new in common else None


def _inside(new: str, digits: str) -> bool:
    """Forward or reversed."""
    return new in digits or new[::-1] in digits


def _fits(new: str, pattern: str) -> bool:
    """Equal letters stand for equal digits: 112233 fits AABBCC."""
    return len(set(zip(new, pattern, strict=True))) == len(set(pattern))
