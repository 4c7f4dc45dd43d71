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
from typing import Any

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import ServerFactory, connectionDone
from twisted.protocols.basic import LineOnlyReceiver
from twisted.python.failure import Failure

from simulators.audit import Sent
from simulators.centre import Smsc
from simulators.handset import Received
from simulators.pdus import STATUS_NAMES
from simulators.ussd import Dialogue, Screen

Asked = Mapping[str, Any]
Say = Callable[[dict[str, Any]], None]
Verb = Callable[[Asked, Say], Callable[[], None] | None]
"""What is asked, how to answer now or later, and how to stop answering when the phone is gone."""


def verbs(smsc: Smsc) -> dict[str, Verb]:
    """What an SMSC does for a phone."""

    def sms(asked: Asked, say: Say) -> None:
        number, text = str(asked["number"]), str(asked["text"])
        _tell_taken(smsc.send(number, text, to=str(asked.get("to", "10086"))), say)

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

    return {"sms": sms, "watch": watch, "fault": fault, "mend": mend, **_dialling(smsc)}


def _dialling(smsc: Smsc) -> dict[str, Verb]:
    """What its USSD side does for a phone; screens are heard by who watches the number."""

    def dial(asked: Asked, say: Say) -> None:
        call = smsc.ussd.dial(str(asked["number"]), str(asked["to"]))
        _tell_taken(call.said[0], say)

    def type_(asked: Asked, say: Say) -> None:
        if (call := _current(asked, say)) is not None:
            _tell_taken(call.answers(str(asked["text"])), say)

    def leave(asked: Asked, say: Say) -> None:
        if (call := _current(asked, say)) is not None:
            call.leaves()

    def _current(asked: Asked, say: Say) -> Dialogue | None:
        call = smsc.ussd.current(str(asked["number"]))
        if call is None:
            say({"event": "error", "text": "nothing is on the screen: dial first"})
        return call

    def screens(asked: Asked, say: Say) -> Callable[[], None]:
        number = smsc.phone(str(asked["number"])).msisdn

        def shown(msisdn: str, screen: Screen) -> None:
            if msisdn == number:
                event = {"event": "screen", "number": msisdn}
                say({**event, "text": screen.text, "waits": screen.waits})

        return smsc.ussd.watch(shown)

    return {"dial": dial, "type": type_, "leave": leave, "screens": screens}


def _tell_taken(sent: Sent, say: Say) -> None:
    """How the gateway took it, once it has."""
    sent.settled().addCallback(
        lambda status: say({"event": "sent", "status": STATUS_NAMES.get(status, hex(status))})
    )


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
