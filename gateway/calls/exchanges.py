"""The Asterisks: a line to each, kept up, with the calls that it serves."""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from functools import partial
from typing import Any

from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.protocol import Factory

from gateway.channels.voice import VoiceDoor
from gateway.leases import Leases
from gateway.lines import Change, Line, Refused, State, backoff
from gateway.links import FIRST_WAIT, LONGEST_WAIT
from gateway.log import Log
from gateway.settings import AsteriskSettings
from ivr.connection import AmiConnection
from ivr.events import Ended, LoggedIn, LoginRefused, ProtocolFault
from ivr.exchange import Exchange
from ivr.switchboard import Switchboard
from ivr.terms import Account, Limits, Patience
from smpp.endpoints import Tls, client_endpoint


class Exchanges:
    def __init__(
        self,
        settings: Sequence[AsteriskSettings],
        door: VoiceDoor,
        patience: Patience,
        reactor: Any,
        log: Log,
    ) -> None:
        for each in settings:
            _way(reactor, each)  # what TLS needs must be there now: later nobody looks
        self._open = partial(_Pbx, door=door, patience=patience, reactor=reactor, log=log)
        self._door = door
        self._settings = {each.name: each for each in settings}
        self._pbxes: dict[str, _Pbx] = {}  # those that are ours now
        self._leases: Leases | None = None
        self._leaving: list[Deferred[None]] = []
        self._stopped = False

    def start(self, leases: Leases) -> None:
        """Each Asterisk is served by one gateway: by whoever holds its lease."""
        self._leases = leases
        for name in self._settings:
            leases.want(lease_of(name), partial(self._held, name))

    def _held(self, name: str, held: bool) -> None:
        if self._stopped:
            return  # nobody would stop it
        if held:
            pbx = self._pbxes[name] = self._open(self._settings[name])
            pbx.start()
        elif (left := self._pbxes.pop(name, None)) is not None:
            # its calls are somebody else's now
            self._door.forget(name)
            self._leaving = [*(each for each in self._leaving if not each.called), left.stop()]

    async def stop(self) -> None:
        """Log off everywhere. Calls stay as they are: whoever comes next goes on with them."""
        self._stopped = True
        await gatherResults([*self._leaving, *(pbx.stop() for pbx in self._pbxes.values())])

    def up(self) -> dict[str, bool]:
        pbxes = self._pbxes
        return {name: name in pbxes and pbxes[name].up for name in self._settings}

    def reasons(self) -> list[str]:
        """Why no call can be served; empty if an Asterisk is up, or none is configured. One that
        another gateway serves is not ours to answer for."""
        if not (self._leases and self._leases.known):
            return [f"Asterisk {name} is not up: not started" for name in self._settings]
        pbxes = list(self._pbxes.values())
        if len(pbxes) < len(self._settings) or any(pbx.up for pbx in pbxes):
            return []
        return [f"Asterisk {pbx.name} is not up: {pbx.why}" for pbx in pbxes]


def lease_of(name: str) -> str:
    return f"asterisk/{name}"


class _Pbx:
    """One Asterisk."""

    def __init__(
        self,
        settings: AsteriskSettings,
        door: VoiceDoor,
        patience: Patience,
        reactor: Any,
        log: Log,
    ) -> None:
        self.name = settings.name
        self.why = "not started"
        self._log = log
        self._account = Account(settings.username, settings.secret.get_secret_value())
        self._endpoint = _way(reactor, settings)
        # our commands' ids must be like those of no earlier run
        switchboard = Switchboard(secrets.token_hex(4), patience)
        self._exchange = Exchange(
            switchboard, reactor, lambda told: door.told(self.name, told), self._noted
        )
        self._line = Line(
            self.name,
            reactor,
            lambda line: Deferred.fromCoroutine(self._connect(line)),
            backoff(FIRST_WAIT, LONGEST_WAIT, random.SystemRandom().random),
            self._changed,
        )
        self._connection: AmiConnection | None = None
        self._refused = ""
        self._ended = ""
        self._faults = 0

    @property
    def up(self) -> bool:
        return self._line.state is State.SERVING

    def start(self) -> None:
        self._line.start()

    def stop(self) -> Deferred[None]:
        return self._line.stop().addCallback(lambda _: self._exchange.stop())

    async def _connect(self, line: Line) -> str:
        """Connect, log in, serve; returns why it is over. Raises Refused if trying again is
        useless."""
        self._refused = self._ended = ""
        connection = self._connection = self._exchange.connect(self._account, Limits())
        await self._endpoint.connect(Factory.forProtocol(lambda: connection))
        try:
            await connection.closed()
        except BaseException:  # the line stops before the login was answered
            connection.drop("stopped")
            raise
        return self._why_over()

    def _why_over(self) -> str:
        if self._refused:
            raise Refused(self._refused)
        return self._ended

    def _noted(self, event: LoggedIn | LoginRefused | ProtocolFault | Ended) -> None:
        match event:
            case LoggedIn():
                assert self._connection is not None
                self._line.serving(self._connection.logoff)
            case LoginRefused(reason):
                self._refused = reason
            case Ended(reason):
                self._ended = reason
            case ProtocolFault(description):
                self._faults += 1
                # told are the first, second, fourth, eighth …
                if self._faults & (self._faults - 1) == 0:
                    facts = {"what": description, "count": self._faults}
                    self._log.event("protocol fault", pbx=self.name, **facts)

    def _changed(self, change: Change) -> None:
        self.why = change.reason or change.state.value
        if change.state in (State.SERVING, State.WAITING):
            state = "refused: a person must act" if change.alarm else change.state.value
            wait = {"wait": round(change.wait, 2)} if change.reason else {}
            reason = {"reason": change.reason} if change.reason else {}
            self._log.event("line", line=change.line, state=state, **reason, **wait)


def _way(reactor: Any, settings: AsteriskSettings) -> IStreamClientEndpoint:
    """Raises what certificates that cannot be used raise."""
    return client_endpoint(reactor, settings.host, settings.port, _tls(settings))


def _tls(settings: AsteriskSettings) -> Tls | None:
    tls = settings.tls
    if tls is None:
        return None
    return Tls(tls.hostname or settings.host, tls.ca, tls.certificate, tls.key)
