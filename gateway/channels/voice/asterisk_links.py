"""The Asterisks: a line to each, kept up, with the calls that it serves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Final

from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.protocol import Factory

from gateway.channels.reconnecting import (
    LineChange,
    LineState,
    ReconnectingLine,
    RefusedByPeer,
    backoff,
)
from gateway.channels.smpp.links import FIRST_WAIT, LONGEST_WAIT
from gateway.channels.voice.agent_queue import QUEUE
from gateway.channels.voice.call_rounds import CallRounds
from gateway.channels.voice.voice_channel import VoiceChannel
from gateway.cluster.identity import place
from gateway.cluster.leases import Leases
from gateway.config.settings import AsteriskSettings
from gateway.model.hall_reactor import IHallReactor, repeat
from gateway.ops.log import Log
from ivr.ami.account import AmiAccount, AmiLimits
from ivr.ami.connection import AmiConnection
from ivr.ami.session_events import AmiProtocolFault, AmiSessionEnded, LoggedIn, LoginRefused
from ivr.asterisk_server import AsteriskServer
from ivr.call.timeouts import CallTimeouts
from ivr.dialling import DialledCall, DialRequest
from ivr.switchboard import Switchboard
from smpp.prompt_wire import PromptWire
from smpp.tls_endpoints import ClientTls, client_endpoint

ASK_QUEUES: Final = 5.0  # seconds between looks at who is there to answer callers


class AsteriskLinks:
    def __init__(
        self,
        settings: Sequence[AsteriskSettings],
        channel: VoiceChannel,
        patience: CallTimeouts,
        reactor: IHallReactor,
        log: Log,
        chance: Callable[[], float],
        queues: Callable[[], Collection[str]] = lambda: (QUEUE,),
    ) -> None:
        """`chance` gives numbers from 0 to 1; `queues` are those that callers may be put into."""
        for each in settings:
            _way(reactor, each)  # what TLS needs must be there now: later nobody looks
        self._open = partial(
            _Pbx, channel=channel, patience=patience, reactor=reactor, log=log, chance=chance,
            queues=queues, dialled=lambda dialled: self.dialled(dialled),
        )  # fmt: skip
        self._channel = channel
        self.dialled: Callable[[DialledCall], None] = lambda dialled: None
        """Told what becomes of calls that we began."""
        self._settings = {each.name: each for each in settings}
        self._pbxes: dict[str, _Pbx] = {}  # those that are ours now
        self._leases: Leases | None = None
        self._leaving: list[Deferred[None]] = []
        self._stopped = False

    def start(self, leases: Leases) -> None:
        """Each Asterisk is served by one gateway: by whoever holds its lease."""
        self._leases = leases
        for name, each in self._settings.items():
            leases.want(lease_of(name), partial(self._held, name), place(each.host, each.port))

    def _held(self, name: str, held: bool) -> None:
        if self._stopped:
            return  # nobody would stop it
        if held:
            pbx = self._pbxes[name] = self._open(self._settings[name])
            pbx.start()
        elif (left := self._pbxes.pop(name, None)) is not None:
            # its calls are somebody else's now
            self._channel.forget(name)
            self._leaving = [*(each for each in self._leaving if not each.called), left.stop()]

    async def stop(self) -> None:
        """Log off everywhere. Calls stay as they are: whoever comes next goes on with them."""
        self._stopped = True
        await gatherResults([*self._leaving, *(pbx.stop() for pbx in self._pbxes.values())])

    def dial(self, request: DialRequest) -> bool:
        """By the first Asterisk of ours that is up; false if none is."""
        return any(pbx.up and pbx.dial(request) for pbx in self._pbxes.values())

    def up(self) -> dict[str, bool]:
        pbxes = self._pbxes
        return {name: name in pbxes and pbxes[name].up for name in self._settings}

    def reasons(self) -> list[str]:
        """Why no call can be served, or nobody can be put through to a person; empty if an Asterisk
        is up, or none is configured. One that another gateway serves is not ours to answer for."""
        if not (self._leases and self._leases.known):
            return [f"Asterisk {name} is not up: not started" for name in self._settings]
        if alike := self._named_alike(self._leases):
            return alike
        pbxes = list(self._pbxes.values())
        if len(pbxes) < len(self._settings) or any(pbx.up for pbx in pbxes):
            return [reason for pbx in pbxes for reason in pbx.empty_queues()]
        return [f"Asterisk {pbx.name} is not up: {pbx.why}" for pbx in pbxes]

    def _named_alike(self, leases: Leases) -> list[str]:
        """Nobody serves ours, as long as another gateway has a different one of the same name."""
        found = {name: leases.elsewhere(lease_of(name)) for name in self._settings}
        return [
            f"Asterisk {name} is not served: another gateway has one of this name at {theirs};"
            " two need two names, and one the same address everywhere"
            for name, theirs in found.items()
            if theirs
        ]


def lease_of(name: str) -> str:
    return f"asterisk/{name}"


class _Pbx:
    """One Asterisk."""

    def __init__(
        self,
        settings: AsteriskSettings,
        channel: VoiceChannel,
        patience: CallTimeouts,
        reactor: IHallReactor,
        log: Log,
        chance: Callable[[], float],
        queues: Callable[[], Collection[str]],
        dialled: Callable[[DialledCall], None],
    ) -> None:
        self.name = settings.name
        self._queues = queues
        self.why = "not started"
        self._log = log
        self._account = AmiAccount(settings.username, settings.secret.get_secret_value())
        self._endpoint = _way(reactor, settings)
        # our commands' ids must be like those of no earlier run
        switchboard = Switchboard(f"{int(chance() * 2**32):08x}", patience)
        self._exchange = AsteriskServer(
            switchboard, reactor, partial(channel.told, self.name), self._noted, dialled,
            wire=PromptWire, pause=CallRounds().pause,
        )  # fmt: skip
        self.dial = self._exchange.dial
        self._line = ReconnectingLine(
            self.name,
            reactor,
            lambda line: Deferred.fromCoroutine(self._connect(line)),
            backoff(FIRST_WAIT, LONGEST_WAIT, chance),
            self._changed,
        )
        self._connection: AmiConnection | None = None
        self._refused = ""
        self._ended = ""
        self._faults = 0
        self._asking = repeat(reactor, ASK_QUEUES, self._ask_queues)

    @property
    def up(self) -> bool:
        return self._line.state is LineState.SERVING

    def start(self) -> None:
        self._line.start()

    def empty_queues(self) -> list[str]:
        """Those in which a caller would find nobody, as far as Asterisk has told."""
        found = self._exchange.members if self.up else {}
        return [
            f"queue {name} of {self.name} has no members: nobody can be put through to a person"
            for name in sorted(self._queues())
            if found.get(name) == 0
        ]

    def _ask_queues(self) -> None:
        if self.up:
            self._exchange.ask_queues(self._queues())

    def stop(self) -> Deferred[None]:
        if self._asking.running:
            self._asking.stop()
        return self._line.stop().addCallback(lambda _: self._exchange.stop())

    async def _connect(self, line: ReconnectingLine) -> str:
        """Connect, log in, serve; returns why it is over. Raises Refused if trying again is
        useless."""
        self._refused = self._ended = ""
        connection = self._connection = self._exchange.connect(self._account, AmiLimits())
        await self._endpoint.connect(Factory.forProtocol(lambda: connection))
        try:
            await connection.closed()
        except BaseException:  # the line stops before the login was answered
            connection.drop("stopped")
            raise
        return self._why_over()

    def _why_over(self) -> str:
        if self._refused:
            raise RefusedByPeer(self._refused)
        return self._ended

    def _noted(self, event: LoggedIn | LoginRefused | AmiProtocolFault | AmiSessionEnded) -> None:
        match event:
            case LoggedIn():
                assert self._connection is not None
                self._line.serving(self._connection.logoff)
                self._ask_queues()
            case LoginRefused(reason):
                self._refused = reason
            case AmiSessionEnded(reason):
                self._ended = reason
            case AmiProtocolFault(description):
                self._faults += 1
                # told are the first, second, fourth, eighth …
                if self._faults & (self._faults - 1) == 0:
                    facts = {"what": description, "count": self._faults}
                    self._log.event("protocol fault", pbx=self.name, **facts)

    def _changed(self, change: LineChange) -> None:
        self.why = change.reason or change.state.value
        if change.state in (LineState.SERVING, LineState.WAITING):
            state = "refused: a person must act" if change.alarm else change.state.value
            wait = {"wait": round(change.wait, 2)} if change.reason else {}
            reason = {"reason": change.reason} if change.reason else {}
            self._log.event("line", line=change.line, state=state, **reason, **wait)


def _way(reactor: IHallReactor, settings: AsteriskSettings) -> IStreamClientEndpoint:
    """Raises what certificates that cannot be used raise."""
    return client_endpoint(reactor, settings.host, settings.port, _tls(settings))


def _tls(settings: AsteriskSettings) -> ClientTls | None:
    tls = settings.tls
    if tls is None:
        return None
    return ClientTls(tls.hostname or settings.host, tls.ca, tls.certificate, tls.key)
