"""A phone in the terminal, for a demo or a simulator that runs in another one."""

from __future__ import annotations

import argparse
import contextlib
import json
import select
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

with contextlib.suppress(ImportError):  # not on every system
    import readline  # noqa: F401  # gives input() editing and history

from simulators.phone.control_port import KEYS
from simulators.phone.terminal_call import call_from_terminal

AT = "127.0.0.1:8089"
NUMBER = "13800138001"
ENDED = "The demo has ended."
QUIET = 0.7  # seconds without a further message, after which an answer is complete

HELP = """\
sms TEXT        write to the service number, as `sms YE`
number NUMBER   be another subscriber
to NUMBER       write to another service number
dial CODE       a USSD code, as `dial *139#`; then whatever is typed answers the screen
hangup          leave the screen
call NUMBER     a voice call, as `call 10086`; then keys, `say WORDS`, and hangup
help, quit"""

EXAMPLE = """\
examples:
  %(prog)s                                     a prompt; `help` says what it knows
  %(prog)s sms YE                              one text, its answer, and out
  %(prog)s --number 13800138002 sms KTEDU40    as another subscriber
  %(prog)s dial '*139#'                        the menu on the screen, until it is over
"""


class SimulatorUnreachable(Exception):
    """Nothing to talk to, in words for the person at the terminal."""


class SimulatorConnection:
    """The control connection, read and written by blocking calls."""

    def __init__(self, at: str) -> None:
        host, _, port = at.rpartition(":")
        if not port.isdigit():
            raise SimulatorUnreachable(f"--at wants HOST:PORT, such as {AT}, and not {at}.")
        try:
            self._socket = socket.create_connection((host or "127.0.0.1", int(port)), timeout=5)
        except OSError as error:
            raise SimulatorUnreachable(
                f"No demo answers at {at} ({error.strerror or error}). "
                "Start one in another terminal with `make run` or `hallgate demo`."
            ) from error
        self._buffer = b""

    def say(self, do: str, **fields: Any) -> None:
        try:
            self._socket.sendall(json.dumps({"do": do, **fields}).encode() + b"\n")
        except OSError as error:
            raise SimulatorUnreachable(ENDED) from error

    def hear(self, timeout: float | None = None) -> dict[str, Any] | None:
        """The next event, or None when `timeout` seconds pass without one."""
        until = None if timeout is None else time.monotonic() + timeout
        while b"\n" not in self._buffer:
            left = None if until is None else max(0.0, until - time.monotonic())
            if not select.select([self._socket], [], [], left)[0]:
                return None
            self._buffer += self._more()
        line, self._buffer = self._buffer.split(b"\n", 1)
        event: dict[str, Any] = json.loads(line)
        return event

    def close(self) -> None:
        self._socket.close()

    def _more(self) -> bytes:
        try:
            data = self._socket.recv(65_536)
        except OSError as error:
            raise SimulatorUnreachable(ENDED) from error
        if not data:
            raise SimulatorUnreachable(ENDED)
        return data


class TerminalPhone:
    """One subscriber at a time, and what the prompt's words do."""

    def __init__(
        self, line: SimulatorConnection, number: str, to: str, show: Callable[[str], None]
    ) -> None:
        self._line = line
        self._to = to
        self._show = show
        self._watched: set[str] = set()
        self._asked: set[str] = set()  # numbers with a screen that waits
        self._calling: set[str] = set()
        line.say("hello")
        self.can: list[str] = (line.hear(5) or {}).get("can", [])
        self.be(number)

    def be(self, number: str) -> None:
        """Become a subscriber, and hear what is sent to it."""
        self.number = number
        if number not in self._watched:
            self._watched.add(number)
            self._line.say("watch", number=number)
            if "screens" in self.can:
                self._line.say("screens", number=number)

    @property
    def asked(self) -> bool:
        """A screen waits for an answer."""
        return self.number in self._asked

    @property
    def on_call(self) -> bool:
        return self.number in self._calling

    def do(self, said: str) -> bool:
        """One line of the prompt; whether something was sent that will be answered."""
        verb, _, rest = said.strip().partition(" ")
        rest = rest.strip()
        match verb:
            case "sms" if rest:
                self._line.say("sms", number=self.number, text=rest, to=self._to)
                return True
            case "dial" | "call" if rest and verb in self.can:
                if verb == "call":
                    self._calling.add(self.number)
                self._line.say(verb, number=self.number, to=rest)
                return True
            case "dial" | "call":
                self._show(f"This demo has no line for `{verb}` yet. Texts work: sms YE")
            case "hangup" if self.on_call:
                self._calling.discard(self.number)
                self._line.say("ring_off", number=self.number)
            case _ if self.on_call and said.strip() and KEYS.issuperset(said.strip()):
                self._line.say("press", number=self.number, text=said.strip())
                return True
            case "say" if self.on_call and rest:
                self._line.say("speak", number=self.number, text=rest)
            case "hangup" if self.asked:
                self._asked.discard(self.number)
                self._line.say("leave", number=self.number)
            case "number" if rest.isdigit():
                self.be(rest)
            case "number":
                self._show("A number has digits only: number 13800138002")
            case "to" if rest:
                self._to = rest
            case "" if self.on_call or not self.asked:
                pass
            case _ if self.asked:
                self._line.say("type", number=self.number, text=said.strip())
                return True
            case _:
                self._show(HELP)
        return False

    def show(self, event: dict[str, Any]) -> bool:
        """Print an event as a handset would; whether it was a message."""
        match event.get("event"):
            case "message":
                clock = f"{datetime.fromtimestamp(event['at']):%H:%M:%S}"
                self._show(f"{clock}  {event['from']} → {event['number']}\n{event['text']}")
                return True
            case "screen":
                number, waits = event["number"], event["waits"]
                (self._asked.add if waits else self._asked.discard)(number)
                self._show(_framed(event["text"]))
                return True
            case "heard":
                self._show(f"  ♪ {event['text']}")
                return True
            case "over":
                self._calling.discard(event["number"])
                self._show("  (the call is over)")
            case "sent" if event["status"] != "ESME_ROK":
                self._show(f"The gateway refused the message for good: {event['status']}")
            case "error":
                self._show(event["text"])
            case _:
                pass
        return False


def _framed(text: str) -> str:
    return "\n".join(f"  │ {line}" for line in text.split("\n"))


def main(argv: Sequence[str] | None = None, prog: str | None = None) -> int:
    """The command line; the exit status."""
    asked = _parser(prog).parse_args(argv)
    try:
        line = SimulatorConnection(asked.at)
        try:
            phone = TerminalPhone(line, asked.number, asked.to, print)
            if asked.words[:1] == ["call"] and "call" in phone.can:
                phone.do(" ".join(asked.words))
                return call_from_terminal(phone, line.hear)
            if asked.words:
                return _dialogue(phone, line, " ".join(asked.words), asked.timeout)
            if sys.stdin.isatty():
                return _prompt(phone, line)
            return _lines(phone, line, asked.timeout)
        finally:
            line.close()
    except SimulatorUnreachable as error:
        print(error, file=sys.stderr)
        return 1


def _parser(prog: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description=__doc__,
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--at", default=AT, metavar="HOST:PORT", help=f"the demo's port ({AT})")
    parser.add_argument("--number", default=NUMBER, help=f"the subscriber's number ({NUMBER})")
    parser.add_argument("--to", default="10086", help="the service number (10086)")
    parser.add_argument("--timeout", type=float, default=10.0, help="seconds for an answer (10)")
    parser.add_argument(
        "words", nargs=argparse.REMAINDER, help="what to do at once, after all options: sms YE"
    )
    return parser


def _once(phone: TerminalPhone, line: SimulatorConnection, said: str, timeout: float) -> int:
    return 0 if not phone.do(said) or _answered(phone, line, timeout) else 1


def _dialogue(phone: TerminalPhone, line: SimulatorConnection, said: str, timeout: float) -> int:
    """One call of the prompt, and the answers to its screens until it is over."""
    failed = _once(phone, line, said, timeout)
    while phone.asked and not failed:
        try:
            typed = input("> " if sys.stdin.isatty() else "")
        except (EOFError, KeyboardInterrupt):
            typed = "hangup"
        failed = _once(phone, line, typed, timeout)
    return failed


def _answered(phone: TerminalPhone, line: SimulatorConnection, timeout: float) -> bool:
    """Show messages until quiet; false, and a sentence, when there is none at all."""
    until, answered, taken = time.monotonic() + timeout, False, False
    while (left := QUIET if answered else until - time.monotonic()) > 0:
        event = line.hear(left)
        if event is None:
            break
        answered = phone.show(event) or answered
        if event.get("event") == "screen" and phone.asked:
            return True
        taken = taken or event.get("event") == "sent"
    if not answered:
        why = "" if taken else " The network still keeps the message: is the gateway bound?"
        print(f"No answer within {timeout:g} s.{why}", file=sys.stderr)
    return answered


def _lines(phone: TerminalPhone, line: SimulatorConnection, timeout: float) -> int:
    """Commands from a file or a pipe, each waiting for its answer."""
    failed = 0
    for said in sys.stdin:
        if said.strip() in ("quit", "exit"):
            break
        failed |= _once(phone, line, said, timeout)
    return failed


def _prompt(phone: TerminalPhone, line: SimulatorConnection) -> int:
    print(f"You are {phone.number}. `sms YE` asks for the balance; `help` lists the rest.")
    hearing = threading.Thread(target=_hear, args=(phone, line), daemon=True)
    hearing.start()
    while hearing.is_alive():
        try:
            said = input(f"{phone.number}> ")
        except (EOFError, KeyboardInterrupt):
            print()
            break
        if said.strip() in ("quit", "exit"):
            break
        phone.do(said)
    return 0


def _hear(phone: TerminalPhone, line: SimulatorConnection) -> None:
    """Show what arrives while the person types."""
    try:
        while (event := line.hear()) is not None:
            sys.stdout.write("\r\x1b[K")
            phone.show(event)
            sys.stdout.write(f"{phone.number}> ")
            sys.stdout.flush()
    except SimulatorUnreachable as error:
        print(f"\r\x1b[K{error} Press Enter to leave.")
    except ValueError:
        return  # we closed the line ourselves
