"""Where an SMSC connects to us."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock

from smpp.allowed_hosts import AllowedHosts, network_of
from smpp.connection import SmppConnection
from smpp.outbind_listener import (
    MADE_ROOM,
    MOST_SERVING,
    MOST_WAITING,
    MOST_WAITING_EACH,
    TOO_MANY,
    UNKNOWN_HOST,
    OutbindFactory,
)
from smpp.pdu import BindKind, BindResp, Outbind
from smpp.pdu_encoding import encode_pdu
from smpp.session import BindCredentials, SmppLimits, SmppSession
from smpp.session_events import BindAccepted, OutbindReceived, SmppSessionEnded
from tests.smpp.connection_in_memory import Listener, Wire, frames

OUTBIND = Outbind("SMSC01", "secret08")
SMSC = "10.0.0.1"


class Door:
    """A factory, and who watches it."""

    def __init__(self, *networks: str) -> None:
        self.clock = Clock()
        self.users: list[Listener] = []
        self.refusals: list[tuple[str, str]] = []
        hosts = AllowedHosts(ip_network(each) for each in networks or ("10.0.0.0/8",))
        self.factory = OutbindFactory(self, hosts)

    def connected(self, peer: str) -> SmppConnection:
        session = SmppSession(
            BindKind.RECEIVER, BindCredentials("hallgate", "secret"), SmppLimits()
        )
        self.users.append(Listener())
        return SmppConnection(session, self.clock, self.users[-1], awaiting=OUTBIND)

    def refused(self, peer: str, why: str) -> None:
        self.refusals.append((peer, why))

    def knock(self, host: str = SMSC) -> Wire | None:
        connection = self.factory.buildProtocol(IPv4Address("TCP", host, 40000))
        if connection is None:
            return None
        wire = Wire()
        wire.protocol = connection
        connection.makeConnection(wire)
        return wire

    def waiting(self) -> int:
        """Connections that were neither cut nor used."""
        return sum(user.all == [] for user in self.users)

    def binds(self, host: str = SMSC) -> Wire:
        """An SMSC that calls and shows the right password."""
        wire = self.knock(host)
        assert wire is not None
        wire.protocol.dataReceived(encode_pdu(OUTBIND, 1))
        (bind,) = frames(wire.value())
        wire.protocol.dataReceived(encode_pdu(BindResp(BindKind.RECEIVER, "SMSC01"), bind.sequence))
        return wire


def test_an_smsc_that_connects_and_says_outbind_gets_our_bind() -> None:
    """It waits for the outbind first, then binds as a receiver."""
    door = Door()
    door.binds()
    assert door.users[-1].all == [OutbindReceived("SMSC01"), BindAccepted("SMSC01", None)]


def test_who_says_nothing_is_sent_away_after_seconds() -> None:
    """And takes its place with it."""
    door = Door()
    wire = door.knock()
    assert wire is not None
    door.clock.advance(5)
    assert wire.disconnecting
    assert wire.value() == b""
    wire.protocol.connectionLost()
    assert door.factory.connections == {}


@pytest.mark.parametrize("host", ["11.0.0.1", "127.0.0.1", "::1", ""])
def test_unknown_hosts_get_no_connection(host: str) -> None:
    """They get as far as nothing, and it is told."""
    door = Door()
    assert door.knock(host) is None
    assert door.refusals == [(host, UNKNOWN_HOST)]


@pytest.mark.parametrize("idle", [MOST_WAITING_EACH, MOST_WAITING, 200])
def test_idle_connections_of_one_address_do_not_keep_the_smsc_out(idle: int) -> None:
    """Also when it comes from the same address: the oldest that says nothing makes room."""
    door = Door()
    for _ in range(idle):
        assert door.knock() is not None
    assert door.waiting() == MOST_WAITING_EACH
    door.binds()
    assert BindAccepted("SMSC01", None) in door.users[-1].all
    dropped = [user for user in door.users if user.all == [SmppSessionEnded(MADE_ROOM, (), ())]]
    assert len(dropped) == idle + 1 - MOST_WAITING_EACH


def test_idle_connections_of_many_addresses_do_not_either() -> None:
    """All of them together have few places."""
    door = Door()
    for n in range(100):
        assert door.knock(f"10.0.1.{n}") is not None
    assert door.waiting() == MOST_WAITING
    door.binds()


def test_idle_connections_do_not_disturb_who_serves() -> None:
    """Only who has said nothing makes room."""
    door = Door()
    serving = [door.binds() for _ in range(MOST_SERVING - 1)]
    for _ in range(100):
        door.knock()
    assert not any(wire.aborted or wire.disconnecting for wire in serving)
    door.binds()


def test_serving_connections_are_counted() -> None:
    """More than one SMSC may have are refused before anything is said."""
    door = Door()
    first, *_ = [door.binds() for _ in range(MOST_SERVING)]
    assert door.knock() is None
    assert door.refusals == [(SMSC, TOO_MANY)]
    first.protocol.connectionLost()
    door.binds()


@pytest.mark.parametrize(
    ("known", "host", "let_in"),
    [
        ("10.0.0.5", "10.0.0.5", True),
        ("10.0.0.5", "10.0.0.6", False),
        ("10.1.0.0/16", "10.1.255.255", True),
        ("10.1.0.0/16", "10.2.0.0", False),
        ("10.0.0.5", "::ffff:10.0.0.5", True),
        ("2001:db8::/32", "2001:db8::7", True),
        ("fe80::/10", "fe80::1%eth0", True),
        ("0.0.0.0/0", "::1", False),
        ("0.0.0.0/0", "smsc.example", False),
    ],
)
def test_a_host_is_known_by_its_address(known: str, host: str, let_in: bool) -> None:
    """However the system writes it."""
    assert (host in AllowedHosts([ip_network(known)])) is let_in


def test_a_name_is_no_network() -> None:
    """It has to be looked up; a network with bits behind its prefix is a mistake."""
    assert network_of("smsc.example") is None
    assert network_of("10.0.0.5") == ip_network("10.0.0.5/32")
    with pytest.raises(ValueError, match="host bits"):
        network_of("10.1.2.3/24")
