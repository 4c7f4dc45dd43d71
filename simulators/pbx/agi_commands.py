"""What a simulated exchange does with AGI commands, as far as a voice menu needs them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Generator, Sequence
from typing import Final

from simulators.pbx.channel import CommandWait, HeardSound, PbxChannel, RunningCommand
from simulators.pbx.dialplan_expressions import (
    parse_application,
    split_alternatives,
    substitute_variables,
)
from simulators.pbx.queue_application import queue_application
from simulators.pbx.record_application import record_application

_FIRST_KEY, _NEXT_KEY = 6.0, 5.0  # seconds; Asterisk's own, when nothing else is said
_BETWEEN_SOUNDS: Final = 0.05
CONGESTION: Final = "congestion"
"""The name of the tone that says that all is busy."""

PlayingSound = Generator[CommandWait, str | None, str | None]
AgiCommand = Callable[[PbxChannel, Sequence[str]], RunningCommand]


def run_agi_command(channel: PbxChannel, line: str) -> RunningCommand:
    """Runs one command line."""
    try:
        words = shlex.split(line)
    except ValueError:
        words = []
    for length in (3, 2, 1):
        command = COMMANDS.get(" ".join(words[:length]).upper())
        if command is not None and len(words) >= length:
            return (yield from command(channel, words[length:]))
    return "510 Invalid or unknown command\n"


def _result(value: object, text: str | None = None) -> str:
    return f"200 result={value}\n" if text is None else f"200 result={value} ({text})\n"


def _at_once(action: Callable[[PbxChannel, Sequence[str]], str]) -> AgiCommand:
    """A command that does not wait."""

    def command(channel: PbxChannel, words: Sequence[str]) -> RunningCommand:
        yield from ()
        return action(channel, words)

    return command


# ---- variables ---------------------------------------------------------------------------------


def _answer(channel: PbxChannel, words: Sequence[str]) -> str:
    channel.up = True
    return _result(0)


def _set(channel: PbxChannel, words: Sequence[str]) -> str:
    channel.assign(words[0], words[1])
    return _result(1)


def _get(channel: PbxChannel, words: Sequence[str]) -> str:
    value = channel.variables.get(words[0])
    return _result(0) if value is None else _result(1, value)


def _evaluate(channel: PbxChannel, words: Sequence[str]) -> str:
    return _result(1, substitute_variables(channel, words[0]))


def _place(attribute: str) -> AgiCommand:
    """SET CONTEXT and its kin: where the call goes when it leaves."""

    def place(channel: PbxChannel, words: Sequence[str]) -> str:
        if attribute:
            setattr(channel, attribute, words[0])
        return _result(0)

    return _at_once(place)


def _hang_up(channel: PbxChannel, words: Sequence[str]) -> str:
    channel.hang_up()
    return _result(1)


def _break(channel: PbxChannel, words: Sequence[str]) -> str:
    channel.leaving = True
    return _result(0)


# ---- sounds and keys ---------------------------------------------------------------------------


def _play(channel: PbxChannel, sound: str, interruptible: bool = True) -> PlayingSound:
    """Plays to the end, or to a key, which it returns."""
    seconds = channel.exchange.seconds(sound)
    if seconds is None:
        return None
    key = yield CommandWait(seconds, hears=interruptible)
    channel.exchange.heard(channel, HeardSound(sound, interrupted=key is not None))
    return key


def _collect(
    first: str | None, most: int, ends: str, waits: tuple[float, float]
) -> Generator[CommandWait, str | None, tuple[str, str]]:
    """Keys, and how it ended; `waits` are for the first key and for those after it."""
    keys, key = "", first
    while True:
        if key is None:
            key = yield CommandWait(waits[1] if keys else waits[0])
        if key is None:
            return keys, "TIMEOUT"
        if key in ends:
            return keys, "OK"
        keys, key = keys + key, None
        if len(keys) >= most:
            return keys, "OK"


def _read(channel: PbxChannel, arguments: Sequence[str]) -> RunningCommand:
    """Read(variable,sounds,most,options,attempts,timeout)."""
    variable, sounds, most, options, _, timeout = (*arguments, *[""] * 6)[:6]
    ends = found[1] if (found := re.search(r"t\((.*?)\)", options)) else "#"
    keys, status = "", "ERROR"
    names = sounds.split("&")
    for place, sound in enumerate(names):
        if sound and channel.exchange.seconds(sound) is None:
            status = "ERROR"
            continue
        key = (yield from _play(channel, sound)) if sound else None
        wait = float(timeout or 0)
        waits = (wait or _FIRST_KEY, wait or _NEXT_KEY)
        if place < len(names) - 1:
            waits = (_BETWEEN_SOUNDS, float(channel.variables.get("TIMEOUT(digit)", _NEXT_KEY)))
        keys, status = yield from _collect(key, int(most or 255), ends, waits)
        if keys or status == "OK":
            break
    channel.variables[variable] = keys
    channel.variables["READSTATUS"] = status
    return _result(0)


def _playback(channel: PbxChannel, arguments: Sequence[str]) -> RunningCommand:
    status = "SUCCESS"
    for sound in arguments[0].split("&"):
        if channel.exchange.seconds(sound) is None:
            status = "FAILED"
        yield from _play(channel, sound, interruptible=False)
    channel.variables["PLAYBACKSTATUS"] = status
    return _result(0)


def _congestion(channel: PbxChannel, arguments: Sequence[str]) -> RunningCommand:
    """Congestion(seconds): a tone, and the channel is to go."""
    channel.exchange.heard(channel, HeardSound(CONGESTION, interrupted=False))
    yield CommandWait(float(arguments[0] or 0), hears=False)
    return _result(-1)


def _background(channel: PbxChannel, arguments: Sequence[str]) -> RunningCommand:
    for sound in arguments[0].split("&"):
        key = yield from _play(channel, sound)
        if key is not None:
            return _result(ord(key))
    return _result(0)


def _store_dtmf(channel: PbxChannel, arguments: Sequence[str]) -> RunningCommand:
    yield from ()
    if arguments[0].lower() == "remove":
        if not channel.noting:
            return _result(-1)
        channel.noting = ""
    else:
        channel.noting = channel.noting or arguments[1]
    return _result(0)


def _user_event(channel: PbxChannel, arguments: Sequence[str]) -> RunningCommand:
    yield from ()
    told = [each.partition(": ") for each in arguments[1:]]
    named = [(name, value) for name, _, value in told]
    channel.exchange.event("UserEvent", channel, ("UserEvent", arguments[0]), *named)
    channel.variables["USEREVENT"] = "|".join(arguments)
    return _result(0)


def _assign(channel: PbxChannel, arguments: Sequence[str]) -> RunningCommand:
    """Set(name=value)."""
    yield from ()
    name, _, value = ",".join(arguments).partition("=")
    channel.variables[name] = value
    return _result(0)


def _exec(channel: PbxChannel, arguments: Sequence[str]) -> RunningCommand:
    """Exec(application(arguments)): variables and expressions in the arguments are worked out."""
    name, inner = parse_application(",".join(arguments))
    return (yield from _apply(channel, name, substitute_variables(channel, inner)))


def _exec_if(channel: PbxChannel, arguments: Sequence[str]) -> RunningCommand:
    """ExecIf(condition?application(arguments):application(arguments))."""
    condition, _, applications = ",".join(arguments).partition("?")
    name, inner = parse_application(split_alternatives(applications)[condition in ("", "0")])
    return (yield from _apply(channel, name, inner))


def _apply(channel: PbxChannel, name: str, arguments: str) -> RunningCommand:
    command = APPLICATIONS.get(name.lower())
    if command is None or name.lower() in channel.exchange.lacks:
        return _result(-2)
    channel.application, channel.arguments = name, arguments
    return (yield from command(channel, arguments.split(",")))


def _execute(channel: PbxChannel, words: Sequence[str]) -> RunningCommand:
    return (yield from _apply(channel, words[0] if words else "", " ".join(words[1:])))


def _stream_file(channel: PbxChannel, words: Sequence[str]) -> RunningCommand:
    """A missing sound ends the session, as Asterisk has it."""
    if channel.exchange.seconds(words[0]) is None:
        channel.leaving = True
        return "200 result=-1 endpos=0\n"
    digits = words[1] if len(words) > 1 else ""
    key = yield from _play(channel, words[0], interruptible=bool(digits))
    return f"200 result={ord(key) if key and key in digits else 0} endpos=0\n"


def _get_data(channel: PbxChannel, words: Sequence[str]) -> RunningCommand:
    sound, timeout, most = (*words, "0", "1024")[:3]
    if channel.exchange.seconds(sound) is None:
        return _result(-1)
    key = yield from _play(channel, sound)
    wait = float(timeout) / 1000 or _FIRST_KEY
    keys, status = yield from _collect(key, int(most), "#", (wait, wait))
    return _result(keys, "timeout") if status == "TIMEOUT" else _result(keys)


APPLICATIONS: Final[dict[str, AgiCommand]] = {
    "read": _read,
    "playback": _playback,
    "congestion": _congestion,
    "background": _background,
    "storedtmf": _store_dtmf,
    "queue": queue_application,
    "record": record_application,
    "userevent": _user_event,
    "exec": _exec,
    "execif": _exec_if,
    "set": _assign,
}

COMMANDS: Final[dict[str, AgiCommand]] = {
    "ANSWER": _at_once(_answer),
    "HANGUP": _at_once(_hang_up),
    "NOOP": _place(""),
    "SET VARIABLE": _at_once(_set),
    "GET VARIABLE": _at_once(_get),
    "GET FULL VARIABLE": _at_once(_evaluate),
    "SET CONTEXT": _place("context"),
    "SET EXTENSION": _place("dialled"),
    "SET PRIORITY": _place(""),
    "ASYNCAGI BREAK": _at_once(_break),
    "EXEC": _execute,
    "STREAM FILE": _stream_file,
    "GET DATA": _get_data,
}
