"""Reaching an SMSC over TLS that verifies whom it talks to: real handshakes on loopback."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_twisted
from twisted.internet import ssl
from twisted.internet.defer import Deferred
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure

from smpp.connection import SmppConnection
from smpp.pdu import BindKind, BindResp
from smpp.pdu_decoding import decode_pdu
from smpp.pdu_encoding import encode_pdu
from smpp.session import BindCredentials, SmppLimits, SmppSession
from smpp.session_events import BindAccepted, SmppSessionEnded, SmppSessionEvent
from smpp.tls_endpoints import ClientTls, client_endpoint
from tests.smpp.certificates import Authority, Pair

# Twisted hands pyOpenSSL its own certificates and keys, which pyOpenSSL 26 deprecates
pytestmark = pytest.mark.filterwarnings("ignore:Passing pyOpenSSL:DeprecationWarning")


class Smsc(Protocol):
    """Accepts every bind."""

    def dataReceived(self, data: bytes) -> None:
        bind = decode_pdu(data)
        assert self.transport
        self.transport.write(encode_pdu(BindResp(BindKind.TRANSCEIVER, "SMSC"), bind.sequence))

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        assert isinstance(self.factory, SmscFactory)
        self.factory.lost.callback(None)


class SmscFactory(Factory):
    noisy = False
    protocol = Smsc

    def __init__(self) -> None:
        self.lost: Deferred[None] = Deferred()


class Waiting:
    """A user whose first event can be waited for."""

    def __init__(self) -> None:
        self.first: Deferred[SmppSessionEvent] = Deferred()

    def events(self, connection: SmppConnection, events: list[SmppSessionEvent]) -> None:
        if not self.first.called and events:
            self.first.callback(events[0])


class Meeting:
    """An SMSC behind TLS on loopback, and sessions that try to reach it."""

    def __init__(self, reactor: Any, server: Pair, clients: Authority | None) -> None:
        self._reactor = reactor
        self._factory = SmscFactory()
        private = _private(server)
        trusted = _public(clients) if clients else None
        options = private.options(trusted) if trusted else private.options()
        self._port = reactor.listenSSL(0, self._factory, options, interface="127.0.0.1")

    async def first_event(self, tls: ClientTls) -> SmppSessionEvent:
        """What a session hears first when it connects so; all is closed behind it."""
        user = Waiting()
        session = SmppSession(
            BindKind.TRANSCEIVER, BindCredentials("hallgate", "secret"), SmppLimits()
        )
        connection = SmppConnection(session, self._reactor, user)
        host, port = "127.0.0.1", self._port.getHost().port
        await client_endpoint(self._reactor, host, port, tls).connect(_Only(connection))
        event = await user.first.addTimeout(5, self._reactor)
        connection.drop("seen enough")
        await connection.closed()
        await self._factory.lost.addTimeout(5, self._reactor)
        await self._port.stopListening()
        return event


class _Only(Factory):
    """One connection, made before."""

    noisy = False

    def __init__(self, connection: SmppConnection) -> None:
        self._connection = connection

    def buildProtocol(self, addr: object) -> SmppConnection:
        return self._connection


def _private(pair: Pair) -> Any:
    pem = pair.certificate.read_bytes() + pair.key.read_bytes()
    return ssl.PrivateCertificate.loadPEM(pem)


def _public(authority: Authority) -> Any:
    return ssl.Certificate.loadPEM(authority.certificate.read_bytes())


@pytest.fixture
def authority(tmp_path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def reactor() -> Any:
    from twisted.internet import reactor as installed

    return installed


@pytest.mark.parametrize("host", ["smsc.example", "127.0.0.1"])
@pytest_twisted.ensureDeferred
async def test_a_certificate_for_the_right_host_is_trusted(reactor, authority, host):
    """By name or by address, as the configuration expects it."""
    meeting = Meeting(reactor, authority.vouch_for(host), None)
    assert await meeting.first_event(ClientTls(host, authority.certificate)) == BindAccepted(
        "SMSC", None
    )


@pytest_twisted.ensureDeferred
async def test_a_certificate_for_another_host_is_refused(reactor, authority):
    """The authority is right, the name is not: no bind leaves."""
    meeting = Meeting(reactor, authority.vouch_for("other.example"), None)
    event = await meeting.first_event(ClientTls("smsc.example", authority.certificate))
    assert isinstance(event, SmppSessionEnded)
    assert "DNSMismatch" in event.reason


@pytest_twisted.ensureDeferred
async def test_a_certificate_of_an_unknown_authority_is_refused(reactor, authority, tmp_path):
    """Whoever signed it, we were not told to trust him."""
    (tmp_path / "evil").mkdir()
    stranger = Authority(tmp_path / "evil")
    meeting = Meeting(reactor, stranger.vouch_for("smsc.example"), None)
    event = await meeting.first_event(ClientTls("smsc.example", authority.certificate))
    assert isinstance(event, SmppSessionEnded)
    assert "certificate verify failed" in event.reason


@pytest_twisted.ensureDeferred
async def test_the_systems_authorities_do_not_know_ours(reactor, authority):
    """Without a file of authorities the system's are asked."""
    meeting = Meeting(reactor, authority.vouch_for("smsc.example"), None)
    event = await meeting.first_event(ClientTls("smsc.example"))
    assert isinstance(event, SmppSessionEnded)
    assert "certificate verify failed" in event.reason


@pytest_twisted.ensureDeferred
async def test_our_own_certificate_is_shown_to_an_smsc_that_asks(reactor, authority):
    """With it we are let in."""
    meeting = Meeting(reactor, authority.vouch_for("smsc.example"), authority)
    ours = authority.vouch_for("hallgate.example")
    tls = ClientTls("smsc.example", authority.certificate, ours.certificate, ours.key)
    assert await meeting.first_event(tls) == BindAccepted("SMSC", None)


@pytest_twisted.ensureDeferred
async def test_without_a_certificate_an_smsc_that_asks_refuses_us(reactor, authority):
    """The handshake fails; it does not fall back to anything."""
    meeting = Meeting(reactor, authority.vouch_for("smsc.example"), authority)
    event = await meeting.first_event(ClientTls("smsc.example", authority.certificate))
    assert isinstance(event, SmppSessionEnded)


def test_a_file_without_certificates_is_refused_at_once(reactor, tmp_path):
    """Not at the first handshake at night."""
    empty = tmp_path / "ca.pem"
    empty.write_text("nothing here")
    with pytest.raises(ValueError, match=r"ca\.pem holds no certificate"):
        client_endpoint(reactor, "127.0.0.1", 2775, ClientTls("smsc.example", empty))
