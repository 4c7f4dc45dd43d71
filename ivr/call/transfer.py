"""Putting a caller through to a person: a queue of Asterisk's, and what the person sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ivr.call.agi import (
    AgiResult,
    execute_application,
    get_variable,
    quote_argument,
    set_variable,
    sound_lists,
)
from ivr.call.call_control import CallControl
from ivr.call.questions import phone_keys
from ivr.call.timeouts import CallTimeouts

_STATUS: Final = "QUEUESTATUS"
_WHISPER: Final = "HALL_WHISPER"
WHISPERS: Final = "hallgate-whisper"
"""The subroutine of conf/asterisk/extensions.conf that plays it to who answers."""


@dataclass(frozen=True, slots=True)
class TransferRequest:
    """`variables` are set on the channel first, and `pop` is told as a UserEvent of that name, for
    the screens of the people who answer. `options` are those of Queue(); without c the call
    ends with the talk. After `wait` seconds the caller comes back; 0: he waits as long as he
    likes. Who answers hears the sounds of `whisper` first, by the dialplan's own subroutine."""

    queue: str
    variables: Mapping[str, str] = field(default_factory=dict)
    options: str = "c"
    wait: int = 0
    pop: str = ""
    whisper: tuple[str, ...] = ()

    def event(self) -> str:
        """Commas would divide what a value says."""
        told = (
            f"{name.lstrip('_')}: {value.replace(',', ' ')}"
            for name, value in self.variables.items()
        )
        return execute_application("UserEvent", self.pop, *told)


class AgentConnected(NamedTuple):
    """A person has answered: the queue's member of that name."""

    name: str = ""


class CallerReturned(NamedTuple):
    """The caller is back from the queue: CONTINUE after a talk, else TIMEOUT, FULL, JOINEMPTY …
    Without a status he has left it by `key`."""

    status: str
    key: str = ""


class TransferTask:
    """`extension` is the channel's own; `queued`: somebody else has put him through already."""

    def __init__(
        self,
        call: CallControl,
        transfer: TransferRequest,
        timeouts: CallTimeouts,
        *,
        extension: str = "",
        queued: bool = False,
    ) -> None:
        self.queue = transfer.queue
        self._call = call
        self._keys = call.keys
        self._timeouts = timeouts
        wait = str(transfer.wait or "")
        self._commands = [
            *(set_variable(name, value) for name, value in transfer.variables.items()),
            set_variable(_STATUS, ""),
            *([transfer.event()] if transfer.pop else []),
        ]
        lists = sound_lists(transfer.whisper)[:1]
        if lists:  # the underscores hand it on to who answers
            self._commands.insert(0, set_variable(f"__{_WHISPER}", lists[0]))
        told = ("", WHISPERS) if lists else ()
        self._extension = extension
        self._enter = execute_application(
            "Queue", transfer.queue, transfer.options, "", "", wait, *told
        )
        self._queued = queued

    def begin(self, now: float) -> None:
        """Into the queue; when it has to begin again, only for what became of it."""
        self._call.allow(self._timeouts.talk, now)
        if not self._queued:
            self._queued = True
            self._keys.wipe()
            self._call.limit(self._timeouts.talk, now)
            for command in self._commands:
                self._call.run(command)
            self._call.run(self._enter)
        self._keys.look(lambda now: None)
        self._call.run(get_variable(_STATUS), self._back)
        # what was typed during the talk was not meant for us
        self._keys.wipe()
        self._call.limit(self._timeouts.call, now)

    def _back(self, result: AgiResult, now: float) -> None:
        status, key = result.text, ""
        if not status:
            key = phone_keys(self._keys.typed)[-1:]
            # the key has led the channel elsewhere in the dialplan, and that is whom it shows
            self._call.run(f"SET EXTENSION {quote_argument(self._extension)}")
        self._keys.forget()
        self._call.done(CallerReturned(status, key))
