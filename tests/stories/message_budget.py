"""How many short messages an answer may take, as subscribers count them."""

from __future__ import annotations

# Lists and the terms of an order are longer than one thought; everything else is not.
LONG = {
    "【套餐余量】": 3, "【已订业务】": 4, "【业务确认】": 3,
    "Allowance": 2, "Your services": 4, "Please confirm": 3,
}  # fmt: skip
CHINESE, ENGLISH = 2, 3  # one name without an English one makes a text UCS-2


def budget(text: str) -> int:
    for beginning, parts in LONG.items():
        if text.startswith(beginning):
            return parts
    return CHINESE if _chinese(text) else ENGLISH


def _chinese(text: str) -> bool:
    """More than the signature is."""
    return sum("一" <= letter <= "鿿" for letter in text) > len(text) / 4
