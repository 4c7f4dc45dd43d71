"""One Asterisk as the gateway has it: its calls, whichever connection serves them now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from ivr.ami.account import AmiAccount, AmiLimits
from ivr.ami.connection import AmiConnection, MakesWire, PlainWire
from ivr.ami.session import AmiSession, NotLoggedIn
from ivr.ami.session_events import (
    AmiProtocolFault,
    AmiSessionEnded,
    AmiSessionEvent,
    LoggedIn,
    LoginRefused,
)
from ivr.call.agi_queue import CallAction
from ivr.dialling import DialledCall, DialRequest
from ivr.switchboard import CallUpdate, Switchboard

_TICK: Final = 0.25
"""Seconds between looks at what waits too long, while there are calls."""


class AsteriskServer:
    """`told` gets what happened on calls; `noted` gets what happened to the connection.

    Calls may be told what to do at any time, also from within `told`: what they send leaves
    together, and what comes of it is told in the next turn.
    """

    def __init__(
        self,
        switchboard: Switchboard,
        clock: IReactorTime,
        told: Callable[[list[CallUpdate]], None],
        noted: Callable[[LoggedIn | LoginRefused | AmiProtocolFault | AmiSessionEnded], None],
        dialled: Callable[[DialledCall], None] = lambda dialled: None,
        *,
        wire: MakesWire = PlainWire,
        pause: Callable[[int, float], float] = lambda messages, now: 0.0,
    ) -> None:
        """`pause`: for how many seconds nothing is read after so many messages."""
        self._wire = wire
        self._pause = pause
        self._switchboard = switchboard
        self._clock = clock
        self._told = told
        self._noted = noted
        self._dialled = dialled
        self._connection: AmiConnection | None = None
        self._timer: IDelayedCall | None = None
        self._soon: IDelayedCall | None = None
        self._busy = False
        switchboard.on_restless = self._go_on_soon

    def connect(self, account: AmiAccount, limits: AmiLimits) -> AmiConnection:
        """A connection to be; the calls are its own as long as it is logged in."""
        return AmiConnection(AmiSession(account, limits), self._clock, self, self._wire)

    def dial(self, request: DialRequest) -> bool:
        """Begins a call; false if nobody hears us."""
        if self._connection is None:
            return False
        self._switchboard.dial(request)
        return True

    def now(self) -> float:
        """What calls are to be told as the time."""
        return self._clock.seconds()

    def ask_queues(self, names: Iterable[str]) -> None:
        """How many people are there to answer; `members` tells, once Asterisk has."""
        for name in names:
            self._switchboard.ask_queue(name)
        self._go_on_soon()

    @property
    def members(self) -> Mapping[str, int]:
        """By queue, of those that were asked about: who could answer a caller now."""
        return self._switchboard.members

    def stop(self) -> None:
        """Leaves no timer behind. Calls stay as they are: Asterisk keeps them."""
        for timer in (self._timer, self._soon):
            if timer is not None and timer.active():
                timer.cancel()

    def events(self, connection: AmiConnection, events: list[AmiSessionEvent]) -> None:
        now = self._clock.seconds()
        self._busy = True  # what comes of all of them is told at the end
        try:
            self._happened(connection, events, now)
        finally:
            self._busy = False
        self._go_on()
        pause = self._pause(len(events), connection.read_at)
        # a round is longer than a frame: to wake Asterisk for what it brought would save little
        self._switchboard.hurries = not pause
        if pause:
            connection.rest(pause)

    def _happened(
        self, connection: AmiConnection, events: list[AmiSessionEvent], now: float
    ) -> None:
        for event in events:
            if isinstance(event, LoggedIn):
                self._connection = connection
            elif isinstance(event, AmiSessionEnded):
                if connection is not self._connection:
                    self._noted(event)  # it never served
                    continue
                self._connection = None
            self._switchboard.happened(event, now)
            if isinstance(event, LoggedIn | LoginRefused | AmiProtocolFault | AmiSessionEnded):
                self._noted(event)

    def _go_on_soon(self) -> None:
        if not self._busy and self._soon is None:
            self._soon = self._clock.callLater(0, self._go_on_later)

    def _go_on_later(self) -> None:
        self._soon = None
        self._go_on()

    def _go_on(self) -> None:
        """Tells and sends what there is, and what comes of that."""
        self._busy = True
        try:
            while self._switchboard.restless:
                told, orders = self._switchboard.take()
                self._send(orders)
                dialled, self._switchboard.dialled = self._switchboard.dialled, []
                for each in dialled:
                    self._dialled(each)
                if told:
                    self._told(told)
        finally:
            self._busy = False
        self._mind_time()

    def _send(self, orders: list[tuple[CallAction, object]]) -> None:
        if self._connection is None:
            return
        for order, key in orders:
            try:
                self._connection.act(order.action, order.headers, key)
            except NotLoggedIn:
                return  # on its way down; the calls will stand still, and begin again

    def _mind_time(self) -> None:
        if self._timer is None and not self._switchboard.idle:
            self._timer = self._clock.callLater(_TICK, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._switchboard.tick(self._clock.seconds())
        self._go_on()
