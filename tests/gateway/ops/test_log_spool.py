"""A log whose reader does not read: nobody waits, what is lost is counted, and told later."""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ops.log import Log, log_to, spooled
from gateway.ops.log_spool import MOST, LogSpool


class Pipe:
    def __init__(self) -> None:
        self.out, self.into = os.pipe()

    def fileno(self) -> int:
        return self.into

    def read(self, octets: int) -> bytes:
        """So many of them, as soon as they are there."""
        found = b""
        while len(found) < octets:
            found += os.read(self.out, octets - len(found))
        return found

    def rest(self) -> list[dict[str, object]]:
        """All lines until nobody writes any more."""
        os.close(self.into)
        with os.fdopen(os.dup(self.out), "rb") as file:
            return [json.loads(line) for line in file]


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    os.close(made.out)


def room(pipe: Pipe) -> int:
    """What the system keeps for a reader who is late."""
    return fcntl.fcntl(pipe.into, fcntl.F_GETPIPE_SZ)


def test_all_lines_are_there_in_their_order(pipe: Pipe) -> None:
    """Also those said shortly before the end."""
    with spooled(pipe) as log:
        for n in range(100):
            log.event("one", n=n)
    assert [line["n"] for line in pipe.rest()] == list(range(100))


def test_nobody_waits_for_a_reader_who_does_not_read(pipe: Pipe) -> None:
    """What is too much is lost, and how much is told in its place, when he reads again."""
    told, long = 0, "x" * 1_000
    with spooled(pipe) as log:
        while not log.lost:
            log.event("one", n=told, long=long)
            told += 1
        for n in range(told, told + 200):
            log.event("one", n=n, long=long)
        assert (lost := log.lost) > 1
        assert told * len(long) > MOST // 2
        reader = threading.Thread(target=lambda: pipe.read(MOST // 2))
        reader.start()
        reader.join()
        log.event("after")
        lines: list[dict[str, object]] = []
        rest = threading.Thread(target=lambda: lines.extend(pipe_lines(pipe.out)))
        rest.start()
    os.close(pipe.into)
    rest.join()
    assert [line["event"] for line in lines[-2:]] == ["log lines lost", "after"]
    assert lines[-2]["count"] == lost


def pipe_lines(out: int) -> list[dict[str, object]]:
    """Those that are whole: the first was read in part."""
    with os.fdopen(os.dup(out), "rb") as file:
        return [json.loads(line) for line in file if line.startswith(b'{"at"')]


def test_a_stuck_log_says_for_how_long(pipe: Pipe) -> None:
    """By the clock it is given."""
    moment = [100.0]
    began = threading.Event()

    def clock() -> float:
        began.set()
        return moment[0]

    spool = LogSpool(pipe.into, clock=clock)
    spool.write(b"y" * room(pipe) + b"z\n")
    assert began.wait(10)
    moment[0] += 7
    assert spool.stuck == 7
    pipe.read(room(pipe) + 2)
    spool.close(10)
    assert spool.stuck == 0
    os.close(pipe.into)


def test_the_end_does_not_wait_for_a_reader_either(pipe: Pipe) -> None:
    """Its thread stays behind, and nobody notices."""
    spool = LogSpool(pipe.into)
    spool.write(b"y" * room(pipe) + b"z\n")
    spool.close(0.01)
    with pytest.raises(BlockingIOError):
        spool.write(b"too late\n")
    pipe.read(room(pipe) + 2)
    os.close(pipe.into)


def test_others_who_write_there_are_left_as_they_were(pipe: Pipe) -> None:
    """A descriptor that we made non-blocking would be so for the whole terminal."""
    with spooled(pipe) as log:
        log.event("one")
        assert os.get_blocking(pipe.into)
    assert os.get_blocking(pipe.into)
    assert len(pipe.rest()) == 1


def test_what_a_full_disk_does_not_take_is_counted() -> None:
    """By the thread that writes; it is told with what comes next."""
    lost = threading.Event()
    with open("/dev/full", "wb") as full:
        log = Log(spool := LogSpool(full.fileno()))

        def lose(lines: int) -> None:
            log.lose(lines)
            lost.set()

        spool.lost = lose
        log.events([{"event": "one"}, {"event": "two"}])
        assert lost.wait(10)
        spool.close()
    assert log.lost == 2


def test_without_standard_error_nothing_is_said() -> None:
    """A service manager may have closed it."""
    with spooled(None) as log:
        log.event("one")
    assert log.lost == 0


@given(st.lists(st.integers(0, 40_000), max_size=20))
def test_lines_of_any_length_come_whole(lengths: list[int]) -> None:
    """Longer than one write, shorter than a word."""
    lines = [b"%d:%s\n" % (n, b"x" * length) for n, length in enumerate(lengths)]
    path = Path(f"/proc/self/fd/{(memory := os.memfd_create('lines'))}")
    spool = LogSpool(memory)
    for line in lines:
        spool.write(line)
    spool.close(10)
    assert path.read_bytes() == b"".join(lines)
    os.close(memory)


def lines_of(*paths: Path) -> list[dict[str, object]]:
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


def until_written(path: Path, words: bytes) -> None:
    while not path.exists() or words not in path.read_bytes():
        os.sched_yield()


def test_a_file_that_is_rotated_loses_nothing_and_is_followed(tmp_path: Path) -> None:
    """As logrotate does it, with a new file and without; each line once, in its order."""
    path, rotated, told = tmp_path / "hall.log", [], 0
    with log_to(path) as log:
        for turn in range(4):
            for _ in range(50):
                log.event("one", n=told)
                told += 1
            until_written(path, b'"event"')
            rotated.append(path.rename(tmp_path / f"hall.log.{turn}"))
            if turn % 2:
                path.touch(0o600)
        log.event("one", n=told)
    found = lines_of(*rotated, path)
    assert [line["n"] for line in found] == list(range(told + 1))
    assert lines_of(path)[-1]["n"] == told
    assert log.lost == 0


def test_where_no_other_can_be_opened_it_goes_on_in_the_one_that_was_moved(tmp_path: Path) -> None:
    """And says so there, once."""
    folder, moved = tmp_path / "log", tmp_path / "moved"
    folder.mkdir()
    with log_to(folder / "hall.log") as log:
        log.event("one")
        folder.rename(moved)
        for _ in range(3):
            log.event("two")
            until_written(moved / "hall.log", b"two")
    events = [line["event"] for line in lines_of(moved / "hall.log")]
    assert events.count("two") == 3
    assert events.count("log left behind") == 1
