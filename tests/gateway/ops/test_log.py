"""What a line of the log says, and what it keeps to itself."""

from __future__ import annotations

from io import BytesIO

import orjson
import pytest

from gateway.ops.log import Log, LogStyle


def lines(stream: BytesIO) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in stream.getvalue().splitlines()]


def fails(words: str) -> None:
    raise ValueError(words)


def test_an_exception_is_told_by_its_frames_and_not_by_its_words() -> None:
    """Those may be a subscriber's; and what caused it is told as well."""
    stream = BytesIO()
    try:
        try:
            fails("739204")
        except ValueError as cause:
            raise KeyError("13800138001") from cause
    except KeyError as error:
        Log(stream).event("failed", id=7, error=error)
    (line,) = lines(stream)
    assert (line["level"], line["event"], line["id"]) == ("error", "failed", 7)
    assert str(line["error"]).startswith("KeyError in test_an_exception_is_told")
    frames = line["frames"]
    assert isinstance(frames, list)
    assert frames[1] == "caused by ValueError"
    assert frames[-1].startswith("fails, test_log.py:")
    assert b"739204" not in stream.getvalue()
    assert b"13800138001" not in stream.getvalue()


@pytest.mark.parametrize(
    ("event", "level"), [("served", "info"), ("unsent", "warning"), ("batch failed", "error")]
)
def test_each_line_has_a_level(event: str, level: str) -> None:
    stream = BytesIO()
    Log(stream).events([{"event": event}])
    assert lines(stream)[0]["level"] == level


def test_a_link_that_does_not_serve_is_a_warning_and_one_that_does_is_none() -> None:
    """Whoever asked for warnings only sees why nothing comes."""
    stream = BytesIO()
    log = Log(stream, style=LogStyle(level="warning"))
    log.event("line", line="smsc-a/trx", state="waiting", reason="connection refused")
    log.event("line", line="smsc-a/trx", state="serving")
    log.event("member", slot=3, serves=False)
    log.event("member", slot=3, serves=True)
    told = [(line["event"], line["level"]) for line in lines(stream)]
    assert told == [("line", "warning"), ("member", "warning")]


def test_frames_are_only_the_innermost() -> None:
    """However deep it was."""

    def deeper(depth: int) -> None:
        if depth:
            deeper(depth - 1)
        if not depth:
            raise RuntimeError

    stream = BytesIO()
    try:
        deeper(200)
    except RuntimeError as error:
        Log(stream).event("failed", error=error)
    frames = lines(stream)[0]["frames"]
    assert isinstance(frames, list)
    assert len(frames) == 8
