"""What Asterisk is told before the first word of a call: how long it may last, to note its keys."""

from __future__ import annotations

from ivr.call.agi import set_variable
from ivr.call.agi_queue import CommandQueue
from ivr.call.key_reader import KeyReader


def ends_after(seconds: float) -> str:
    """The command that has Asterisk end a call after so many seconds from then."""
    return set_variable("TIMEOUT(absolute)", f"{seconds:g}")


class CallOpening:
    """`seconds`: how long the call may last, talks with people aside."""

    def __init__(self, commands: CommandQueue, keys: KeyReader, seconds: float) -> None:
        self._commands = commands
        self._keys = keys
        self._seconds = seconds
        self._left = 1

    @property
    def done(self) -> bool:
        """Whether Asterisk has done all of it."""
        return self._left == 0

    def begin(self, *, anew: bool) -> None:
        """`anew`: the caller has typed nothing to us yet."""
        self._left = 1
        if anew and self._keys.opens_at_once:
            self._keys.open_at_once(self._seconds, self._did, lambda now: self._begin_anew())
        elif anew:
            self._begin_anew()
        else:
            self._commands.run(ends_after(self._seconds))
            self._keys.note(self._did)

    def _begin_anew(self) -> None:
        self._keys.begin(self._seconds, self._unlimited)
        self._keys.note(self._did)

    def leave_out(self) -> None:
        """It was done before us."""
        self._left = 0

    def _unlimited(self, now: float) -> None:
        """Both at once were more than it can do."""
        self._left += 1
        self._commands.run(ends_after(self._seconds), lambda result, now: self._did(now))

    def _did(self, now: float) -> None:
        self._left -= 1
