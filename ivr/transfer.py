"""Putting a caller through to a person: a queue of Asterisk's, and what the person sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ivr.agi import Result, execute, get_variable, set_variable
from ivr.hand import Hand
from ivr.terms import Patience

_STATUS: Final = "QUEUESTATUS"


@dataclass(frozen=True, slots=True)
class Transfer:
    """`variables` are set on the channel first, and `pop` is told as a UserEvent of that name, for
    the screens of the people who answer. `options` are those of Queue(); without c the call
    ends with the talk. After `wait` seconds the caller comes back; 0: he waits as long as he
    likes."""

    queue: str
    variables: Mapping[str, str] = field(default_factory=dict)
    options: str = "c"
    wait: int = 0
    pop: str = ""

    def event(self) -> str:
        """Commas would divide what a value says."""
        told = (f"{name}: {value.replace(',', ' ')}" for name, value in self.variables.items())
        return execute("UserEvent", self.pop, *told)


class Returned(NamedTuple):
    """The caller is back from the queue: CONTINUE after a talk, else TIMEOUT, FULL, JOINEMPTY …"""

    status: str


class Transferring:
    """`queued`: somebody else has done that already."""

    def __init__(
        self, hand: Hand, transfer: Transfer, patience: Patience, *, queued: bool = False
    ) -> None:
        self._hand = hand
        self._patience = patience
        wait = str(transfer.wait or "")
        self._commands = [
            *(set_variable(name, value) for name, value in transfer.variables.items()),
            set_variable(_STATUS, ""),
            *([transfer.event()] if transfer.pop else []),
        ]
        self._queue = execute("Queue", transfer.queue, transfer.options, "", "", wait)
        self._queued = queued

    def begin(self, now: float) -> None:
        """Into the queue; when it has to begin again, only for what became of it."""
        self._hand.allow(self._patience.talk, now)
        if not self._queued:
            self._queued = True
            self._hand.wipe_keys()
            self._hand.limit(self._patience.talk, now)
            for command in self._commands:
                self._hand.run(command)
            self._hand.run(self._queue)
        self._hand.run(get_variable(_STATUS), self._back)
        # what was typed during the talk was not meant for us
        self._hand.wipe_keys()
        self._hand.limit(self._patience.call, now)

    def _back(self, result: Result, now: float) -> None:
        self._hand.done(Returned(result.text))
