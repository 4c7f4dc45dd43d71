"""Facts with identifiers, one line an event, written where the decision was made.

Numbers are masked by who writes them; the words of messages and secrets never come here. An
exception is told by its class and by where it was: its own words may be a subscriber's.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, tzinfo
from pathlib import Path
from threading import Lock
from traceback import extract_tb
from typing import Final, NamedTuple, Protocol

from twisted.logger import ILogObserver, LogEvent, LogLevel, formatEvent, globalLogBeginner
from zope.interface import provider

from gateway.ops.log_forms import FORMS, moment
from gateway.ops.log_levels import level_of, written
from gateway.ops.log_spool import LogSpool, opened

FRAMES: Final = 8  # of an exception, that are written


class LogStyle(NamedTuple):
    """`level`: what is less grave is left out. Moments are written in `zone`."""

    level: str = "info"
    format: str = "json"  # json, console, ecs
    zone: tzinfo = UTC


PLAIN: Final = LogStyle()


class Log:
    """Lines leave together: many events of one batch are one write. Whoever reads them may go away,
    or run out of room: that stops nobody's work, and how many lines were lost is told later."""

    def __init__(
        self,
        stream: Stream | None = None,
        wall: Callable[[], float] = time.time,
        style: LogStyle = PLAIN,
    ) -> None:
        self._stream: Stream = stream if stream is not None else sys.stderr.buffer
        self._wall = wall
        self._style = style
        self._form = FORMS[style.format]
        self.lost = 0  # lines, ever
        self._told = 0  # of them
        self._counting = Lock()

    def event(self, name: str, **facts: object) -> None:
        """`error` may be an exception: its class, its place and its frames are written."""
        self._write([{"event": name, **facts}], _caller())

    def events(self, events: Iterable[Mapping[str, object]]) -> None:
        """Those of one batch, written together."""
        self._write(events, _caller())

    def _write(self, events: Iterable[Mapping[str, object]], logger: str) -> None:
        at, least = moment(self._wall(), self._style.zone), self._style.level
        lines = [
            self._form(at, level, logger, _told(event))
            for event in events
            if written(event["event"], level := level_of(event), least)
        ]
        if not lines:
            return
        if lost := self._to_tell():
            told = {"event": "log lines lost", "count": lost}
            lines.insert(0, self._form(at, level_of(told), __name__, told))
        try:
            self._stream.write(b"\n".join([*lines, b""]))
            self._stream.flush()
        except (OSError, ValueError):  # its disk is full, its pipe is full, broken or closed
            self.lose(len(lines) - bool(lost), untold=lost)

    def lose(self, lines: int, untold: int = 0) -> None:
        """So many could not be written, nor that `untold` others were lost."""
        with self._counting:
            self.lost += lines
            self._told -= untold

    def left_behind(self, error: OSError) -> None:
        """Its file was moved, and no other can be opened in its place."""
        self.event("log left behind", error=error)

    def _to_tell(self) -> int:
        with self._counting:
            lost, self._told = self.lost - self._told, self.lost
        return lost

    @property
    def stuck(self) -> float:
        """Seconds for which no line could be written, though there are some."""
        return self._stream.stuck if isinstance(self._stream, LogSpool) else 0.0


class Stream(Protocol):
    """What lines are written to."""

    def write(self, lines: bytes, /) -> object: ...

    def flush(self) -> None: ...


class Output(Protocol):
    """What the system knows by a number."""

    def fileno(self) -> int: ...


@contextmanager
def spooled(file: Output | None, style: LogStyle = PLAIN) -> Iterator[Log]:
    """A log that nobody waits for: a thread writes, and the end waits for it briefly. None: the
    program was started without standard error."""
    if file is None:
        with open(os.devnull, "wb") as nowhere, spooled(nowhere, style) as log:
            yield log
        return
    spool = LogSpool(file.fileno())
    log = Log(spool, style=style)
    spool.lost = log.lose
    try:
        yield log
    finally:
        spool.close()


@contextmanager
def log_to(path: Path | None, style: LogStyle = PLAIN) -> Iterator[Log]:
    """The same in a file that is followed when it is rotated; None: on standard error. Raises
    OSError."""
    if path is None:
        with spooled(sys.stderr, style) as log:
            yield log
        return
    descriptor = opened(path)
    spool = LogSpool(descriptor, path=path)
    os.close(descriptor)
    log = Log(spool, style=style)
    spool.lost, spool.left_behind = log.lose, log.left_behind
    try:
        yield log
    finally:
        spool.close()


def tell_errors(log: Log) -> None:
    """Nothing that goes wrong inside Twisted or another library, in a thread, or in a callback
    nobody looked at, is swallowed; nor is it written past the log, where a reader may be missing.
    """

    @provider(ILogObserver)
    def observe(event: LogEvent) -> None:
        level, failure = event.get("log_level"), event.get("log_failure")
        if level is not None and level >= LogLevel.error:
            if failure is None:
                log.event("error", what=formatEvent(event))
            else:  # what Twisted formats holds the words of the exception
                log.event("error", what=str(event.get("log_format", "")), error=failure.value)

    globalLogBeginner.beginLoggingTo([observe], redirectStandardIO=False, discardBuffer=True)
    logging.getLogger().addHandler(_Libraries(log))
    threading.excepthook = lambda died: _tell(log, "a thread died", died.exc_value)
    sys.unraisablehook = lambda found: _tell(log, "nobody could be told", found.exc_value)


def _tell(log: Log, what: str, error: BaseException | None) -> None:
    log.event("error", what=what, error=error or "")


class _Libraries(logging.Handler):
    """What libraries warn of. What they say it about may be a subscriber's, and stays out."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        facts = {"error": error} if error else {}
        self._log.event("library", library=record.name, what=str(record.msg), **facts)


def masked(number: str) -> str:
    """138****8001. Short numbers, such as 10086, are no persons and stay."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 11 else number


def _told(event: Mapping[str, object]) -> Mapping[str, object]:
    error = event.get("error")
    if isinstance(error, BaseException):
        return {**event, "error": place_of(error), "frames": frames_of(error)}
    return event


def _caller() -> str:
    """The module that has something to say."""
    return str(sys._getframe(2).f_globals.get("__name__", ""))


def place_of(error: BaseException) -> str:
    """What went wrong, and where."""
    found = frames_of(error, most=1)
    return f"{type(error).__name__} in {found[-1]}" if found else type(error).__name__


def frames_of(error: BaseException, most: int = FRAMES) -> list[str]:
    """The innermost frames, the last one is where it was raised; those of its cause behind them."""
    found = [
        f"{frame.name}, {Path(frame.filename).name}:{frame.lineno}"
        for frame in extract_tb(error.__traceback__)[-most:]
    ]
    if most > 1 and error.__cause__ is not None:
        found += [f"caused by {type(error.__cause__).__name__}", *frames_of(error.__cause__, most)]
    return found
