"""Files that are none, or far too large, sent to a list by the API and by the verb: refused in
words that help, in bounded memory, and the process goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.api.refusal_texts import refused_in
from tests.gateway.api.console import Browser, Console, console
from tests.gateway.operators.test_verbs import Place, place

__all__ = ["place"]
ZHANG = "13800138001"
LINE = f"{ZHANG},x\n"
MEGABYTE = 1024 * 1024
MOST = 96 * MEGABYTE  # a file is longer; what is first imported then is some of it
MANY = "".join(f"{13_900_000_000 + n},x\n" for n in range(9_000))
REFUSED = {
    "workbook": (b"PK\x03\x04" + bytes(400), "save it as CSV UTF-8"),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(400), "save it as CSV UTF-8"),
    "gzip": (b"\x1f\x8b\x08" + bytes(400), "save it as CSV UTF-8"),
    "zero octets": (b"\0" * 5_000, "zero octets"),
    "UTF-16 without its mark": (LINE.encode("utf-16-le"), "zero octets"),
}
LONG = "one line of 100 MB"
MISTAKEN = {
    "a quotation mark that is never closed": (f'"{ZHANG},x\n{LINE}'.encode(), "quotation mark"),
    "a formula for a number": (b"=cmd|' /C calc'!A0,x\n", "eleven digits"),
    LONG: (b"1", "longer than"),
    "a zero octet far behind": (MANY.encode() + b"13700137000,a\0b\n", "control"),
    "neither UTF-8 nor GBK": (b"13800138002,\xff\xff\n", "cannot be read"),
}
TAKEN = {
    "UTF-8 with its mark": LINE.encode("utf-8-sig"),
    "UTF-16 with its mark": LINE.encode("utf-16"),
    "GBK": f"号码,原因\n{ZHANG},恶意欠费\n".encode("gbk"),
    "a formula for a reason": f"{ZHANG},=cmd|' /C calc'!A0\n".encode(),
}


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    folder = tmp_path_factory.mktemp("bombs")
    url = f"sqlite:///{folder / 'hall.db'}"
    with console(url, folder, "console.requests_per_minute=10000000") as running:
        running.hire("leader", "leader")
        yield running


@pytest.fixture(scope="module")
def leader(hall: Console) -> Browser:
    return hall.log_in("leader")


def peak(hall: Console) -> int:
    """Of its memory, in octets."""
    status = Path(f"/proc/{hall.process.pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024


def send(hall: Console, by: Browser, content: bytes) -> tuple[int, str]:
    """The status, and what is told: why it was refused, or the mistakes."""
    path = "/api/v1/lists/types/30/imports?reason=x"
    answer = hall.ask("POST", path, content, by, Content_Type="text/csv")
    if answer.status != 201:
        return answer.status, answer.problem
    return 201, "; ".join(each["what"] for each in answer.json["first_mistakes"])


def check_it_serves(hall: Console, by: Browser) -> None:
    assert hall.ask("GET", "/api/v1/lists/types", by=by).status == 200
    assert hall.process.poll() is None


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_csv_is_refused_as_a_whole(hall: Console, leader: Browser, name: str) -> None:
    """With what to do, also in Chinese; nothing of it is kept."""
    content, why = REFUSED[name]
    status, told = send(hall, leader, content)
    assert (status, why in told) == (409, True), told
    assert "请另存为 CSV UTF-8" in refused_in("zh", status, told)
    assert hall.ask("GET", "/api/v1/lists/imports", by=leader).json["imports"] == []
    check_it_serves(hall, leader)


@pytest.mark.parametrize("name", MISTAKEN)
def test_a_line_that_cannot_be_taken_is_told(hall: Console, leader: Browser, name: str) -> None:
    """However long it is: the process keeps no more than a piece of it."""
    content, why = MISTAKEN[name]
    if name == LONG:  # made here: what is collected is kept until the end
        content *= 100 * MEGABYTE
    before = peak(hall)
    status, told = send(hall, leader, content)
    assert (status, why in told) == (201, True), told
    assert not re.search("[a-z]{4}", refused_in("zh", 409, told)), told
    assert peak(hall) - before < MOST
    (newest, *_) = hall.ask("GET", "/api/v1/lists/imports", by=leader).json["imports"]
    hall.ask("POST", f"/api/v1/lists/imports/{newest['id']}/discard", {}, leader)
    check_it_serves(hall, leader)


def test_more_than_may_be_sent_is_cut_off(hall: Console, leader: Browser) -> None:
    before = peak(hall)
    status, told = send(hall, leader, b"1" * (129 * MEGABYTE))
    assert (status, told != "") == (413, True)
    assert peak(hall) - before < MOST
    check_it_serves(hall, leader)


@pytest.mark.parametrize("name", TAKEN)
def test_what_only_looks_odd_is_taken(place: Place, tmp_path: Path, name: str) -> None:
    file = tmp_path / "numbers.csv"
    file.write_bytes(TAKEN[name])
    place.run("db", "sample", "--subscribers", "0")
    told = place.run("lists", "import", "30", str(file), "--reason", "x", "--apply")
    assert "1 new" in told


@pytest.mark.parametrize("name", REFUSED)
def test_the_verb_refuses_it_too(place: Place, tmp_path: Path, name: str) -> None:
    content, why = REFUSED[name]
    file = tmp_path / "numbers.csv"
    file.write_bytes(content)
    place.run("lists", "types", "add", "31", "x", "--class", "black")
    assert place.run("lists", "import", "31", str(file), "--reason", "x", status=1) == ""
    assert why in place.errors
