"""Facts with identifiers, one JSON line an event, written where the decision was made.

Numbers are masked by who writes them; the words of messages and secrets never come here.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from traceback import extract_tb
from typing import BinaryIO

import orjson
from twisted.logger import ILogObserver, LogEvent, LogLevel, formatEvent, globalLogBeginner
from zope.interface import provider


class Log:
    """Lines leave together: many events of one batch are one write. Whoever reads them may go away,
    or run out of room: that stops nobody's work, and how many lines were lost is told later."""

    def __init__(self, stream: BinaryIO | None = None) -> None:
        self._stream = stream if stream is not None else sys.stderr.buffer
        self._lost = 0

    def event(self, name: str, **facts: object) -> None:
        self.events([{"event": name, **facts}])

    def events(self, events: Iterable[dict[str, object]]) -> None:
        at = time.time()
        lines = [orjson.dumps({"at": round(at, 3), **event}, default=str) for event in events]
        if not lines:
            return
        if lost := self._lost:
            told = {"at": round(at, 3), "event": "log lines lost", "count": lost}
            lines.insert(0, orjson.dumps(told))
        try:
            self._stream.write(b"\n".join([*lines, b""]))
            self._stream.flush()
        except (OSError, ValueError):  # its disk is full, its pipe is broken or closed
            self._lost += len(lines) - bool(lost)
        else:
            self._lost -= lost


def tell_twisted_errors(log: Log) -> None:
    """Nothing that goes wrong inside Twisted, or in a callback nobody looked at, is swallowed."""

    @provider(ILogObserver)
    def observe(event: LogEvent) -> None:
        level, failure = event.get("log_level"), event.get("log_failure")
        if level is not None and level >= LogLevel.error:
            facts = {"what": formatEvent(event)}
            if failure is not None:
                facts["traceback"] = failure.getBriefTraceback()
            log.event("error", **facts)

    globalLogBeginner.beginLoggingTo([observe], redirectStandardIO=False, discardBuffer=True)


def masked(number: str) -> str:
    """138****8001. Short numbers, such as 10086, are no persons and stay."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 11 else number


def place_of(error: BaseException) -> str:
    """What went wrong, and where. Its words may be a subscriber's: they stay out."""
    found = extract_tb(error.__traceback__)
    if not found:
        return type(error).__name__
    at = found[-1]
    return f"{type(error).__name__} in {at.name}, {Path(at.filename).name}:{at.lineno}"
