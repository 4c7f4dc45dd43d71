"""A call in a simulated exchange: who listens, what is played to him, which keys he presses.

It waits for AGI commands, as Asterisk's AsyncAGI does, and is as hard of hearing: a key that is
pressed while no command reads keys is noted, if StoreDTMF is on, and else lost.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from typing import Final, NamedTuple, Protocol

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from simulators.pbx.key_spacing import KeySpacing
from simulators.pbx.people_queue import PbxQueue

HUNG_UP: Final = "hang-up"
"""What a command hears instead of a key when the caller is gone."""


class CommandWait(NamedTuple):
    """A command waits: for a key, or deaf to keys."""

    seconds: float
    hears: bool = True


RunningCommand = Generator[CommandWait, str | None, str]
"""A command at work: it yields waits, hears a key or nothing, and returns its result's line."""


class HeardSound(NamedTuple):
    """A sound that a caller heard, or some of it."""

    sound: str
    interrupted: bool
    words: str = ""
    """Of a recording: what was said."""


class ChannelExchange(Protocol):
    """What a channel needs of its exchange."""

    clock: IReactorTime
    lacks: frozenset[str]
    recordings: dict[str, str]
    """By the file's path: what was said."""

    queue: PbxQueue
    """The people of the hall."""

    @property
    def writes(self) -> bool:
        """Whether recordings can be written."""

    @property
    def crowded(self) -> bool:
        """Whether keys that come at once are spread in time."""

    def seconds(self, sound: str) -> float | None:
        """How long a sound is; None: there is no such sound."""

    def event(self, kind: str, channel: PbxChannel, *headers: tuple[str, str]) -> None: ...

    def run(self, channel: PbxChannel, command: str) -> RunningCommand: ...

    def heard(self, channel: PbxChannel, heard: HeardSound) -> None: ...

    def gone(self, channel: PbxChannel) -> None: ...

    def left(self, channel: PbxChannel) -> None: ...


class PbxChannel:
    """One call. `look` is after how many seconds it looks for commands: a frame of sound."""

    def __init__(
        self,
        exchange: ChannelExchange,
        name: str,
        uniqueid: str,
        caller: str,
        dialled: str,
        look: float,
    ) -> None:
        self.exchange = exchange
        self.name = name
        self.uniqueid = uniqueid
        self.caller = caller
        self.dialled = dialled
        self.context = "hallgate"
        self.up = False
        self.ended = False
        self.in_agi = False
        self.leaving = False  # when the command that runs is done
        self.application = "AGI"
        self.arguments = "agi:async"
        self.variables: dict[str, str] = {}
        self.noting = ""  # the variable that StoreDTMF notes keys in
        self.noted = ""  # all that it has noted, whatever was done to the variable since
        self.said: list[HeardSound] = []
        self.spoken: list[str] = []  # by the caller
        self.speaks_until = 0.0
        self._spacing = KeySpacing(self, exchange.clock)
        self._look = look
        self._commands: deque[tuple[str, str]] = deque()
        self._running: RunningCommand | None = None
        self._command_id = ""
        self._hears = False
        self._timer: IDelayedCall | None = None
        self._limit: IDelayedCall | None = None
        self._advancing = False

    # ---- the caller ----------------------------------------------------------------------------

    def press(self, key: str) -> None:
        """The caller presses a key, or somebody does it for him."""
        if self.ended:
            return
        if self.exchange.crowded:
            self._spacing.press(key)
            return
        self.note(key)
        self.hear(key)

    @property
    def reading(self) -> bool:
        """Whether a command reads keys."""
        return self._running is not None and self._hears

    def note(self, key: str) -> None:
        """StoreDTMF sees a key."""
        if self.noting:
            self.noted += key
            self.variables[self.noting] = self.variables.get(self.noting, "") + key

    def hear(self, key: str) -> None:
        """A key is passed on to whoever reads."""
        if self.reading:
            self._step(key)

    def flash(self) -> None:
        """A frame that is no key and no sound: who waits for commands looks at once."""
        if self._running is None and self._timer is not None and self._timer.active():
            self._step(None)

    def speak(self, words: str, seconds: float) -> None:
        """The caller speaks for so long, whether anybody records it or not."""
        self.spoken.append(words)
        self.speaks_until = max(self.exchange.clock.seconds(), self.speaks_until) + seconds

    def hang_up(self) -> None:
        """The call is over; what it was doing is not told any more."""
        if self.ended:
            return
        self.ended = True
        running, self._running = self._running, None
        if running is not None and not self._advancing:
            running.close()
        self._stop(self._timer)
        self._stop(self._limit)
        self._spacing.stop()
        self.leave_agi()
        self.exchange.event("Hangup", self, ("Cause", "16"), ("Cause-txt", "Normal Clearing"))
        self.exchange.gone(self)

    # ---- AGI -----------------------------------------------------------------------------------

    def enter_agi(self, start: Callable[[], None]) -> None:
        """Waits for commands from now on."""
        self.in_agi = True
        start()
        self._wait(CommandWait(self._look, hears=False))

    def leave_agi(self) -> None:
        """Commands that are still queued are never told of."""
        if self.in_agi:
            self.in_agi = False
            self._commands.clear()
            self.exchange.event("AsyncAGIEnd", self)

    def queue(self, command: str, command_id: str) -> bool:
        """Takes a command; whether there is somebody to run it."""
        if not self.in_agi:
            return False
        self._commands.append((command, command_id))
        return True

    def assign(self, name: str, value: str) -> None:
        """A variable, or the one function that is written."""
        if name.upper() == "TIMEOUT(ABSOLUTE)":
            self.limit(float(value or 0))
        self.variables[name] = value

    def limit(self, seconds: float) -> None:
        """TIMEOUT(absolute)."""
        self._stop(self._limit)
        self._limit = self.exchange.clock.callLater(seconds, self.hang_up) if seconds else None

    # ---- within --------------------------------------------------------------------------------

    def _next(self) -> None:
        """The next commands, with no gap between them; then a look later on."""
        while self._commands and self.in_agi:
            command, self._command_id = self._commands.popleft()
            self._running = self.exchange.run(self, command)
            if not self._advance(None):
                return
        if self.in_agi:
            self._wait(CommandWait(self._look, hears=False))

    def _step(self, key: str | None) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        if self._running is None or self._advance(key):
            self._next()

    def _advance(self, key: str | None) -> bool:
        """Lets the command go on; whether it is done."""
        running, self._advancing = self._running, True
        assert running is not None
        try:
            wait = running.send(key)
        except StopIteration as over:
            self._running = None
            if self.in_agi:
                told = [("CommandId", self._command_id)] if self._command_id else []
                self.exchange.event("AsyncAGIExec", self, ("Result", str(over.value)), *told)
            self._leave()
            return True
        finally:
            self._advancing = False
        if not self.ended:
            self._wait(wait)
        return False

    def _leave(self) -> None:
        if self.leaving and not self.ended:
            self.leaving = False
            self.leave_agi()
            self.exchange.left(self)

    def _wait(self, wait: CommandWait) -> None:
        self._hears = wait.hears
        self._timer = self.exchange.clock.callLater(wait.seconds, self._step, None)

    def _stop(self, timer: IDelayedCall | None) -> None:
        if timer is not None and timer.active():
            timer.cancel()
