"""Being interrupted without leaving anything behind."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_held = False
_came: list[int] = []


def leave_in_order() -> None:
    """From now on such a signal ends us as an exception does: everything open is closed."""
    for number in SIGNALS:
        signal.signal(number, _on_signal)


@contextmanager
def held() -> Iterator[None]:
    """Inside, a signal waits: between a process's start and its being known to us, say."""
    global _held
    _held = True
    try:
        yield
    finally:
        _held = False
    if _came:
        _leave(_came[0])


def _on_signal(number: int, frame: object) -> None:
    if _held:
        _came.append(number)
    else:
        _leave(number)


def _leave(number: int) -> None:
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)  # asked once is enough: closing takes a moment
    sys.exit(128 + number)
