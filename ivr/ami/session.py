"""One AMI session: bytes and time in, bytes and events out. No I/O, no clock.

       connected        greeting          challenge        success
FRESH ──────────▶ GREETING ───▶ CHALLENGING ───▶ LOGGING_IN ───▶ UP ── logoff() ──▶ LEAVING
any ── lost, refused, silent, goodbye ──▶ ENDED

A session lives as long as its connection. It ends once, with one AmiSessionEnded that settles every
action in flight, whichever way it ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import Enum
from math import inf

from ivr.ami.account import AmiAccount, AmiLimits
from ivr.ami.messages import AmiFramingLost, AmiMessage, AmiReader, encode_action
from ivr.ami.pending_actions import PendingActions
from ivr.ami.session_events import (
    ActionAnswered,
    ActionTimedOut,
    AmiProtocolFault,
    AmiSessionEnded,
    AmiSessionEvent,
    AsteriskEvent,
    LoggedIn,
    LoginRefused,
)

_BANNER = "Asterisk Call Manager/"
_DENIED = "Permission denied"
_PERMIT = "an action is denied to this account: manager.conf wants write = agi,call,reporting"


class AmiSessionState(Enum):
    """Where a session stands, and what it says of it if nothing more comes."""

    FRESH = "not connected"
    GREETING = "no greeting came in time"
    CHALLENGING = "no challenge came in time"
    LOGGING_IN = "the login was not answered in time"
    UP = "up"
    LEAVING = "logged off without an answer"
    ENDED = "ended"


_BRIEF = {
    AmiSessionState.GREETING,
    AmiSessionState.CHALLENGING,
    AmiSessionState.LOGGING_IN,
    AmiSessionState.LEAVING,
}


class NotLoggedIn(Exception):
    """There is nobody to send an action to."""


class _Own(Enum):
    """Keys of the session's own actions, which are nobody else's business."""

    CHALLENGE = "Challenge"
    LOGIN = "Login"
    PING = "Ping"
    LOGOFF = "Logoff"


class AmiSession:
    """What Asterisk sends goes to `receive`, what happens comes out as events, and what must be
    sent is fetched with `output`. `tick` is to be called at `deadline`, or any time before.

    `mask` narrows the classes of events that come (manager.conf's `read`); it cannot widen them.
    """

    def __init__(
        self, account: AmiAccount, limits: AmiLimits, mask: str = "agi,call,agent"
    ) -> None:
        self.state = AmiSessionState.FRESH
        self._account = account
        self._limits = limits
        self._mask = mask
        self._reader = AmiReader(limits.most_message)
        self._actions = PendingActions(limits.answer_timeout, limits.most_items)
        self._now = 0.0
        self._heard = 0.0
        self._until = 0.0  # of a state that is brief
        self._pinging = False
        self._events: list[AmiSessionEvent] = []
        self._output: list[bytes] = []
        self.unsent = 0
        """Octets that `output` would return."""

    # ---- what Asterisk sends -------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> list[AmiSessionEvent]:
        """Takes bytes as they come, however the network cut them."""
        if self.over():
            return []
        self._now = self._heard = now
        try:
            for message in self._reader.feed(data):
                self._greet()
                self._take(message)
                if self.over():
                    break
            self._greet()
        except AmiFramingLost as lost:
            self._end(f"this is no AMI: {lost}")
        return self._turn_over()

    def over(self) -> bool:
        """Whether AmiSessionEnded has been told; nothing will come after it."""
        return self.state is AmiSessionState.ENDED

    @property
    def held(self) -> int:
        """Octets received that are no whole message yet."""
        return self._reader.held

    def _greet(self) -> None:
        banner = self._reader.banner
        if self.state is not AmiSessionState.GREETING or banner is None:
            return
        if not banner.startswith(_BANNER):
            self._end("this is no Asterisk")
            return
        self._enter(AmiSessionState.CHALLENGING)
        self._act(_Own.CHALLENGE, {"AuthType": "MD5"})

    def _take(self, message: AmiMessage) -> None:
        if message.response:
            self._on_response(message)
        elif not message.event:
            self._fault("a message that is neither response nor event")
        elif self._actions.listing(message):
            if listed := self._actions.listed(message, self._now):
                self._events.append(ActionAnswered(listed.key, *listed.done()))
        elif self.state is AmiSessionState.UP:
            self._events.append(AsteriskEvent(message))

    def _on_response(self, message: AmiMessage) -> None:
        settled = self._actions.answered(message, self._now)
        if settled is None:
            if not self._actions.knows(message):
                self._fault(f"{message.response} for an action that does not wait")
        elif isinstance(settled.key, _Own):
            self._on_own(settled.key, message)
        else:
            if message.response != "Success" and message.get("Message") == _DENIED:
                self._fault(_PERMIT)
            self._events.append(ActionAnswered(settled.key, message))

    def _on_own(self, own: _Own, message: AmiMessage) -> None:
        refused = message.response.lower() == "error"
        match own:
            case _Own.CHALLENGE | _Own.LOGIN if refused:
                self._refused(message.get("Message", "no reason given"))
            case _Own.CHALLENGE:
                self._log_in(message.get("Challenge"))
            case _Own.LOGIN:
                self._enter(AmiSessionState.UP)
                version = (self._reader.banner or "").removeprefix(_BANNER).strip()
                self._events.append(LoggedIn(version))
            case _Own.PING:
                self._pinging = False
            case _Own.LOGOFF:
                self._end("logged off")

    def _refused(self, reason: str) -> None:
        self._events.append(LoginRefused(reason))
        self._end(f"login refused: {reason}")

    def _log_in(self, challenge: str) -> None:
        self._enter(AmiSessionState.LOGGING_IN)
        secret = f"{challenge}{self._account.secret}".encode()
        # not our choice: the only digest that AMI knows
        key = hashlib.md5(secret, usedforsecurity=False).hexdigest()
        headers = {"AuthType": "MD5", "Username": self._account.username, "Key": key}
        self._act(_Own.LOGIN, {**headers, "Events": self._mask})

    # ---- what the user does --------------------------------------------------------------------

    def connected(self, now: float) -> None:
        """The transport is up: Asterisk speaks first."""
        self._now = self._heard = now
        self._enter(AmiSessionState.GREETING)

    def act(
        self,
        name: str,
        headers: Mapping[str, str],
        key: object,
        now: float,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        """Sends an action; `key` comes back with its end.

        Raises NotLoggedIn, or Unsendable for what AMI has no room for.
        """
        if self.state is not AmiSessionState.UP:
            raise NotLoggedIn
        self._now = now
        self._act_as(name, headers, key, variables)

    def logoff(self, now: float) -> None:
        """Says goodbye. AmiSessionEnded follows with the answer, or at the deadline."""
        self._now = now
        if self.state is AmiSessionState.UP:
            self._enter(AmiSessionState.LEAVING)
            self._act(_Own.LOGOFF, {})
        elif self.state not in (AmiSessionState.LEAVING, AmiSessionState.ENDED):
            self._end("stopped before the login")

    def lost(self, reason: str, now: float) -> list[AmiSessionEvent]:
        """The transport is gone."""
        self._now = now
        if not self.over():
            self._end(reason)
        return self._turn_over()

    # ---- time ----------------------------------------------------------------------------------

    def deadline(self) -> float | None:
        """When `tick` is wanted, if nothing else happens before."""
        if self.state in (AmiSessionState.FRESH, AmiSessionState.ENDED):
            return None
        return min(self._due(), self._actions.deadline)

    def tick(self, now: float) -> list[AmiSessionEvent]:
        """Does what time asks for."""
        if self.state in (AmiSessionState.FRESH, AmiSessionState.ENDED):
            return self._turn_over()
        self._now = now
        if self.state in _BRIEF and now >= self._until:
            self._end(self.state.value)
        for late in self._actions.expire(now):
            if isinstance(late.key, _Own):
                self._end(f"{late.key.value} was not answered in time")
                break
            self._events.append(ActionTimedOut(late.key))
        if self.state is AmiSessionState.UP and now >= self._due():
            self._ping()
        return self._turn_over()

    # ---- what we send --------------------------------------------------------------------------

    def output(self) -> bytes:
        """What must be sent now; the caller has it from here."""
        octets = b"".join(self._output)
        self._output.clear()
        self.unsent = 0
        return octets

    # ---- within --------------------------------------------------------------------------------

    def _due(self) -> float:
        """When a brief state has lasted too long, or silence. A ping on its way is due as any
        action is."""
        if self.state in _BRIEF:
            return self._until
        return inf if self._pinging else self._heard + self._limits.ping_interval

    def _ping(self) -> None:
        self._pinging = True
        self._act(_Own.PING, {})

    def _act(self, own: _Own, headers: Mapping[str, str]) -> None:
        self._act_as(own.value, headers, own, None)

    def _act_as(
        self,
        name: str,
        headers: Mapping[str, str],
        key: object,
        variables: Mapping[str, str] | None,
    ) -> None:
        action_id = self._actions.next_id()
        octets = encode_action(name, {"ActionID": action_id, **headers}, variables)
        self._actions.add(action_id, key, self._now)
        self._output.append(octets)
        self.unsent += len(octets)

    def _enter(self, state: AmiSessionState) -> None:
        brief = self._limits
        wait = brief.logoff_timeout if state is AmiSessionState.LEAVING else brief.login_timeout
        self.state = state
        self._until = self._now + wait

    def _fault(self, description: str) -> None:
        self._events.append(AmiProtocolFault(description))

    def _end(self, reason: str) -> None:
        """The one place where a session ends."""
        self.state = AmiSessionState.ENDED
        keys = tuple(key for key in self._actions.rest() if not isinstance(key, _Own))
        self._events.append(AmiSessionEnded(reason, keys))

    def _turn_over(self) -> list[AmiSessionEvent]:
        """The events of this turn."""
        events, self._events = self._events, []
        return events
