"""The Asterisks: a line to each, kept up, with the calls that it serves."""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from typing import Any

from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.protocol import Factory

from gateway.channels.voice import VoiceDoor
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
        self._pbxes = [_Pbx(each, door, patience, reactor, log) for each in settings]

    def start(self) -> None:
        for pbx in self._pbxes:
            pbx.start()

    async def stop(self) -> None:
        """Log off everywhere. Calls stay as they are: whoever comes next goes on with them."""
        await gatherResults([pbx.stop() for pbx in self._pbxes])

    def up(self) -> dict[str, bool]:
        return {pbx.name: pbx.up for pbx in self._pbxes}

    def reasons(self) -> list[str]:
        """Why no call can be served; empty if an Asterisk is up, or none is configured."""
        if not self._pbxes or any(pbx.up for pbx in self._pbxes):
            return []
        return [f"Asterisk {pbx.name} is not up: {pbx.why}" for pbx in self._pbxes]


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
        self._endpoint = client_endpoint(reactor, settings.host, settings.port, _tls(settings))
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


def _tls(settings: AsteriskSettings) -> Tls | None:
    tls = settings.tls
    if tls is None:
        return None
    return Tls(tls.hostname or settings.host, tls.ca, tls.certificate, tls.key)
