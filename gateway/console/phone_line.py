"""A phone of the simulated network, held by an operator: what is sent from it, what it shows.

It speaks to the control port of `hallgate demo` or of a simulated SMSC: one JSON object a line.
"""

from __future__ import annotations

import json
import socket
from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from threading import Lock, Thread
from typing import Any, Final

from starlette.requests import Request

from gateway.config.sections.setting_types import host_port

KEPT: Final = 40  # things that a phone remembers
MOST: Final = 50  # phones at once: who has not used theirs for longest gives it up
_WITHIN: Final = 3.0  # seconds for the network to answer the telephone
_LONGEST: Final = 65_536
_MOST_SOUNDS: Final = 60  # of one sentence


class NoNetwork(Exception):
    """Nobody of the simulated network answers at its address."""


@dataclass(frozen=True, slots=True)
class PhoneEvent:
    """`what`: sent, got, heard, told. `who`: the number at the other side. `sounds`: of what was
    heard, the path and the text of each; `place`: of all that the phone has come by."""

    at: float
    what: str
    text: str
    who: str = ""
    sounds: tuple[tuple[str, str], ...] = ()
    place: int = 0


class HeldPhone:
    """One number. Any thread may use it."""

    def __init__(self, address: str, number: str, clock: Callable[[], float]) -> None:
        """Raises NoNetwork."""
        self.number, self._clock = number, clock
        self.screen = ""
        self.waits = False  # the screen takes an answer
        self.on_call = False
        self.gone = False
        self._events: deque[PhoneEvent] = deque(maxlen=KEPT)
        self._places = count(1)
        self._lock = Lock()
        try:
            self._socket = socket.create_connection(host_port(address), _WITHIN)
        except OSError as error:
            raise NoNetwork(str(error)) from error
        self._socket.settimeout(None)
        Thread(target=self._hear, name="phone", daemon=True).start()
        for verb in ("watch", "screens"):
            self._say(verb)

    def events(self) -> list[PhoneEvent]:
        """The oldest first."""
        with self._lock:
            return list(self._events)

    def text(self, words: str, to: str) -> None:
        self._keep(PhoneEvent(self._clock(), "sent", words, to))
        self._say("sms", text=words, to=to)

    def dial(self, code: str) -> None:
        self._keep(PhoneEvent(self._clock(), "sent", code))
        self._say("dial", to=code)

    def type(self, key: str) -> None:
        self._keep(PhoneEvent(self._clock(), "sent", key))
        self._say("type", text=key)

    def leave(self) -> None:
        self.screen, self.waits = "", False
        self._say("leave")

    def call(self, number: str) -> None:
        self.on_call = True
        self._keep(PhoneEvent(self._clock(), "sent", number))
        self._say("call", to=number)

    def press(self, keys: str) -> None:
        self._keep(PhoneEvent(self._clock(), "sent", keys))
        self._say("press", text=keys)

    def ring_off(self) -> None:
        self.on_call = False
        self._say("ring_off")

    def close(self) -> None:
        self.gone = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _say(self, do: str, **more: str) -> None:
        """Raises NoNetwork."""
        line = json.dumps({"do": do, "number": self.number, **more}).encode() + b"\n"
        try:
            self._socket.sendall(line)
        except OSError as error:
            self.gone = True
            raise NoNetwork(str(error)) from error

    def _hear(self) -> None:
        with suppress(OSError, ValueError), self._socket.makefile("rb") as lines:
            while line := lines.readline(_LONGEST):
                self._heard(json.loads(line))
        self.gone = True

    def _heard(self, event: dict[str, Any]) -> None:
        now, text = self._clock(), str(event.get("text", ""))
        match event.get("event"):
            case "message":
                self._keep(PhoneEvent(now, "got", text, str(event.get("from", ""))))
            case "screen":
                self.screen, self.waits = text, bool(event.get("waits"))
            case "heard":
                sounds = tuple((str(path), str(said)) for path, said in event.get("sounds", ()))
                self._keep(PhoneEvent(now, "heard", text, sounds=sounds[:_MOST_SOUNDS]))
            case "over":
                self.on_call = False
                self._keep(PhoneEvent(now, "told", "over"))
            case "sent" if event.get("status") != "ESME_ROK":
                self._keep(PhoneEvent(now, "told", str(event.get("status"))))
            case "error":
                self._keep(PhoneEvent(now, "told", text))
            case _:
                pass

    def _keep(self, event: PhoneEvent) -> None:
        with self._lock:
            self._events.append(replace(event, place=next(self._places)))


class HeldPhones:
    """One for each operator who has taken one."""

    def __init__(self, address: str, clock: Callable[[], float]) -> None:
        self.there = address != "off"
        self._address, self._clock = address, clock
        self._held: OrderedDict[str, HeldPhone] = OrderedDict()
        self._lock = Lock()

    def of(self, operator: str) -> HeldPhone | None:
        with self._lock:
            found = self._held.get(operator)
            return None if found is None or found.gone else found

    def take(self, operator: str, number: str) -> HeldPhone:
        """Raises NoNetwork."""
        made = HeldPhone(self._address, number, self._clock)
        with self._lock:
            before = self._held.pop(operator, None)
            self._held[operator] = made
            over = self._held.popitem(last=False)[1] if len(self._held) > MOST else None
        for one in (before, over):
            if one is not None:
                one.close()
        return made


def phones_of(request: Request) -> HeldPhones:
    phones = request.app.state.phones
    assert isinstance(phones, HeldPhones)
    return phones
