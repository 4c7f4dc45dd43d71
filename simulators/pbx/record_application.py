"""Record() of a simulated exchange: what a caller says after the tone, until a key, silence or
time ends it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from simulators.pbx.channel import CommandWait, HeardSound, PbxChannel, RunningCommand

TONE: Final = "beep"
_TONE_SECONDS: Final = 0.4
_LONGEST: Final = 3600.0  # seconds, if nothing else is said


def record_application(channel: PbxChannel, arguments: Sequence[str]) -> RunningCommand:
    """Record(file.format,silence,longest,options): with y any key ends it."""
    file, silence, longest, options = (*arguments, *[""] * 4)[:4]
    if not channel.exchange.writes:
        yield from ()
        return _ended(channel, "ERROR")
    yield CommandWait(_TONE_SECONDS, hears=False)
    channel.exchange.heard(channel, HeardSound(TONE, interrupted=False))
    clock, spoken = channel.exchange.clock, len(channel.spoken)
    began = clock.seconds()
    until = began + float(longest or _LONGEST)
    status = "TIMEOUT"
    while (now := clock.seconds()) < until:
        quiet = max(began, channel.speaks_until) + float(silence) if silence else until
        if now >= quiet:
            status = "SILENCE"
            break
        key = yield CommandWait(min(until, quiet) - now)
        if key is not None and ("y" in options or key == "#"):
            status = "DTMF"
            break
    words = "".join(channel.spoken[spoken:])
    channel.exchange.recordings[file.rpartition(".")[0]] = words
    return _ended(channel, status)


def _ended(channel: PbxChannel, status: str) -> str:
    channel.variables["RECORD_STATUS"] = status
    return "200 result=0\n"
