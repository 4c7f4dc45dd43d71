"""A simulated telephone exchange: Asterisk's AMI and AsyncAGI, callers by script, faults."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import quote

from twisted.internet.interfaces import IReactorTime

from simulators.pbx import agi_commands
from simulators.pbx.ami_server import ManagerPort, ManagerSession, encode_headers
from simulators.pbx.channel import HeardSound, PbxChannel, RunningCommand
from simulators.pbx.faults import PbxFaults
from simulators.pbx.people_queue import PbxQueue
from simulators.phone.control_port import KEYS


class Pbx:
    """`sounds` tells how long a sound is, or None if it is missing; `chance` makes challenges.

    `hear` is called with everything that a caller hears, `over` when a call has ended.
    """

    def __init__(
        self,
        clock: IReactorTime,
        accounts: dict[str, str],
        *,
        sounds: Callable[[str], float | None] = lambda sound: 1.0,
        hear: Callable[[PbxChannel, HeardSound], None] = lambda channel, heard: None,
        over: Callable[[PbxChannel], None] = lambda channel: None,
        chance: Random | None = None,
        look: float = 0.02,
        lacks: frozenset[str] = frozenset(),
        answers: bool = True,
    ) -> None:
        self.clock = clock
        self.accounts = accounts
        self.faults = PbxFaults()
        self.chance = chance or Random(0)
        self.channels: dict[str, PbxChannel] = {}
        self.managers: list[ManagerSession] = []
        self.missing: set[str] = set()
        """Sounds that are not there."""
        self.recordings: dict[str, str] = {}
        self.queue = PbxQueue()
        self.port = 0
        self.lacks = lacks
        """Dialplan applications that it has not, in lower case; or modules of functions."""
        self.answers = answers
        """Whether its dialplan does, as conf/asterisk's."""
        self._sounds = sounds
        self._hear = hear
        self._over = over
        self._look = look
        self._calls = 0
        self._listening: Any = None

    # ---- callers -------------------------------------------------------------------------------

    def call(self, number: str = "10086", caller: str = "13800138001") -> PbxChannel:
        """Somebody calls."""
        self._calls += 1
        name = f"PJSIP/trunk-{self._calls:08x}"
        channel = PbxChannel(self, name, f"{self._calls}.0", caller, number, self._look)
        channel.up = self.answers
        self.channels[name] = channel
        self._start(channel)
        return channel

    def press(self, channel: PbxChannel, keys: str) -> None:
        """A caller presses keys, all at once."""
        for key in keys:
            if key in KEYS and not self.faults.deaf:
                channel.press(key)
                if self.faults.twice:
                    channel.press(key)

    def speak(self, channel: PbxChannel, words: str, seconds: float = 1.0) -> None:
        """A caller says something."""
        channel.speak(words, seconds)

    def cut(self) -> None:
        """All AMI connections break; calls stay."""
        for manager in list(self.managers):
            manager.cut()

    # ---- the exchange --------------------------------------------------------------------------

    def listen(self, reactor: Any, host: str = "127.0.0.1", port: int = 0) -> int:
        """Opens the manager's port; its number."""
        self._listening = reactor.listenTCP(port, ManagerPort(self), interface=host)
        self.port = self._listening.getHost().port
        return self.port

    def stop(self) -> Any:
        """Ends calls and connections; fires when the port is closed."""
        for channel in list(self.channels.values()):
            channel.hang_up()
        self.cut()
        return self._listening.stopListening() if self._listening else None

    def channel(self, name: str) -> PbxChannel | None:
        return self.channels.get(name)

    # ---- what channels need --------------------------------------------------------------------

    def seconds(self, sound: str) -> float | None:
        return None if sound in self.missing else self._sounds(sound)

    def run(self, channel: PbxChannel, command: str) -> RunningCommand:
        return agi_commands.run_agi_command(channel, command)

    @property
    def writes(self) -> bool:
        return not self.faults.full

    @property
    def crowded(self) -> bool:
        return self.faults.crowded

    def heard(self, channel: PbxChannel, heard: HeardSound) -> None:
        heard = heard._replace(words=self.recordings.get(heard.sound, ""))
        channel.said.append(heard)
        self._hear(channel, heard)

    def gone(self, channel: PbxChannel) -> None:
        if self.channels.pop(channel.name, None) is not None:
            self._over(channel)

    def left(self, channel: PbxChannel) -> None:
        """It goes on in the dialplan, which leads back to where it came from."""
        self._start(channel)

    def event(self, kind: str, channel: PbxChannel, *headers: tuple[str, str]) -> None:
        privilege = "agi,all" if kind.startswith("AsyncAGI") else "call,all"
        privilege = "agent,all" if kind.startswith("Agent") else privilege
        coded = [(name, quote(value) if name in ("Result", "Env") else value)
                 for name, value in headers]  # fmt: skip
        octets = encode_headers(
            [("Event", kind), ("Privilege", privilege), *self.described(channel), *coded]
        )
        for manager in self.managers:
            if manager.logged_in:
                manager._write(octets)

    def described(self, channel: PbxChannel) -> list[tuple[str, str]]:
        """What an event says of its channel."""
        return [
            ("Channel", channel.name),
            ("ChannelState", "6" if channel.up else "4"),
            ("CallerIDNum", channel.caller or "<unknown>"),
            ("Language", "zh"),
            ("Context", channel.context),
            ("Exten", channel.dialled),
            ("Uniqueid", channel.uniqueid),
            ("Linkedid", channel.uniqueid),
        ]

    def _start(self, channel: PbxChannel) -> None:
        env = {
            "request": "async",
            "channel": channel.name,
            "callerid": channel.caller or "unknown",
            "extension": channel.dialled,
        }
        lines = "".join(f"agi_{name}: {value}\n" for name, value in env.items())
        channel.enter_agi(lambda: self.event("AsyncAGIStart", channel, ("Env", lines + "\n")))
