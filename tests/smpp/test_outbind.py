"""Where an SMSC connects to us."""

from __future__ import annotations

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock

from smpp.connection import SmppConnection
from smpp.events import Bound
from smpp.outbind import OutbindFactory
from smpp.pdu import BindKind, BindResp, Outbind
from smpp.session import Credentials, Limits, Session
from smpp.writing import encode
from tests.smpp.shell import Listener, Wire, frames

OUTBIND = Outbind("SMSC01", "secret08")
SMSC = IPv4Address("TCP", "10.0.0.1", 40000)


class Door:
    """A factory and what it needs."""

    def __init__(self, most: int = 2, hosts: set[str] | None = None) -> None:
        self.clock = Clock()
        self.user = Listener()
        self.factory = OutbindFactory(self._build, most, hosts)

    def _build(self) -> SmppConnection:
        session = Session(BindKind.RECEIVER, Credentials("hallgate", "secret"), Limits())
        return SmppConnection(session, self.clock, self.user, awaiting=OUTBIND)

    def knock(self, address: IPv4Address = SMSC) -> Wire | None:
        connection = self.factory.buildProtocol(address)
        if connection is None:
            return None
        wire = Wire()
        wire.protocol = connection
        connection.makeConnection(wire)
        return wire


def test_an_smsc_that_connects_and_says_outbind_gets_our_bind():
    """It waits for the outbind first, then binds as a receiver."""
    door = Door()
    wire = door.knock()
    assert wire is not None
    assert wire.value() == b""
    wire.protocol.dataReceived(encode(OUTBIND, 1))
    (bind,) = frames(wire.value())
    wire.protocol.dataReceived(encode(BindResp(BindKind.RECEIVER, "SMSC01"), bind.sequence))
    assert door.user.all == [Bound("SMSC01", None)]


def test_who_says_nothing_is_sent_away():
    """And takes its place with it."""
    door = Door(most=1)
    wire = door.knock()
    assert wire is not None
    door.clock.advance(10)
    assert wire.disconnecting
    assert door.knock() is None
    wire.protocol.connectionLost()
    assert door.knock() is not None


@pytest.mark.parametrize(("host", "let_in"), [("10.0.0.1", True), ("10.0.0.2", False)])
def test_only_known_hosts_are_let_in(host, let_in):
    """When the SMSC's addresses are known, nobody else gets as far as an outbind."""
    door = Door(hosts={"10.0.0.1"})
    assert (door.knock(IPv4Address("TCP", host, 40000)) is not None) == let_in


def test_connections_are_counted():
    """More than agreed are refused."""
    door = Door(most=2)
    assert [door.knock() is not None for _ in range(3)] == [True, True, False]
