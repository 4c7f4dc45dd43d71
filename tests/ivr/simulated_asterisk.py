"""A gateway and a simulated exchange on one clock, their octets carried by hand."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.error import ConnectionAborted, ConnectionDone
from twisted.internet.protocol import Protocol
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from ivr.ami.account import AmiAccount, AmiLimits
from ivr.ami.connection import AmiConnection
from ivr.ami.session_events import AmiProtocolFault, AmiSessionEnded, LoggedIn, LoginRefused
from ivr.asterisk_server import AsteriskServer
from ivr.call.call import Call
from ivr.call.call_events import CallEvent
from ivr.call.timeouts import CallTimeouts
from ivr.switchboard import CallUpdate, Switchboard
from simulators.pbx.ami_server import ManagerPort
from simulators.pbx.channel import PbxChannel
from simulators.pbx.pbx import Pbx

ACCOUNT = AmiAccount("hallgate", "secret")


class Wire(StringTransport):
    """StringTransport with what TCP has besides."""

    def __init__(self) -> None:
        super().__init__()
        self.aborted = False
        self.no_delay = False
        self.writes = 0

    def setTcpNoDelay(self, enabled: bool) -> None:
        self.no_delay = enabled

    def write(self, data: bytes) -> None:
        if data:
            self.writes += 1
        super().write(data)

    def abortConnection(self) -> None:
        self.aborted = True
        super().abortConnection()


class Pipe:
    """Two protocols and what is on its way between them."""

    def __init__(self, ours: AmiConnection, theirs: Protocol) -> None:
        self.ours, self.theirs = ours, theirs
        self.near, self.far = Wire(), Wire()
        self.open = True
        theirs.makeConnection(self.far)
        ours.makeConnection(self.near)

    def carry(self) -> bool:
        """What has been written arrives; whether there was anything."""
        if not self.open:
            return False
        said, heard = self.near.value(), self.far.value()
        self.near.clear()
        self.far.clear()
        if said:
            self.theirs.dataReceived(said)
        if heard:
            self.ours.dataReceived(heard)
        if self.near.aborted or self.far.aborted:
            self.close(ConnectionAborted())
        elif self.near.disconnecting or self.far.disconnecting:
            self.close(ConnectionDone())
        return bool(said or heard) and self.open

    def close(self, why: Exception) -> None:
        if self.open:
            self.open = False
            self.theirs.connectionLost(Failure(why))
            self.ours.connectionLost(Failure(why))


class SimulatedAsterisk:
    """`heard` holds what was told of calls, in order; `reply`, if set, answers each as it comes."""

    def __init__(
        self,
        timeouts: CallTimeouts | None = None,
        limits: AmiLimits | None = None,
        sounds: Callable[[str], float | None] = lambda sound: 2.0,
        lacks: frozenset[str] = frozenset(),
        look: float = 0.02,
    ) -> None:
        self.clock = Clock()
        self.pbx = Pbx(self.clock, {"hallgate": "secret"}, sounds=sounds, lacks=lacks, look=look)
        self.timeouts = timeouts or CallTimeouts()
        self.limits = limits or AmiLimits()
        self.heard: list[CallUpdate] = []
        self.noted: list[LoggedIn | LoginRefused | AmiProtocolFault | AmiSessionEnded] = []
        self.reply: Callable[[Call, CallEvent], None] | None = None
        self.pause = 0.0  # seconds for which nothing is read after what came: there are rounds
        self._port = ManagerPort(self.pbx)
        self._runs = 0
        self.pipe: Pipe | None = None
        self.start()

    # ---- the gateway ---------------------------------------------------------------------------

    def start(self) -> None:
        """A gateway, new to the world."""
        self._runs += 1
        self.switchboard = Switchboard(f"r{self._runs}", self.timeouts)
        self.exchange = AsteriskServer(
            self.switchboard, self.clock, self._told, self.noted.append,
            pause=lambda messages, now: self.pause,
        )  # fmt: skip

    def connect(self) -> SimulatedAsterisk:
        """Another connection; it is logged in when this returns, if it can be."""
        self.pipe = Pipe(
            self.exchange.connect(ACCOUNT, self.limits), self._port.buildProtocol(None)
        )
        self.settle()
        return self

    def die(self) -> None:
        """The gateway is killed."""
        self.cut()
        self.exchange.stop()
        self.start()

    def cut(self) -> None:
        """The connection breaks; what was on its way is lost."""
        if self.pipe is not None:
            self.pipe.close(ConnectionAborted())
        self.settle()

    @property
    def now(self) -> float:
        return self.clock.seconds()

    # ---- both ----------------------------------------------------------------------------------

    def call(self, number: str = "10086", caller: str = "13800138001") -> tuple[Call, PbxChannel]:
        """A call that has begun; as the gateway and as the exchange see it."""
        channel = self.pbx.call(number, caller)
        self.settle()
        call = self.heard[-1].call
        assert call.caller.channel == channel.name
        return call, channel

    def press(self, channel: PbxChannel, keys: str) -> None:
        self.pbx.press(channel, keys)
        self.settle()

    def settle(self) -> None:
        """Everything that needs no time happens."""
        while True:
            self.clock.advance(0)
            if not (self.pipe and self.pipe.carry()):
                return

    def wait(self, seconds: float, step: float = 0.01) -> None:
        """Time passes."""
        until = self.clock.seconds() + seconds
        while (left := until - self.clock.seconds()) > 1e-9:
            self.clock.advance(min(step, left))
            self.settle()

    def told(self, call: Call) -> list[CallEvent]:
        """What was told of a call since the last time."""
        events = [told.event for told in self.heard if told.call is call]
        self.heard = [told for told in self.heard if told.call is not call]
        return events

    def _told(self, told: list[CallUpdate]) -> None:
        self.heard += told
        if self.reply is not None:
            for each in told:
                self.reply(each.call, each.event)
