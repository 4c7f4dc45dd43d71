"""A connection under test: Twisted's clock and a transport in memory, and an SMSC's voice."""

from __future__ import annotations

from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import Protocol
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from smpp.connection import SmppConnection
from smpp.pdu import BindKind, BindResp, DecodedPdu, Outbind, Pdu
from smpp.pdu_decoding import decode_pdu
from smpp.pdu_encoding import encode_pdu
from smpp.session import BindCredentials, SmppLimits, SmppSession
from smpp.session_events import SmppSessionEvent


class Wire(StringTransport):
    """StringTransport with what TCP has besides, and a count of its writes."""

    def __init__(self) -> None:
        super().__init__()
        self.no_delay = False
        self.writes: list[bytes] = []
        self.aborted = False
        self.protocol: Protocol = Protocol()

    def setTcpNoDelay(self, enabled: bool) -> None:
        self.no_delay = enabled

    def write(self, data: bytes) -> None:
        super().write(data)
        if data:
            self.writes.append(data)

    def abortConnection(self) -> None:
        self.aborted = True
        super().abortConnection()


class Listener:
    """A user that keeps the events it was told, call by call."""

    def __init__(self) -> None:
        self.calls: list[list[SmppSessionEvent]] = []

    def events(self, connection: SmppConnection, events: list[SmppSessionEvent]) -> None:
        self.calls.append(events)

    @property
    def all(self) -> list[SmppSessionEvent]:
        return [event for call in self.calls for event in call]


class Shell:
    """A connection and its surroundings."""

    def __init__(
        self,
        kind: BindKind = BindKind.TRANSCEIVER,
        limits: SmppLimits | None = None,
        awaiting: Outbind | None = None,
        user: Listener | None = None,
    ) -> None:
        self.clock = Clock()
        self.gone = False
        self.user = user or Listener()
        session = SmppSession(kind, BindCredentials("hallgate", "secret"), limits or SmppLimits())
        self.connection = SmppConnection(session, self.clock, self.user, awaiting)
        self.wire = Wire()
        self.connection.makeConnection(self.wire)

    def bound(self) -> Shell:
        """The SMSC accepted the bind."""
        bind = self.sent()[-1]
        self.say(BindResp(self.connection.session.kind, "SMSC"), bind.sequence)
        self.wire.writes.clear()
        self.user.calls.clear()
        return self

    def say(self, pdu: Pdu, sequence: int, status: int = 0) -> None:
        self.connection.dataReceived(encode_pdu(pdu, sequence, status))

    def sent(self) -> list[DecodedPdu]:
        """What we wrote since the last time."""
        octets = self.wire.value()
        self.wire.clear()
        return frames(octets)

    def turn(self) -> None:
        """The reactor turns once."""
        self.clock.advance(0)

    def hang_up(self) -> None:
        """The peer is gone, as Twisted says it."""
        self.gone = True
        self.connection.connectionLost(Failure(ConnectionDone("bye")))


def frames(octets: bytes) -> list[DecodedPdu]:
    """All the PDUs of some whole bytes."""
    found = []
    while octets:
        length = int.from_bytes(octets[:4], "big")
        found.append(decode_pdu(octets[:length]))
        octets = octets[length:]
    return found
