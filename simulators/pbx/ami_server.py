"""The manager's port of a simulated exchange: logins, actions, events (AMI)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Final, Protocol

from twisted.internet.interfaces import IAddress, IReactorTime
from twisted.internet.protocol import ServerFactory, connectionDone
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure

from simulators.pbx.channel import PbxChannel
from simulators.pbx.faults import PbxFaults
from simulators.pbx.people_queue import PbxQueue

BANNER: Final = b"Asterisk Call Manager/11.0.0\r\n"
AmiHeaders = Sequence[tuple[str, str]]
ActionHeaders = dict[str, str]
"""An action's headers, names in lower case; of equal names the last."""


def encode_headers(headers: AmiHeaders) -> bytes:
    """A message's octets. A line break in a value would be a header of its own."""
    lines = (f"{name}: {value}".replace("\r", " ").replace("\n", " ") for name, value in headers)
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


class ManagedPbx(Protocol):
    """An exchange, as its managers need it."""

    accounts: dict[str, str]
    chance: Random
    channels: dict[str, PbxChannel]
    clock: IReactorTime
    faults: PbxFaults
    lacks: frozenset[str]
    managers: list[ManagerSession]
    queue: PbxQueue

    def channel(self, name: str) -> PbxChannel | None: ...

    def described(self, channel: PbxChannel) -> list[tuple[str, str]]: ...


class ManagerSession(LineReceiver):
    """One AMI session."""

    MAX_LENGTH = 1024  # as long as Asterisk reads

    def __init__(self, pbx: ManagedPbx) -> None:
        self._pbx = pbx
        self._lines: list[str] = []
        self._challenge = ""
        self.logged_in = False
        self.asked: list[str] = []  # the actions so far
        self._gone = False

    def connectionMade(self) -> None:
        self._pbx.managers.append(self)
        self._write(BANNER)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._gone = True
        self._pbx.managers.remove(self)

    def lineLengthExceeded(self, line: bytes) -> None:
        self._lines.clear()
        self.say(("Response", "Error"), ("Message", "Failed to parse message: line too long"))

    def lineReceived(self, line: bytes) -> None:
        if line:
            self._lines.append(line.decode("utf-8", "replace"))
            return
        lines, self._lines = self._lines, []
        if lines and not self._pbx.faults.silent:
            pairs = (each.partition(":") for each in lines)
            self._serve({name.strip().lower(): value.strip() for name, _, value in pairs})

    def say(self, *headers: tuple[str, str]) -> None:
        self._write(encode_headers(headers))

    def cut(self) -> None:
        """The connection breaks."""
        if self.transport is not None:
            self.transport.abortConnection()  # type: ignore[attr-defined]

    def _write(self, octets: bytes) -> None:
        faults = self._pbx.faults
        if faults.silent or self._gone:
            return
        if faults.slow:
            self._pbx.clock.callLater(faults.slow, self._write_now, octets)
        else:
            self._write_now(octets)

    def _write_now(self, octets: bytes) -> None:
        if not self._gone and self.transport is not None:
            self.transport.write(octets)

    # ---- actions -------------------------------------------------------------------------------

    def _serve(self, action: ActionHeaders) -> None:
        self.asked.append(action.get("action", ""))
        serve = _ACTIONS.get(action.get("action", "").lower())
        if not self.logged_in and serve not in (_challenge, _login):
            self._error(action, "Permission denied")
        elif serve is None:
            self._error(action, "Invalid/unknown command")
        else:
            serve(self, action)

    def _answer(
        self, action: ActionHeaders, *headers: tuple[str, str], kind: str = "Success"
    ) -> None:
        named = [("ActionID", action["actionid"])] if "actionid" in action else []
        self.say(("Response", kind), *named, *headers)

    def _error(self, action: ActionHeaders, message: str) -> None:
        self._answer(action, ("Message", message), kind="Error")


def _challenge(manager: ManagerSession, action: ActionHeaders) -> None:
    manager._challenge = str(manager._pbx.chance.randrange(10**9))
    manager._answer(action, ("Challenge", manager._challenge))


def _login(manager: ManagerSession, action: ActionHeaders) -> None:
    secret = manager._pbx.accounts.get(action.get("username", ""))
    expected, given = secret or "", action.get("secret", "")
    if action.get("authtype", "").upper() == "MD5":
        expected = hashlib.md5(f"{manager._challenge}{secret}".encode()).hexdigest()
        given = action.get("key", "")
    right = secret is not None and hmac.compare_digest(expected.encode(), given.encode())
    if not right or manager._pbx.faults.refuse:
        manager._error(action, "Authentication failed")
        if manager.transport is not None:
            manager.transport.loseConnection()
        return
    manager.logged_in = True
    manager._answer(action, ("Message", "Authentication accepted"))


def _ping(manager: ManagerSession, action: ActionHeaders) -> None:
    manager._answer(action, ("Ping", "Pong"))


def _accept(manager: ManagerSession, action: ActionHeaders) -> None:
    manager._answer(action)


def _logoff(manager: ManagerSession, action: ActionHeaders) -> None:
    manager._answer(action, ("Message", "Thanks for all the fish."), kind="Goodbye")
    if manager.transport is not None:
        manager.transport.loseConnection()


def _agi(manager: ManagerSession, action: ActionHeaders) -> None:
    name = action.get("channel", "")
    channel = manager._pbx.channel(name)
    if channel is None:
        manager._error(action, f"Channel {name} does not exist.")
    elif channel.queue(action.get("command", ""), action.get("commandid", "")):
        manager._answer(action, ("Message", "Added AGI command to queue"))
    else:
        manager._error(action, f"Failed to add AGI command to channel {name} queue")


def _hang_up(manager: ManagerSession, action: ActionHeaders) -> None:
    channel = manager._pbx.channel(action.get("channel", ""))
    if channel is None:
        manager._error(action, "No such channel")
    else:
        manager._answer(action, ("Message", "Channel Hungup"))
        channel.hang_up()


def _play_dtmf(manager: ManagerSession, action: ActionHeaders) -> None:
    channel = manager._pbx.channel(action.get("channel", ""))
    if channel is None:
        manager._error(action, "Channel not found")
        return
    manager._answer(action, ("Message", "DTMF successfully queued"))
    if action.get("receive", "").lower() == "true":
        channel.press(action.get("digit", "")[:1])


def _send_flash(manager: ManagerSession, action: ActionHeaders) -> None:
    if "sendflash" in manager._pbx.lacks:
        manager._error(action, f"Invalid/unknown command: {action['action']}")
        return
    channel = manager._pbx.channel(action.get("channel", ""))
    if channel is None:
        manager._error(action, "Channel not found")
        return
    manager._answer(action, ("Message", "Flash successfully queued"))
    if action.get("receive", "").lower() == "true":
        channel.flash()


def _show_channels(manager: ManagerSession, action: ActionHeaders) -> None:
    if manager._pbx.faults.secretive:
        manager._error(action, "Permission denied")
        return
    channels = list(manager._pbx.channels.values())
    manager._answer(action, ("EventList", "start"), ("Message", "Channels will follow"))
    named = [("ActionID", action["actionid"])] if "actionid" in action else []
    for channel in channels:
        manager.say(
            ("Event", "CoreShowChannel"), *named, *manager._pbx.described(channel),
            ("Application", channel.application), ("ApplicationData", channel.arguments),
        )  # fmt: skip
    manager.say(
        ("Event", "CoreShowChannelsComplete"), *named,
        ("EventList", "Complete"), ("ListItems", str(len(channels))),
    )  # fmt: skip


def _queue_status(manager: ManagerSession, action: ActionHeaders) -> None:
    """Anybody may ask."""
    manager._answer(action, ("EventList", "start"), ("Message", "Queue status will follow"))
    named = [("ActionID", action["actionid"])] if "actionid" in action else []
    events = list(manager._pbx.queue.status(action.get("queue", "")))
    for headers in events:
        manager.say(*headers, *named)
    manager.say(
        ("Event", "QueueStatusComplete"), *named,
        ("EventList", "Complete"), ("ListItems", str(len(events))),
    )  # fmt: skip


_ACTIONS: Mapping[str, Callable[[ManagerSession, ActionHeaders], None]] = {
    "challenge": _challenge,
    "login": _login,
    "logoff": _logoff,
    "ping": _ping,
    "events": _accept,
    "filter": _accept,
    "agi": _agi,
    "hangup": _hang_up,
    "playdtmf": _play_dtmf,
    "sendflash": _send_flash,
    "coreshowchannels": _show_channels,
    "queuestatus": _queue_status,
}


class ManagerPort(ServerFactory):
    noisy = False

    def __init__(self, pbx: ManagedPbx) -> None:
        self._pbx = pbx

    def buildProtocol(self, addr: IAddress | None) -> ManagerSession:
        return ManagerSession(self._pbx)
