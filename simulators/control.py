"""The port people's phones talk to: one JSON object a line, each way, on the loopback.

    → {"do": "watch", "number": "13800138001"}
    → {"do": "sms", "number": "13800138001", "text": "YE"}
    ← {"event": "sent", "status": "ESME_ROK"}
    ← {"event": "message", "number": "13800138001", "from": "10086", "text": "…", "at": 1.76e9}

What it can do is a table, so that a USSD centre or an exchange adds its verbs beside `sms`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import ServerFactory, connectionDone
from twisted.protocols.basic import LineOnlyReceiver
from twisted.python.failure import Failure

from simulators.centre import Smsc
from simulators.handset import Received
from simulators.pdus import STATUS_NAMES

Asked = Mapping[str, Any]
Say = Callable[[dict[str, Any]], None]
Verb = Callable[[Asked, Say], Callable[[], None] | None]
"""What is asked, how to answer now or later, and how to stop answering when the phone is gone."""


def verbs(smsc: Smsc) -> dict[str, Verb]:
    """What an SMSC does for a phone."""

    def sms(asked: Asked, say: Say) -> None:
        number, text = str(asked["number"]), str(asked["text"])
        sent = smsc.send(number, text, to=str(asked.get("to", "10086")))
        sent.settled().addCallback(
            lambda status: say({"event": "sent", "status": STATUS_NAMES.get(status, hex(status))})
        )

    def watch(asked: Asked, say: Say) -> Callable[[], None]:
        number = smsc.phone(str(asked["number"])).msisdn

        def shown(msisdn: str, message: Received) -> None:
            if msisdn == number:
                say(
                    {
                        "event": "message",
                        "number": msisdn,
                        "from": message.sender,
                        "text": message.text,
                        "parts": len(message.parts),
                        "at": message.at,
                    }
                )

        return smsc.watch(shown)

    def fault(asked: Asked, say: Say) -> None:
        for said in asked["set"]:
            smsc.faults.set(said)
        say({"event": "faults", "set": asked["set"]})

    def mend(asked: Asked, say: Say) -> None:
        smsc.faults.clear()
        say({"event": "faults", "set": []})

    return {"sms": sms, "watch": watch, "fault": fault, "mend": mend}


class Control(LineOnlyReceiver):
    delimiter = b"\n"
    MAX_LENGTH = 65_536

    def __init__(self, verbs: Mapping[str, Verb]) -> None:
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

    def _hello(self, asked: Asked, say: Say) -> None:
        say({"event": "hello", "can": sorted(self._verbs)})

    def _say(self, said: dict[str, Any]) -> None:
        assert self.transport is not None
        self.transport.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")


class ControlPort(ServerFactory):
    noisy = False

    def __init__(self, verbs: Mapping[str, Verb]) -> None:
        self._verbs = verbs

    def buildProtocol(self, addr: IAddress | None) -> Control:
        return Control(self._verbs)
