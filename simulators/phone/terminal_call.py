"""A call in the terminal: what is said appears, what is typed is pressed."""

from __future__ import annotations

import select
import sys
from collections.abc import Callable
from typing import Any, Final, Protocol

_LOOK: Final = 0.1  # seconds between looks at the keyboard
_AFTER_THE_LAST: Final = 8.0  # seconds that are listened to when nothing more can be typed


class CallingPhone(Protocol):
    """A phone, as a call needs it."""

    @property
    def on_call(self) -> bool: ...

    def do(self, said: str) -> bool: ...

    def show(self, event: dict[str, Any]) -> bool: ...


HearCall = Callable[[float], "dict[str, Any] | None"]


def call_from_terminal(phone: CallingPhone, hear: HearCall) -> int:
    """Until the call is over; 1 if nothing was ever heard."""
    heard, typing, quiet = False, True, 0.0
    while phone.on_call:
        event = hear(_LOOK)
        if event is not None:
            quiet = 0.0
            heard = phone.show(event) or heard
        elif not typing:
            quiet += _LOOK
        if typing and (line := _typed()) is not None:
            typing = line != ""
            if line.strip():
                phone.do(line.strip())
        if quiet >= _AFTER_THE_LAST:
            phone.do("hangup")
            break
    if not heard:
        print("Nobody answers: does the gateway serve this exchange?", file=sys.stderr)
    return 0 if heard else 1


def _typed() -> str | None:
    """A line, "" at the end of the input, None if nothing was typed."""
    if not select.select([sys.stdin], [], [], 0)[0]:
        return None
    return sys.stdin.readline()
