"""A file of numbers: the first thing of each line, with or without 86."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from commands.model.parameters import ParameterKind
from gateway.notices.refusals import NoticeRefusal

MOST: Final = 2_000_000
_TOLD: Final = 5  # lines that are told of


def numbers_in(file: Path) -> list[str]:
    """Each once. Raises NoticeRefusal."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NoticeRefusal(f"{file} cannot be read: {error}") from None
    return checked_numbers(text.splitlines(), str(file))


def checked_numbers(lines: Iterable[str], where: str) -> list[str]:
    """Raises NoticeRefusal. A first line without any digit is a heading."""
    found: dict[str, None] = {}
    wrong = []
    for place, line in enumerate(lines, 1):
        first = line.replace(";", ",").replace("\t", ",").partition(",")[0].strip().strip('"')
        if not first or (place == 1 and not any(char.isdecimal() for char in first)):
            continue
        number = ParameterKind.MSISDN.clean(first)
        if number:
            found[number] = None
        else:
            wrong.append(place)
    if wrong:
        named = ", ".join(map(str, wrong[:_TOLD])) + (", …" if len(wrong) > _TOLD else "")
        raise NoticeRefusal(f"{where}: no mobile number begins line {named}")
    if not found or len(found) > MOST:
        raise NoticeRefusal(f"{where}: it has {len(found)} numbers; 1 to {MOST} are taken")
    return list(found)
