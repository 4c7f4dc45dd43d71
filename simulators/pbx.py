"""A simulated telephone exchange: Asterisk's AMI and AsyncAGI, callers by script, faults.

    python -m simulators.pbx

reads lines such as `call 10086 13800138001`, `press 2`, `hang up` and prints what callers hear.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote

from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IReactorTime
from twisted.internet.stdio import StandardIO
from twisted.protocols.basic import LineOnlyReceiver

from simulators import pbx_commands
from simulators.pbx_ami import Manager, ManagerPort, block
from simulators.pbx_channel import Channel, Heard, Running
from simulators.pbx_queue import Queue
from simulators.pbx_sounds import Texts

KEYS = frozenset("0123456789*#")


@dataclass(slots=True)
class Faults:
    """What goes wrong; all can be set while it runs."""

    silent: bool = False
    """Managers may connect, and that is all."""
    refuse: bool = False
    """No login is right."""
    secretive: bool = False
    """Nobody may see a list of channels."""
    slow: float = 0.0
    """Seconds that everything it says takes."""
    twice: bool = False
    """Every key comes twice."""
    crowded: bool = False
    """Keys that come at once are spread in time, and some noted twice, while nobody reads keys."""
    deaf: bool = False
    """No key comes."""
    full: bool = False
    """No recording can be written."""


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
        hear: Callable[[Channel, Heard], None] = lambda channel, heard: None,
        over: Callable[[Channel], None] = lambda channel: None,
        chance: Random | None = None,
        look: float = 0.02,
        lacks: frozenset[str] = frozenset(),
        answers: bool = True,
    ) -> None:
        self.clock = clock
        self.accounts = accounts
        self.faults = Faults()
        self.chance = chance or Random(0)
        self.channels: dict[str, Channel] = {}
        self.managers: list[Manager] = []
        self.missing: set[str] = set()
        """Sounds that are not there."""
        self.recordings: dict[str, str] = {}
        self.queue = Queue()
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

    def call(self, number: str = "10086", caller: str = "13800138001") -> Channel:
        """Somebody calls."""
        self._calls += 1
        name = f"PJSIP/trunk-{self._calls:08x}"
        channel = Channel(self, name, f"{self._calls}.0", caller, number, self._look)
        channel.up = self.answers
        self.channels[name] = channel
        self._start(channel)
        return channel

    def press(self, channel: Channel, keys: str) -> None:
        """A caller presses keys, all at once."""
        for key in keys:
            if key in KEYS and not self.faults.deaf:
                channel.press(key)
                if self.faults.twice:
                    channel.press(key)

    def speak(self, channel: Channel, words: str, seconds: float = 1.0) -> None:
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

    def channel(self, name: str) -> Channel | None:
        return self.channels.get(name)

    # ---- what channels need --------------------------------------------------------------------

    def seconds(self, sound: str) -> float | None:
        return None if sound in self.missing else self._sounds(sound)

    def run(self, channel: Channel, command: str) -> Running:
        return pbx_commands.run(channel, command)

    @property
    def writes(self) -> bool:
        return not self.faults.full

    @property
    def crowded(self) -> bool:
        return self.faults.crowded

    def heard(self, channel: Channel, heard: Heard) -> None:
        heard = heard._replace(words=self.recordings.get(heard.sound, ""))
        channel.said.append(heard)
        self._hear(channel, heard)

    def gone(self, channel: Channel) -> None:
        if self.channels.pop(channel.name, None) is not None:
            self._over(channel)

    def left(self, channel: Channel) -> None:
        """It goes on in the dialplan, which leads back to where it came from."""
        self._start(channel)

    def event(self, kind: str, channel: Channel, *headers: tuple[str, str]) -> None:
        privilege = "agi,all" if kind.startswith("AsyncAGI") else "call,all"
        privilege = "agent,all" if kind.startswith("Agent") else privilege
        coded = [(name, quote(value) if name in ("Result", "Env") else value)
                 for name, value in headers]  # fmt: skip
        octets = block(
            [("Event", kind), ("Privilege", privilege), *self.described(channel), *coded]
        )
        for manager in self.managers:
            if manager.logged_in:
                manager._write(octets)

    def described(self, channel: Channel) -> list[tuple[str, str]]:
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

    def _start(self, channel: Channel) -> None:
        env = {
            "request": "async",
            "channel": channel.name,
            "callerid": channel.caller or "unknown",
            "extension": channel.dialled,
        }
        lines = "".join(f"agi_{name}: {value}\n" for name, value in env.items())
        channel.enter_agi(lambda: self.event("AsyncAGIStart", channel, ("Env", lines + "\n")))


# ---- its own command line ----------------------------------------------------------------------


class Script(LineOnlyReceiver):
    """Lines that a person types: the last call placed is the one that keys go to."""

    delimiter = b"\n"

    def __init__(self, pbx: Pbx) -> None:
        self._pbx = pbx
        self._channel: Channel | None = None

    def lineReceived(self, line: bytes) -> None:
        match line.decode(errors="replace").split():
            case ["call", number]:
                self._channel = self._pbx.call(number)
            case ["call", number, caller]:
                self._channel = self._pbx.call(number, caller)
            case ["press", keys] if self._channel:
                self._pbx.press(self._channel, keys)
            case ["say", *words] if self._channel:
                self._pbx.speak(self._channel, " ".join(words))
            case ["hang", "up"] if self._channel:
                self._channel.hang_up()
            case ["cut"]:
                self._pbx.cut()
            case []:
                pass
            case _:
                print("call NUMBER [CALLER] | press KEYS | say WORDS | hang up | cut", flush=True)


_texts = Texts()


def _print(channel: Channel, heard: Heard) -> None:
    words = heard.words or _texts.of(heard.sound)
    print(f"{channel.caller} ♪ {words}{' …' * heard.interrupted}", flush=True)


def main(argv: Sequence[str] | None = None, prog: str | None = None) -> int:
    """Serve until interrupted; the exit status."""
    from twisted.internet import reactor

    parser = argparse.ArgumentParser(prog=prog, description=__doc__, epilog="Ctrl-C stops it.")
    parser.add_argument("--host", default="127.0.0.1", help="where AMI listens (127.0.0.1)")
    parser.add_argument("--port", type=int, default=5038, help="AMI (5038)")
    parser.add_argument("--account", default="hallgate:secret", help="NAME:SECRET")
    asked = parser.parse_args(argv)
    name, _, secret = asked.account.partition(":")
    pbx = Pbx(reactor, {name: secret}, hear=_print)
    try:
        port = pbx.listen(reactor, asked.host, asked.port)
    except CannotListenError as taken:
        print(f"{asked.host}:{asked.port} cannot be used: {taken.socketError}", file=sys.stderr)
        return 1
    StandardIO(Script(pbx))
    print(f"AMI on {asked.host}:{port}; try: call 10086", flush=True)
    reactor.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
