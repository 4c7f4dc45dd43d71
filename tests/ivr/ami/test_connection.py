"""The Twisted shell round an AMI session, on a clock and a transport in memory; and over TLS."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_twisted
from twisted.internet import ssl
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import Factory
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from ivr.ami.account import AmiAccount, AmiLimits
from ivr.ami.connection import CLOSING_TIMEOUT, MOST_UNSENT, AmiConnection
from ivr.ami.messages import AmiMessage
from ivr.ami.session import AmiSession, NotLoggedIn
from ivr.ami.session_events import AmiSessionEnded, AmiSessionEvent, AsteriskEvent, LoggedIn
from simulators.pbx.ami_server import ManagerPort
from simulators.pbx.pbx import Pbx
from smpp.prompt_wire import PromptWire
from smpp.tls_endpoints import ClientTls, client_endpoint
from tests.ivr.simulated_asterisk import ACCOUNT, Wire
from tests.smpp.certificates import Authority

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
LIMITS = AmiLimits()


class Shell:
    """A connection, its surroundings, and an Asterisk's words."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.turns: list[list[AmiSessionEvent]] = []
        self.at_once: list[str] = []  # actions that the user gives within a turn
        self.pause = 0.0  # seconds that the user wants nothing to be read behind a turn
        self.connection = AmiConnection(AmiSession(ACCOUNT, LIMITS), self.clock, self, PromptWire)
        self.wire = Wire()
        self.gone = False
        self.connection.makeConnection(self.wire)

    def events(self, connection: AmiConnection, events: list[AmiSessionEvent]) -> None:
        self.turns.append(events)
        while self.at_once:
            connection.act(self.at_once.pop(), {}, "key")
        if self.pause:
            connection.rest(self.pause)

    def up(self) -> Shell:
        self.connection.dataReceived(BANNER)
        for extra in ("Challenge: 1", "Message: accepted"):
            self.say("Response: Success", f"ActionID: {self.sent()[-1]}", extra)
        assert self.turns.pop() == [LoggedIn("11.0.0")]
        self.wire.writes = 0
        return self

    def say(self, *lines: str) -> None:
        self.connection.dataReceived("\r\n".join([*lines, "", ""]).encode())

    def sent(self) -> list[str]:
        """The ids of the actions that have left since the last time."""
        blocks = self.wire.value().split(b"\r\n\r\n")
        self.wire.clear()
        return [AmiMessage(block).get("ActionID") for block in blocks if block]

    def hang_up(self) -> None:
        self.gone = True
        self.connection.connectionLost(Failure(ConnectionDone()))


@pytest.fixture
def shell():
    """When all is over no timer is left."""
    shell = Shell()
    yield shell
    if not shell.gone:
        shell.hang_up()
    assert shell.clock.getDelayedCalls() == []


def test_nothing_is_read_in_a_pause(shell):
    """Asterisk's next words wait in the socket; then they are read, and what is sent meanwhile is
    sent at once."""
    shell.up()
    shell.pause = 0.01
    shell.at_once.append("Ping")
    shell.say("Event: Hangup", "Uniqueid: 1")
    assert shell.wire.producerState == "paused"
    assert shell.wire.writes == 1
    shell.pause = 0.0
    shell.clock.advance(0.01)
    assert shell.wire.producerState == "producing"


def test_a_connection_that_goes_in_a_pause_leaves_no_timer(shell):
    """The fixture looks."""
    shell.up()
    shell.pause = 0.01
    shell.say("Event: Hangup", "Uniqueid: 1")
    shell.hang_up()


def test_small_actions_do_not_wait_for_big_ones(shell):
    """A screen's commands leave without Nagle's delay."""
    assert shell.wire.no_delay


def test_actions_of_one_turn_leave_in_one_write(shell):
    """Asterisk shall find the whole screen when it looks."""
    shell.up()
    for key in "abc":
        shell.connection.act("AGI", {"Channel": key}, key)
    assert shell.wire.writes == 0
    shell.clock.advance(0)
    assert shell.wire.writes == 1
    assert len(shell.sent()) == 3


def test_what_an_event_brings_about_leaves_with_its_turn(shell):
    """No further turn of the reactor."""
    shell.up()
    shell.at_once = ["Ping", "Ping"]
    shell.say("Event: Hangup")
    assert shell.wire.writes == 1
    assert len(shell.sent()) == 2


def test_a_turns_events_come_in_one_call(shell):
    """However many a segment holds."""
    shell.up()
    shell.connection.dataReceived(b"Event: A\r\n\r\nEvent: B\r\n\r\nEvent: C")
    (turn,) = shell.turns
    assert [event.message.event for event in turn if isinstance(event, AsteriskEvent)] == ["A", "B"]


def test_an_asterisk_that_does_not_read_is_left(shell):
    """What waits is bounded; calls outlive the connection, and what is late helps nobody."""
    shell.up()
    shell.connection.pauseProducing()
    while shell.connection.session.unsent <= MOST_UNSENT:
        shell.connection.act("AGI", {"Command": "x" * 900}, "key")
        assert shell.connection.session.unsent < MOST_UNSENT + 2000
        shell.clock.advance(0)
        if shell.wire.aborted:
            break
    assert shell.wire.aborted
    assert isinstance(shell.turns[-1][-1], AmiSessionEnded)
    assert shell.wire.value() == b""


def test_an_asterisk_that_reads_again_gets_what_waited(shell):
    """In order, at once."""
    shell.up()
    shell.connection.pauseProducing()
    shell.connection.act("AGI", {}, "a")
    shell.clock.advance(0)
    assert shell.wire.writes == 0
    shell.connection.resumeProducing()
    shell.clock.advance(0)
    assert len(shell.sent()) == 1


def test_silence_is_noticed(shell):
    """The session's deadlines become timers: a ping, then the end."""
    shell.up()
    shell.clock.advance(LIMITS.ping_interval)
    assert len(shell.sent()) == 1
    shell.clock.advance(LIMITS.answer_timeout)
    assert isinstance(shell.turns[-1][-1], AmiSessionEnded)
    assert shell.wire.disconnecting


def test_a_goodbye_in_order(shell):
    """Logged off, answered, closed, told."""
    shell.up()
    gone = shell.connection.logoff()
    (logoff,) = shell.sent()
    shell.say("Response: Goodbye", f"ActionID: {logoff}")
    assert shell.wire.disconnecting
    assert not gone.called
    shell.hang_up()
    assert gone.called


def test_a_goodbye_that_nobody_hears(shell):
    """Within bounded time the connection is cut."""
    shell.up()
    shell.connection.logoff()
    shell.clock.advance(LIMITS.logoff_timeout)
    assert shell.wire.disconnecting
    assert not shell.wire.aborted
    shell.clock.advance(CLOSING_TIMEOUT)
    assert shell.wire.aborted


def test_a_goodbye_before_the_login(shell):
    """There is nothing to say."""
    shell.connection.logoff()
    assert shell.sent() == []
    assert shell.wire.disconnecting


def test_nothing_can_be_sent_when_it_is_over(shell):
    """And whoever asks whether it is over is told at once."""
    shell.up()
    shell.hang_up()
    with pytest.raises(NotLoggedIn):
        shell.connection.act("Ping", {}, "a")
    assert shell.connection.closed().called


# ---- over TLS ----


@pytest.mark.filterwarnings("ignore:Passing pyOpenSSL:DeprecationWarning")
@pytest_twisted.ensureDeferred
async def test_over_tls(tmp_path):
    """A real handshake on loopback: the certificate is looked at, the login goes through it."""
    from twisted.internet import reactor as installed

    reactor: Any = installed
    authority = Authority(tmp_path)
    pair = authority.vouch_for("pbx.example")
    pem = pair.certificate.read_bytes() + pair.key.read_bytes()
    options = ssl.PrivateCertificate.loadPEM(pem).options()
    pbx = Pbx(reactor, {"hallgate": "secret"})
    port: Any = reactor.listenSSL(0, ManagerPort(pbx), options, interface="127.0.0.1")
    user = First()
    connection = AmiConnection(AmiSession(AmiAccount("hallgate", "secret"), LIMITS), reactor, user)
    tls = ClientTls("pbx.example", authority.certificate)
    endpoint = client_endpoint(reactor, "127.0.0.1", port.getHost().port, tls)
    await endpoint.connect(Factory.forProtocol(lambda: connection))
    assert await user.first.addTimeout(5, reactor) == LoggedIn("11.0.0")
    await connection.logoff()
    await port.stopListening()


class First:
    """A user whose first event can be waited for."""

    def __init__(self) -> None:
        self.first: Deferred[AmiSessionEvent] = Deferred()

    def events(self, connection: AmiConnection, events: list[AmiSessionEvent]) -> None:
        if not self.first.called:
            self.first.callback(events[0])
