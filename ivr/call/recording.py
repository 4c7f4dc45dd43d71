"""Having a caller speak after a tone: a file of Asterisk's, ended by a key, by silence, or in
time.

The application Record is used, not the command RECORD FILE: that one ends the call when its file
cannot be written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from ivr.call.agi import AgiResult, execute_application, get_variable, set_variable
from ivr.call.call_control import CallControl
from ivr.call.questions import OURS, phone_keys
from ivr.call.timeouts import CallTimeouts

_STATUS: Final = "RECORD_STATUS"
_BY_KEY, _BY_SILENCE, _IN_TIME = "DTMF", "SILENCE", "TIMEOUT"
_TONE: Final = 0.4
"""Seconds of the tone that says: now."""
_MOST_ROUNDS: Final = 3
"""Times that it begins again when a tone of ours has ended it."""


@dataclass(frozen=True, slots=True)
class RecordingRequest:
    """`path` is absolute as Asterisk sees it, without an ending; `silence` and `longest` are
    seconds. What is shorter than `least` seconds is no recording."""

    path: str
    silence: int = 5
    longest: int = 120
    least: float = 0.5

    @property
    def command(self) -> str:
        """Any key ends it; a folder that is missing is made."""
        return execute_application(
            "Record", f"{self.path}.wav", str(self.silence), str(self.longest), "y"
        )


class RecordingEnded(NamedTuple):
    """The caller has spoken for so many seconds, silence at the end aside. `kept`: there is
    something to hear. `failed`: Asterisk could not write it. `key` ended it, if a key did."""

    kept: bool
    failed: bool
    key: str
    seconds: float


class RecordingTask:
    def __init__(
        self, call: CallControl, recording: RecordingRequest, timeouts: CallTimeouts
    ) -> None:
        self._call = call
        self._keys = call.keys
        self._recording = recording
        self._timeouts = timeouts
        self._began = 0.0
        self._over = 0.0
        self._rounds = 0

    def begin(self, now: float) -> None:
        """From the tone on; also when it has to begin again."""
        self._rounds += 1
        self._began = self._over = now
        self._call.allow(self._timeouts.answer + _TONE + self._recording.longest, now)
        # what was typed before the tone ends nothing
        self._keys.look(self._starts)
        self._call.run(set_variable(_STATUS, ""))
        self._call.run(self._recording.command, self._ends)
        self._keys.look(lambda now: None)
        self._call.run(get_variable(_STATUS), self._reaped)

    def _starts(self, now: float) -> None:
        self._began = now
        self._keys.forget()

    def _ends(self, result: AgiResult, now: float) -> None:
        self._over = now

    def _reaped(self, result: AgiResult, now: float) -> None:
        status, keys = result.text, phone_keys(self._keys.typed)
        by_us = status == _BY_KEY and not keys and OURS in self._keys.typed
        if by_us and self._rounds < _MOST_ROUNDS:
            self.begin(now)
            return
        self._keys.forget()
        trailing = self._recording.silence if status == _BY_SILENCE else 0
        seconds = max(0.0, self._over - self._began - _TONE - trailing)
        written = status in (_BY_KEY, _BY_SILENCE, _IN_TIME)
        kept = written and seconds >= self._recording.least
        self._call.done(RecordingEnded(kept, not written, keys[:1], seconds))
