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
_CALLING: Final = re.compile(r"(?:(?:\+|00)?86)?0?(1.*)")
"""A trunk shows mobiles from elsewhere as they are dialled from a fixed line: with a 0."""
_ADDRESS: Final = re.compile(r"(?i:tel:|sips?:)?([^;@]*)(?:[;@].*)?")
"""RFC 3966, RFC 3261: a number, and where it counts."""
_VISUAL: Final = re.compile(r"[ \-.()]")


def mobile_number(written: str) -> str:
    """Its eleven digits; empty if it is none. After + or 00 stands a country, and it must be 86:
    +1 380 013 8000 is somebody in America. Blanks and hyphens between the digits say nothing."""
    found = _WRITTEN.fullmatch(written) or _WRITTEN.fullmatch(_BETWEEN.sub("", written))
    return found[1] if found else ""


def calling_number(written: str) -> str:
    """As `mobile_number`, of what a trunk or an exchange shows of a caller: tel:+86-138-0013-8001,
    013800138001."""
    address = _ADDRESS.fullmatch(written.strip())
    digits = _VISUAL.sub("", address[1]) if address else ""
    found = _CALLING.fullmatch(digits)
    return mobile_number(found[1]) if found else ""
