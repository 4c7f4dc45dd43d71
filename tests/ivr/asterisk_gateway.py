"""A gateway's end of an Asterisk, real or simulated, and a tester's: for tests that wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.protocol import Factory
from twisted.internet.task import deferLater

from gateway.channels.reconnecting import LineChange, LineState, ReconnectingLine, RefusedByPeer
from ivr.ami.account import AmiAccount, AmiLimits
from ivr.ami.connection import AmiConnection
from ivr.ami.messages import AmiMessage
from ivr.ami.session import AmiSession
from ivr.ami.session_events import (
    ActionAnswered,
    AmiProtocolFault,
    AmiSessionEnded,
    AmiSessionEvent,
    AsteriskEvent,
    LoggedIn,
    LoginRefused,
)
from ivr.asterisk_server import AsteriskServer
from ivr.call.call import Call
from ivr.call.call_events import CallAnswered, CallEnded, CallEvent, CallStarted
from ivr.call.prompts import QuestionEnded
from ivr.call.questions import Question
from ivr.call.timeouts import CallTimeouts
from ivr.switchboard import CallUpdate, Switchboard
from tests.ivr.real_asterisk import Asterisk

PATIENCE = 20.0  # seconds that a test waits for anything
T = TypeVar("T")
_ENDINGS: Final = frozenset({"HangupRequest", "SoftHangupRequest", "Hangup", "AsyncAGIEnd"})


class Inbox(Generic[T]):
    """What comes, and who waits for it. Each thing is taken once, in order."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._came: list[T] = []
        self._wanted: list[tuple[Callable[[T], bool], Deferred[T]]] = []

    def put(self, thing: T) -> None:
        for place, (fits, waiting) in enumerate(self._wanted):
            if fits(thing):
                del self._wanted[place]
                waiting.callback(thing)
                return
        self._came.append(thing)

    def next(self, fits: Callable[[T], bool] = lambda thing: True) -> Deferred[T]:
        """The first that fits, of what has come or will come."""
        waiting: Deferred[T] = Deferred()
        for place, thing in enumerate(self._came):
            if fits(thing):
                waiting.callback(self._came.pop(place))
                return waiting
        self._wanted.append((fits, waiting))
        return waiting.addTimeout(PATIENCE, self._reactor)

    @property
    def left(self) -> list[T]:
        """What nobody has taken."""
        return list(self._came)


class _Listening(Switchboard):
    """Notes which kinds of events come."""

    def __init__(self, run: str, timeouts: CallTimeouts, heard: set[str]) -> None:
        super().__init__(run, timeouts)
        self._heard = heard
        self.endings: list[str] = []
        """How Asterisk said that calls ended."""

    def happened(self, event: AmiSessionEvent, now: float) -> None:
        if isinstance(event, AsteriskEvent):
            message = event.message
            self._heard.add(message.event)
            if message.event in _ENDINGS:
                told = message.event, message.get("Channel"), message.get("Cause-txt")
                self.endings.append(" ".join(told))
        elif isinstance(event, ActionAnswered) and isinstance(event.key, Deferred):
            event.key.callback(event)
        super().happened(event, now)


class Gateway:
    """Keeps one AMI line up, and has its calls' events taken by tests."""

    def __init__(
        self,
        reactor: Any,
        port: int,
        account: AmiAccount,
        run: str = "t",
        timeouts: CallTimeouts | None = None,
    ) -> None:
        self.reactor = reactor
        self.heard: set[str] = set()  # kinds of events that reached us
        self.switchboard = _Listening(run, timeouts or CallTimeouts(), self.heard)
        self.exchange = AsteriskServer(self.switchboard, reactor, self._told, self._noted)
        self.told: Inbox[CallUpdate] = Inbox(reactor)
        self.states: Inbox[LineState] = Inbox(reactor)
        self.changes: Inbox[LineChange] = Inbox(reactor)
        self.faults: list[str] = []
        self.connection: AmiConnection | None = None
        self._account = account
        self._endpoint = HostnameEndpoint(reactor, "127.0.0.1", port)
        self._refused = ""
        self.again()

    def again(self) -> None:
        """A new line, as after a restart of the network."""
        self.line = ReconnectingLine(
            "pbx", self.reactor, self._attempt, lambda failures: 0.05, self._changed
        )

    async def dies(self) -> None:
        """As a gateway that is killed: its connection breaks, and it tells nobody anything."""
        assert self.connection is not None
        self.connection.transport.abortConnection()  # type: ignore[union-attr]
        await self.down()

    async def up(self) -> Gateway:
        self.line.start()
        await self.states.next(lambda state: state is LineState.SERVING)
        return self

    async def down(self) -> None:
        """As a gateway that ends in order; calls stay."""
        await self.line.stop()
        self.exchange.stop()

    async def cut(self) -> None:
        """The connection breaks, and is back soon."""
        assert self.connection is not None
        self.connection.transport.abortConnection()  # type: ignore[union-attr]
        await self.states.next(lambda state: state is LineState.SERVING)

    async def act(self, name: str, **headers: str) -> ActionAnswered:
        """An action of the gateway's account."""
        answered: Deferred[ActionAnswered] = Deferred()
        assert self.connection is not None
        self.connection.act(name, headers, answered)
        return await answered.addTimeout(PATIENCE, self.reactor)

    async def event(self, call: Call, kind: type[CallEvent]) -> Any:
        """The call's next event, which is to be of this kind."""
        told = await self.told.next(lambda told: told.call is call)
        assert isinstance(told.event, kind), (told.event, self.switchboard.endings)
        return told.event

    async def end(self, call: Call) -> None:
        """Whatever comes before it."""
        await self.told.next(lambda told: told.call is call and isinstance(told.event, CallEnded))

    async def call(self, kind: type[CallEvent]) -> Call:
        """The call that the next event of this kind is about."""
        return (await self.told.next(lambda told: isinstance(told.event, kind))).call

    @property
    def now(self) -> float:
        return self.exchange.now()

    def _attempt(self, line: ReconnectingLine) -> Deferred[str]:
        return Deferred.fromCoroutine(self._connect(line))

    async def _connect(self, line: ReconnectingLine) -> str:
        connection = self.connection = self.exchange.connect(self._account, AmiLimits())
        await self._endpoint.connect(Factory.forProtocol(lambda: connection))
        try:
            await connection.closed()
        except BaseException:
            connection.drop("stopped")
            raise
        if self._refused:
            raise RefusedByPeer(self._refused)
        return "ended"

    def _told(self, told: list[CallUpdate]) -> None:
        for each in told:
            self.told.put(each)

    def _noted(self, event: LoggedIn | LoginRefused | AmiProtocolFault | AmiSessionEnded) -> None:
        match event:
            case LoggedIn():
                assert self.connection is not None
                self.line.serving(self.connection.logoff)
            case LoginRefused(reason):
                self._refused = reason
            case AmiProtocolFault(description):
                self.faults.append(description)
            case AmiSessionEnded():
                pass

    def _changed(self, change: LineChange) -> None:
        self.states.put(change.state)
        self.changes.put(change)


class Person:
    """Somebody with an AMI account who places calls and presses keys."""

    def __init__(self, reactor: Any, port: int, account: AmiAccount) -> None:
        self.seen: Inbox[AmiMessage] = Inbox(reactor)
        self._answers: Inbox[ActionAnswered] = Inbox(reactor)
        self._up: Inbox[AmiSessionEvent] = Inbox(reactor)
        self._endpoint = HostnameEndpoint(reactor, "127.0.0.1", port)
        self._calls = 0
        self._reactor = reactor
        self.connection = AmiConnection(AmiSession(account, AmiLimits(), "all"), reactor, self)

    def events(self, connection: AmiConnection, events: list[AmiSessionEvent]) -> None:
        for event in events:
            match event:
                case AsteriskEvent(message):
                    self.seen.put(message)
                case ActionAnswered():
                    self._answers.put(event)
                case LoggedIn():
                    self._up.put(event)
                case _:
                    pass

    async def up(self) -> Person:
        await self._endpoint.connect(Factory.forProtocol(lambda: self.connection))
        await self._up.next()
        return self

    async def down(self) -> None:
        await self.connection.logoff()

    async def act(self, name: str, **headers: str) -> ActionAnswered:
        key = object()
        self.connection.act(name, headers, key)
        return await self._answers.next(lambda answered: answered.key is key)

    async def calls(self, number: str, caller: str = "13800138001") -> str:
        """Places a call; the caller's channel."""
        self._calls += 1
        channel_id = f"caller-{self._calls}-{id(self)}"
        answered = await self.act(
            "Originate", Channel=f"Local/{number}@hallgate/n", Context="tests", Exten="caller",
            Priority="1", CallerID=caller, Async="true", ChannelId=channel_id,
        )  # fmt: skip
        assert answered.ok, answered.answer.headers
        placed = await self.seen.next(
            lambda m: m.event == "Newchannel" and m.get("Uniqueid") == channel_id
        )
        return placed.get("Channel")

    async def presses(self, channel: str, keys: str) -> None:
        """Keys at the caller's end, as fast as Asterisk takes them."""
        for key in keys:
            answered = await self.act("PlayDTMF", Channel=channel, Digit=key, Duration="80")
            assert answered.ok, answered.answer.headers

    async def hangs_up(self, channel: str) -> None:
        await self.act("Hangup", Channel=channel)

    async def pause(self, seconds: float) -> None:
        """What a test is about may be a moment."""
        await deferLater(self._reactor, seconds)


def prompts(asterisk: Asterisk, *names: str) -> tuple[str, ...]:
    return tuple(str(asterisk.sounds / name) for name in names)


async def asked(gateway: Gateway, call, question: Question):
    """Asks, and waits for the answer."""
    call.ask(question, gateway.now)
    return (await gateway.event(call, QuestionEnded)).typed


async def started(gateway: Gateway, person: Person, number: str = "10086"):
    """A call that is answered, and the caller's channel."""
    channel = await person.calls(number)
    call = await gateway.call(CallStarted)
    await gateway.event(call, CallAnswered)
    return call, channel
