"""Lists as spreadsheets and partners write them, and what is told of a line that does not fit."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.lists.csv_reading import LONGEST_LINE, ReadLine, read_list
from gateway.lists.ends import end_of, told_end
from gateway.model.customer_lists import LineMistake, NewEntry

ZONE = timezone(timedelta(hours=8))
NOW = 1_795_267_800  # 21 November 2026, 21:30 in Shanghai
A, B = "13800138001", "13800138002"


def read(content: bytes, reason: str = "协议") -> list[ReadLine | LineMistake]:
    return list(read_list(io.BytesIO(content), ZONE, NOW, reason))


def entries(content: bytes, reason: str = "协议") -> list[NewEntry]:
    found = read(content, reason)
    assert [one for one in found if isinstance(one, LineMistake)] == []
    return [one.entry for one in found if isinstance(one, ReadLine)]


def mistakes(content: bytes, reason: str = "协议") -> list[LineMistake]:
    return [one for one in read(content, reason) if isinstance(one, LineMistake)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_spreadsheets_write_is_read(encoding: str, end: str) -> None:
    """Whatever the encoding and the ends of lines."""
    rows = ["号码,原因,有效期", f"{A},恶意欠费,2027-06-30", "", f"{B},,"]
    found = entries(end.join(rows).encode(encoding))
    until = int(datetime(2027, 7, 1, tzinfo=ZONE).timestamp())
    assert found == [NewEntry(A, "恶意欠费", until), NewEntry(B, "协议")]


@pytest.mark.parametrize(
    "content",
    [
        f"{A},why,\n",
        f"{A}\twhy\n",
        f"{A};why;\n",
        f'"{A}","why"\n',
        f'="{A}",why\n',
        "+86 138 0013 8001 ,why\n",
        "１３８００１３８００１,why\n",
        f"'{A},why\n",
        f"{A}.0,why\n",
        f"姓名,手机号码,备注\n张三,{A},why\n",
        f"Reason,MSISDN\nwhy,{A}\n",
        f"\ufeff{A},why",
    ],
)
def test_a_number_is_found_however_it_is_written(content: str) -> None:
    assert entries(content.encode()) == [NewEntry(A, "why")]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("1380013800,x", "eleven digits, but 10 digits"),
        ("1.38E+10,x", "shortened"),
        (",x", "no number"),
        (f'{A},"x', "quotation mark"),
        (f"{A},x,2026-02-30", "no day"),
        (f"{A},x,2026-11-20", "over"),
        (f"{A},x,2099-13-01", "no day"),
        (f"{A},{'x' * 301}", "more than 300"),
        (f"{A},x\x07", "control"),
        (f"{A},{'x' * LONGEST_LINE}", "longer than"),
        ("+1 380 013 8000,x", "eleven digits"),
    ],
)
def test_a_mistake_is_told_by_its_line(line: str, what: str) -> None:
    """The lines around it are read; and no number is in the words."""
    found = read(f"号码,原因,有效期\n{A},x\n\n{line}\n{B},x\n".encode())
    assert [type(one) for one in found] == [ReadLine, LineMistake, ReadLine]
    assert [one.line for one in found] == [2, 4, 5]
    told = mistakes(f"号码,原因,有效期\n{A},x\n\n{line}\n".encode())[0].what
    assert what in told
    assert A not in told


def test_a_reason_is_given_by_the_line_or_for_all() -> None:
    (told,) = mistakes(f"{A}\n".encode(), reason="")
    assert "no reason" in told.what


def test_a_file_without_a_column_of_numbers_says_so_first() -> None:
    told = mistakes("姓名,备注\n张三,x\n".encode())
    assert (told[0].line, "号码" in told[0].what) == (1, True)


def test_a_broken_line_among_good_ones_is_told() -> None:
    """Of a file in UTF-8 that somebody has put a line of GBK into."""
    good = "".join(f"1380013{n:04},原因\n" for n in range(5)).encode()
    (told,) = mistakes(good + f"{B},".encode() + "原因".encode("gbk") + b"\n")
    assert (told.line, "UTF-8 or GBK" in told.what) == (6, True)


@given(st.binary(max_size=400))
def test_anything_can_be_read(content: bytes) -> None:
    """Each line is an entry or a mistake, once."""
    found = [one.line for one in read(content)]
    assert found == sorted(set(found))


@given(st.dates(date(2026, 11, 23), date(2090, 1, 1)))
def test_a_day_is_told_as_it_was_written(day: date) -> None:
    """Its whole length counts."""
    until = end_of(f"{day:%Y/%m/%d}", ZONE, NOW)
    assert datetime.fromtimestamp(until - 1, ZONE).date() == day
    assert told_end(until, ZONE) == str(day)
    assert end_of(told_end(until, ZONE), ZONE, NOW) == until


@given(st.integers(NOW + 1, NOW + 10**9))
def test_a_moment_is_told_as_it_was_written(until: int) -> None:
    assert end_of(told_end(until, ZONE), ZONE, NOW) == until
    written = datetime.fromtimestamp(until, UTC).isoformat()
    assert end_of(written, ZONE, NOW) == until


@given(st.lists(st.tuples(st.integers(10**9, 10**10 - 1), st.text(max_size=20)), max_size=20))
def test_what_csv_can_hold_comes_through(rows: list[tuple[int, str]]) -> None:
    """Reasons with quotes and commas."""
    text = io.StringIO()
    plain = [(f"1{3 + n % 7}{n % 10**9:09}", " ".join(why.split()) or "x") for n, why in rows]
    plain = [(number, why) for number, why in plain if why.isprintable()]
    csv.writer(text, lineterminator="\n").writerows([("number", "reason"), *plain])
    found = {one.number for one in entries(text.getvalue().encode())}
    assert found == {number for number, _ in plain}
