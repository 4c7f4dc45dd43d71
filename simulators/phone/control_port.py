"""The port people's phones talk to: one JSON object a line, each way, on the loopback.

    → {"do": "watch", "number": "13800138001"}
    → {"do": "sms", "number": "13800138001", "text": "YE"}
    ← {"event": "sent", "status": "ESME_ROK"}
    ← {"event": "message", "number": "13800138001", "from": "10086", "text": "…", "at": 1.76e9}
    → {"do": "dial", "number": "13800138001", "to": "*139#"}
    ← {"event": "screen", "number": "13800138001", "text": "…", "waits": true}
    → {"do": "type", "number": "13800138001", "text": "1"}

What it can do is a table, so that an exchange adds its verbs beside `sms` and `dial`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import ServerFactory, connectionDone
from twisted.protocols.basic import LineOnlyReceiver
from twisted.python.failure import Failure

KEYS: Final = frozenset("0123456789*#")
"""Of a phone."""

PhoneRequest = Mapping[str, Any]
TellPhone = Callable[[dict[str, Any]], None]
PhoneVerb = Callable[[PhoneRequest, TellPhone], Callable[[], None] | None]
"""What is asked, how to answer now or later, and how to stop answering when the phone is gone."""


class PhoneConnection(LineOnlyReceiver):
    delimiter = b"\n"
    MAX_LENGTH = 65_536

    def __init__(self, verbs: Mapping[str, PhoneVerb]) -> None:
        self._verbs = verbs
        self._stops: list[Callable[[], None]] = []

    def lineReceived(self, line: bytes) -> None:
        try:
            asked = json.loads(line)
            verb = self._verbs[asked["do"]] if asked["do"] != "hello" else self._hello
            stop = verb(asked, self._say)
        except (ValueError, KeyError, TypeError) as error:
            self._say({"event": "error", "text": f"not understood: {error!r}"})
            return
        if stop is not None:
            self._stops.append(stop)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        for stop in self._stops:
            stop()
        self._stops.clear()

    def _hello(self, asked: PhoneRequest, say: TellPhone) -> None:
        say({"event": "hello", "can": sorted(self._verbs)})

    def _say(self, said: dict[str, Any]) -> None:
        assert self.transport is not None
        self.transport.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")


class PhonePort(ServerFactory):
    noisy = False

    def __init__(self, verbs: Mapping[str, PhoneVerb]) -> None:
        self._verbs = verbs

    def buildProtocol(self, addr: IAddress | None) -> PhoneConnection:
        return PhoneConnection(self._verbs)
