"""Putting a caller through to a person: a queue of Asterisk's, and what the person sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ivr.agi import Result, execute, get_variable, quoted, set_variable
from ivr.hand import Hand
from ivr.keys import phone_keys
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


class Connected(NamedTuple):
    """A person has answered."""


class Returned(NamedTuple):
    """The caller is back from the queue: CONTINUE after a talk, else TIMEOUT, FULL, JOINEMPTY …
    Without a status he has left it by `key`."""

    status: str
    key: str = ""


class Transferring:
    """`extension` is the channel's own; `queued`: somebody else has put him through already."""

    def __init__(
        self,
        hand: Hand,
        transfer: Transfer,
        patience: Patience,
        *,
        extension: str = "",
        queued: bool = False,
    ) -> None:
        self.queue = transfer.queue
        self._hand = hand
        self._patience = patience
        wait = str(transfer.wait or "")
        self._commands = [
            *(set_variable(name, value) for name, value in transfer.variables.items()),
            set_variable(_STATUS, ""),
            *([transfer.event()] if transfer.pop else []),
        ]
        self._extension = extension
        self._enter = execute("Queue", transfer.queue, transfer.options, "", "", wait)
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
            self._hand.run(self._enter)
        self._hand.look(lambda now: None)
        self._hand.run(get_variable(_STATUS), self._back)
        # what was typed during the talk was not meant for us
        self._hand.wipe_keys()
        self._hand.limit(self._patience.call, now)

    def _back(self, result: Result, now: float) -> None:
        status, key = result.text, ""
        if not status:
            key = phone_keys(self._hand.typed)[-1:]
            # the key has led the channel elsewhere in the dialplan, and that is whom it shows
            self._hand.run(f"SET EXTENSION {quoted(self._extension)}")
        self._hand.forget()
        self._hand.done(Returned(status, key))
