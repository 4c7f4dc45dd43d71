"""Telephones by SIP over UDP, on the loopback: enough of RFC 3261 to call, type and hang up.

TRYING ── 200 ──▶ TALKING ── BYE, ours or theirs ──▶ OVER
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from random import Random
from typing import Any, Final, NamedTuple, cast

from twisted.internet.defer import Deferred
from twisted.internet.protocol import DatagramProtocol
from twisted.internet.udp import Port

from tests.ivr.telephones.rtp import A_LAW, EVENTS, Rtp

HERE: Final = "127.0.0.1"
PATIENCE: Final = 20.0  # seconds until a call is answered, or over


class Keys(Enum):
    """How a telephone tells keys."""

    EVENTS = "RFC 4733"
    INFO = "SIP INFO"


class Message(NamedTuple):
    """One of SIP, read: a request by its method, a response by its status."""

    first: str
    headers: tuple[tuple[str, str], ...]
    body: str

    @property
    def status(self) -> int:
        """0: it is a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        """Also of what a response answers."""
        return self.get("CSeq").split()[1]

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def get(self, name: str) -> str:
        return next(iter(self.all(name)), "")


class Telephones(DatagramProtocol):
    """All that stand behind one port, and the exchange that they are connected to."""

    def __init__(self, reactor: Any, exchange: int, chance: Random) -> None:
        self.reactor = reactor
        self.chance = chance
        self._exchange = exchange
        self._calls: dict[str, Call] = {}
        self._port = cast(Port, reactor.listenUDP(0, self, interface=HERE))
        self.port: int = self._port.getHost().port

    def call(
        self, number: str, caller: str, hears: Callable[[bytes], None], keys: Keys = Keys.EVENTS
    ) -> Call:
        """Somebody calls; `hears` gets every frame of 160 octets that he hears."""
        call = Call(self, number, caller, hears, keys)
        self._calls[call.id] = call
        call.invite(self._exchange)
        return call

    def say(self, text: str) -> None:

        assert self.transport is not None
        self.transport.write(text.encode(), (HERE, self._exchange))

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        if addr[1] != self._exchange:
            return  # a report on the sound of somebody's call whose port lies below (RFC 3550 §11)
        message = read(datagram)
        call = self._calls.get(message.get("Call-ID"))
        if call is not None:
            call.hears_of(message)

    def hang_up(self) -> None:
        """Whoever still talks."""
        for call in self._calls.values():
            call.hang_up()

    def stop(self) -> object:
        return self._port.stopListening()


class Call:
    """`answered` fires with the connection, `over` with its end, whoever ended it."""

    def __init__(
        self, phones: Telephones, number: str, caller: str, hears: Callable[[bytes], None],
        keys: Keys,
    ) -> None:  # fmt: skip
        self.id = f"{phones.chance.getrandbits(48):x}@tests"
        self.answered: Deferred[None] = Deferred()
        self.over: Deferred[None] = Deferred()
        self.gone = False
        self.rtp = Rtp(phones.reactor, phones.chance, hears)
        self._phones = phones
        self._by = keys
        self._us = f"<sip:{caller}@{HERE}:{phones.port}>"
        self._tag = f"{phones.chance.getrandbits(32):x}"
        self._to = f"<sip:{number}@{HERE}>"
        self._there = ""  # where requests of the dialogue go
        self._sequence = 1
        self.answered.addTimeout(PATIENCE, phones.reactor)

    # -- what a caller does ------------------------------------------------------------------------

    def invite(self, exchange: int) -> None:
        number = self._to.partition(":")[2].partition("@")[0]
        self._there = f"sip:{number}@{HERE}:{exchange}"
        offer = "\r\n".join([
            "v=0", f"o=- 1 1 IN IP4 {HERE}", "s=-", f"c=IN IP4 {HERE}", "t=0 0",
            f"m=audio {self.rtp.port} RTP/AVP {A_LAW} {EVENTS}", f"a=rtpmap:{A_LAW} PCMA/8000",
            f"a=rtpmap:{EVENTS} telephone-event/8000", f"a=fmtp:{EVENTS} 0-15", "a=ptime:20", "",
        ])  # fmt: skip
        self._request("INVITE", "application/sdp", offer)

    def press(self, keys: str) -> None:
        if self._by is Keys.EVENTS:
            self.rtp.press(keys)
            return
        for key in keys:
            self._sequence += 1
            body = f"Signal={key}\r\nDuration=100\r\n"
            self._request("INFO", "application/dtmf-relay", body)

    def hang_up(self) -> None:
        """Nothing more is heard; Asterisk learns of it, and says so."""
        if self.rtp.talking:
            self.over.addTimeout(PATIENCE, self._phones.reactor)
            self.rtp.end()
            self._sequence += 1
            self._request("BYE")

    # -- what the exchange says --------------------------------------------------------------------

    def hears_of(self, message: Message) -> None:
        match message.status, message.method:
            case 0, "BYE":
                self._respond(message)
                self._end()
            case 0, "ACK":
                pass
            case 0, _:
                self._respond(message)
            case 200, "INVITE":
                self._connected(message)
            case 200, "BYE":
                self._end()
            case status, "INVITE" if status >= 300:
                self._acknowledge()
                self._end()

    def _connected(self, message: Message) -> None:
        self._to = message.get("To")
        self._there = message.get("Contact").strip("<>").split(">")[0]
        self._acknowledge()
        if not self.answered.called:
            self.rtp.begin(HERE, _sound_port(message.body))
            self.answered.callback(None)

    def _acknowledge(self) -> None:
        self._send("ACK", 1)

    def _end(self) -> None:
        if not self.gone:
            self.gone = True
            self.rtp.end()
            self.over.callback(None)

    # -- on the wire -------------------------------------------------------------------------------

    def _request(self, method: str, kind: str = "", body: str = "") -> None:
        self._send(method, self._sequence, kind, body)

    def _send(self, method: str, sequence: int, kind: str = "", body: str = "") -> None:
        # RFC 3261 §8.1.1.7: a branch is like no other, and begins so
        branch = f"z9hG4bK{self._phones.chance.getrandbits(64):x}"
        via = f"SIP/2.0/UDP {HERE}:{self._phones.port};branch={branch}"
        lines = [
            f"{method} {self._there} SIP/2.0", f"Via: {via}", f"From: {self._us};tag={self._tag}",
            f"To: {self._to}", f"Call-ID: {self.id}", f"CSeq: {sequence} {method}",
            f"Contact: {self._us}", "Max-Forwards: 70",
            *([f"Content-Type: {kind}"] if kind else []),
            f"Content-Length: {len(body)}", "", body,
        ]  # fmt: skip
        self._phones.say("\r\n".join(lines))

    def _respond(self, request: Message) -> None:
        same = [f"Via: {via}" for via in request.all("Via")]
        same += [f"{name}: {request.get(name)}" for name in ("From", "To", "Call-ID", "CSeq")]
        self._phones.say("\r\n".join(["SIP/2.0 200 OK", *same, "Content-Length: 0", "", ""]))


def read(datagram: bytes) -> Message:
    head, _, body = datagram.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    pairs = (line.split(":", 1) for line in lines)
    return Message(first, tuple((name.strip(), value.strip()) for name, value in pairs), body)


def _sound_port(answer: str) -> int:
    line = next(line for line in answer.splitlines() if line.startswith("m=audio "))
    return int(line.split()[1])
