"""What systemd is told of a service of `Type=notify` (sd_notify(3)): that it is ready, why it is
not, that it lives, that it ends."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

SOCKET: Final = "NOTIFY_SOCKET"
WATCHDOG: Final = "WATCHDOG_USEC"
WATCHED: Final = "WATCHDOG_PID"
_BEAT: Final = 5.0  # seconds between signs of life where no watchdog waits for them
_MORE: Final = 60_000_000  # microseconds that a start may take longer each time it says so
_LONGEST: Final = 400  # characters of a status


@dataclass(frozen=True, slots=True)
class ServiceManager:
    """`send` is given what to tell, as NAME=VALUE lines. `every`: seconds between signs of life, of
    which the manager misses none."""

    send: Callable[[str], None]
    every: float

    def lives(self, reasons: list[str], *, started: bool) -> bool:
        """A sign of life, with why not all work can be done. Returns whether the service counts as
        started: from the first time that there is no reason against it. Until then it takes the
        time that it needs, as long as it gives these signs."""
        status = "; ".join(reasons)[:_LONGEST] or "serving"
        told = [f"STATUS={status}".replace("\n", " "), "WATCHDOG=1"]
        if not started:
            told.append(f"EXTEND_TIMEOUT_USEC={_MORE}" if reasons else "READY=1")
        self.send("\n".join(told))
        return started or not reasons

    def ends(self) -> None:
        self.send("STOPPING=1\nSTATUS=finishing what is begun")


def service_manager(environment: MutableMapping[str, str] = os.environ) -> ServiceManager | None:
    """None where nobody wants to be told. Programs that we start are not asked: what says so is
    taken out of the environment."""
    path = environment.pop(SOCKET, "")
    watchdog, watched = environment.pop(WATCHDOG, ""), environment.pop(WATCHED, "")
    if not path:
        return None
    every = _BEAT
    if watchdog.isdigit() and int(watchdog) and watched in ("", str(os.getpid())):
        every = min(_BEAT, int(watchdog) / 1_000_000 / 3)
    address = "\0" + path[1:] if path.startswith("@") else path

    def send(text: str) -> None:
        # who does not listen any more is no reason to serve nobody
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.setblocking(False)
            out.sendto(text.encode(), address)

    return ServiceManager(send, every)
