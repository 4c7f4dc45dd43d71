"""What a mobile number of this country is, however a network or a person writes it."""

from __future__ import annotations

import re
from typing import Final

BEGINNING: Final = "1[3-9]"
ELEVEN_DIGITS: Final = rf"{BEGINNING}[0-9]{{9}}"
IN_A_SENTENCE: Final = rf"(?:\+?86|0086)?{BEGINNING}[0-9](?:[ -]?[0-9]{{4}}){{2}}"
"""Three digits, four and four, perhaps apart."""

_WRITTEN: Final = re.compile(rf"(?:(?:\+|00)?86)?({ELEVEN_DIGITS})")
_BETWEEN: Final = re.compile(r"[ \-]")


def mobile_number(written: str) -> str:
    """Its eleven digits; empty if it is none. After + or 00 stands a country, and it must be 86:
    +1 380 013 8000 is somebody in America. Blanks and hyphens between the digits say nothing."""
    found = _WRITTEN.fullmatch(written) or _WRITTEN.fullmatch(_BETWEEN.sub("", written))
    return found[1] if found else ""
