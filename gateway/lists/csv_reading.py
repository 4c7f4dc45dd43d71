"""A list as a spreadsheet writes it: one number a line, why, and until when.

UTF-8 with or without a mark, GBK, or UTF-16; comma, semicolon or tabulator; with a line of headings
or without. A line is read at a time, and no longer one than `LONGEST_LINE`, whatever stands in the
file; what is wrong with one is told by its number.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import BinaryIO, Final, NamedTuple

from commands.mobile_number import mobile_number
from gateway.lists.ends import end_of
from gateway.lists.refusals import ListRefusal
from gateway.model.customer_lists import LONGEST_REASON, LineMistake, NewEntry

LONGEST_LINE: Final = 4_096  # characters
_CHUNK: Final = 65_536
_HEADINGS: Final[Mapping[str, Sequence[str]]] = {
    "number": ("号码", "手机号", "手机号码", "电话", "电话号码", "用户号码", "number", "msisdn",
               "phone", "mobile"),
    "reason": ("原因", "理由", "备注", "说明", "reason", "note"),
    "until": ("有效期", "有效期至", "截止", "截止日期", "到期", "到期日", "终止日期", "until",
              "end"),
}  # fmt: skip
_FORMULA: Final = re.compile(r'="(.*)"')  # as Excel is told to leave a number alone
_HARMLESS: Final = re.compile("^'(?=[=+@-])")  # as our own export writes what looks like a formula
_SHORTENED: Final = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_UNSEEN: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u202c\u202d"))
_UNFIT: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_UNREADABLE: Final = "\ufffd"


_PACKED: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")
"""How workbooks (.xlsx, .xls) and archives begin."""
_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class ReadLine(NamedTuple):
    """A line that fits."""

    line: int
    entry: NewEntry


def check_is_text(file: BinaryIO) -> None:
    """Else each of its lines would be told as a mistake, and none would say why. The file is at
    its beginning afterwards. Raises ListRefusal."""
    start = file.read(_CHUNK)
    file.seek(0)
    if start.startswith(_PACKED):
        raise ListRefusal("the file is a workbook or an archive and no CSV: save it as CSV UTF-8")
    if b"\0" in start and not start.startswith(_MARKS):
        raise ListRefusal(
            "the file has zero octets, as UTF-16 without its mark: save it as CSV UTF-8"
        )


def encoding_of(file: BinaryIO) -> str:
    """By the mark at its beginning, or by what most lines that are not plain ASCII can be read as.
    The file is at its beginning afterwards."""
    start = file.read(4)
    file.seek(0)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith(_MARKS):
        return "utf-16"
    as_utf8 = others = 0
    while line := file.readline(_CHUNK):
        if not line.isascii():
            fits = _is_utf8(line)
            as_utf8, others = as_utf8 + fits, others + (not fits)
    file.seek(0)
    return "utf-8" if as_utf8 >= others else "gb18030"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def read_list(
    file: BinaryIO, zone: tzinfo, now: int, reason: str
) -> Iterator[ReadLine | LineMistake]:
    """`reason` is that of lines which give none."""
    text = io.TextIOWrapper(file, encoding_of(file), errors="replace", newline=None)
    try:
        yield from _read(text, zone, now, reason)
    finally:
        text.detach()


def _read(
    text: io.TextIOWrapper, zone: tzinfo, now: int, reason: str
) -> Iterator[ReadLine | LineMistake]:
    columns: Mapping[str, int] = {}
    delimiter = ""
    for line, written in _lines(text):
        if len(written) > LONGEST_LINE:
            yield LineMistake(line, f"is longer than {LONGEST_LINE} characters")
            continue
        if not written.strip(" \t,;\ufeff"):
            continue
        delimiter = delimiter or _delimiter(written)
        try:
            cells = [_cell(one) for one in next(csv.reader([written], delimiter=delimiter,
                                                           strict=True))]  # fmt: skip
            if not columns:
                headings = _headings(cells)
                columns = headings or {"number": 0, "reason": 1, "until": 2}
                if headings:
                    continue
            yield ReadLine(line, _entry(cells, columns, zone, now, reason))
        except csv.Error:
            yield LineMistake(line, "has a quotation mark that is not closed, or in a wrong place")
        except ValueError as mistake:
            yield LineMistake(line, str(mistake))


def _lines(text: io.TextIOWrapper) -> Iterator[tuple[int, str]]:
    """With their numbers. Of one that is too long only the beginning is kept."""
    line = 0
    while written := text.readline(LONGEST_LINE + 2):
        line += 1
        more = written
        while more and not more.endswith("\n"):
            more = text.readline(_CHUNK)
        yield line, written.rstrip("\n")


def _delimiter(written: str) -> str:
    if "\t" in written:
        return "\t"
    return ";" if ";" in written and "," not in written else ","


def _cell(written: str) -> str:
    if written.isalnum():  # nearly every one
        return written
    found = _FORMULA.fullmatch(written.strip())
    return (found[1] if found else written).translate(_UNSEEN).replace("\xa0", " ").strip()


def _headings(cells: Sequence[str]) -> Mapping[str, int]:
    """Which column is what; nothing, if the line is no headings. Raises ValueError for headings
    without one for the numbers."""
    if any(map(mobile_number, cells)):
        return {}
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        for column, names in _HEADINGS.items():
            if cell.lower() in names:
                found.setdefault(column, place)
    if found and "number" not in found:
        raise ValueError("no heading says which column holds the numbers: 号码")
    return found


def _entry(
    cells: Sequence[str], columns: Mapping[str, int], zone: tzinfo, now: int, reason: str
) -> NewEntry:
    """Raises ValueError, whose words show no number."""

    def cell(column: str) -> str:
        place = columns.get(column, len(cells))
        return cells[place] if place < len(cells) else ""

    number = _number(cell("number"))
    why = _HARMLESS.sub("", cell("reason")) or reason
    if _UNREADABLE in why:
        raise ValueError("has characters that cannot be read: save the file as UTF-8 or GBK")
    if _UNFIT.search(why):
        raise ValueError("has control characters in its reason")
    if not why:
        raise ValueError("says no reason, and none was given for the whole file")
    if len(why) > LONGEST_REASON:
        raise ValueError(f"has a reason of more than {LONGEST_REASON} characters")
    return NewEntry(number, why, end_of(cell("until"), zone, now))


def _number(written: str) -> str:
    plain = unicodedata.normalize("NFKC", written).removeprefix("'").removesuffix(".0")
    if found := mobile_number(plain):
        return found
    if not plain:
        raise ValueError("has no number")
    if _SHORTENED.fullmatch(plain):
        raise ValueError("has a number that the spreadsheet has shortened: format it as text")
    digits = sum(one.isdigit() for one in plain)
    raise ValueError(f"has no mobile number of eleven digits, but {digits} digits")
