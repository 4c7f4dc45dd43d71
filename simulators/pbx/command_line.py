"""A simulated telephone exchange: Asterisk's AMI and AsyncAGI, callers by script, faults.

    python -m simulators.pbx

reads lines such as `call 10086 13800138001`, `press 2`, `hang up` and prints what callers hear.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from twisted.internet.error import CannotListenError
from twisted.internet.stdio import StandardIO
from twisted.protocols.basic import LineOnlyReceiver

from simulators.pbx.channel import HeardSound, PbxChannel
from simulators.pbx.pbx import Pbx
from simulators.pbx.sound_texts import SoundTexts


class TypedCommands(LineOnlyReceiver):
    """Lines that a person types: the last call placed is the one that keys go to."""

    delimiter = b"\n"

    def __init__(self, pbx: Pbx) -> None:
        self._pbx = pbx
        self._channel: PbxChannel | None = None

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


_texts = SoundTexts()


def _print(channel: PbxChannel, heard: HeardSound) -> None:
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
    StandardIO(TypedCommands(pbx))
    print(f"AMI on {asked.host}:{port}; try: call 10086", flush=True)
    reactor.run()
    return 0
