"""A few callers among many who measure: how long from the last key to the next prompt.

    python -m tests.bench.calls.measuring_callers SIP_PORT NUMBER SECONDS ASKED TOLD

ASKED and TOLD are the first frames of the two prompts, in hexadecimal digits; what was measured
goes to standard output as JSON: seconds of each kind, and how many calls were not answered.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from twisted.internet import task
from twisted.internet.defer import Deferred, gatherResults

from tests.bench.calls.bench_menu import PASSWORD
from tests.ivr.telephones.sip import Telephones

RATE: Final = 2.0  # calls a second
FIRST_KEY, PASSWORD_AT, OVER_AT = 1.0, 2.0, 6.0  # seconds after the answer
FIRST_CALLER: Final = 13_900_009_000


@dataclass
class Probe:
    """One call: when its last key was told, and when the prompt that follows began."""

    asked: bytes
    told: bytes
    keyed: float = 0.0
    thought: list[float] = field(default_factory=list)

    def hears(self, frame: bytes) -> None:
        wanted = (self.asked, self.told)[len(self.thought)] if len(self.thought) < 2 else None
        if frame == wanted and self.keyed:
            self.thought.append(time.monotonic() - self.keyed)
            self.keyed = 0.0

    def typed(self) -> None:
        self.keyed = time.monotonic()


async def one(phones: Telephones, number: str, caller: str, probe: Probe) -> None:
    """A whole call, at its own pace whatever it hears."""
    call = phones.call(number, caller, probe.hears)
    call.rtp.typed = probe.typed
    await call.answered
    for keys, pause in (("", FIRST_KEY), ("1", PASSWORD_AT - FIRST_KEY),
                        (f"{PASSWORD}#", OVER_AT - PASSWORD_AT)):  # fmt: skip
        call.press(keys)
        await task.deferLater(phones.reactor, pause)
    call.hang_up()
    await call.over


async def probed(reactor: Any, arguments: Mapping[str, str]) -> None:
    phones = Telephones(reactor, int(arguments["port"]), Random())
    asked, told = (bytes.fromhex(arguments[name]) for name in ("asked", "told"))
    probes, calls = [], []
    for place in range(round(float(arguments["seconds"]) * RATE)):
        probes.append(Probe(asked, told))
        caller = str(FIRST_CALLER + place % 1000)
        calls.append(
            Deferred.fromCoroutine(one(phones, arguments["number"], caller, probes[-1])).addErrback(
                lambda _: None
            )
        )
        await task.deferLater(reactor, 1 / RATE)
    await gatherResults(calls)
    thought = [seconds for probe in probes for seconds in probe.thought]
    lost = sum(len(probe.thought) < 2 for probe in probes)
    print(json.dumps({"calls": len(probes), "lost": lost, "thought": thought}))


if __name__ == "__main__":
    names = ("port", "number", "seconds", "asked", "told")
    task.react(
        lambda reactor: Deferred.fromCoroutine(
            probed(reactor, dict(zip(names, sys.argv[1:], strict=True)))
        )
    )
