"""How grave each event of the log is. What is not named here is information."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

INFO: Final = "info"
WARNING: Final = "warning"  # somebody should look: work is late, refused or lost
ERROR: Final = "error"  # a mistake of ours, or something that cannot go on

ALWAYS: Final = frozenset({"audit anchor"})
"""Written whatever `log.level` says: it is proof."""

GRAVITY: Final = {INFO: 0, WARNING: 1, ERROR: 2}

LEVELS: Final = {
    "audit anchor not told": WARNING,
    "audit bent": ERROR,
    "away": ERROR,
    "batch failed": ERROR,
    "bind refused": WARNING,
    "busy": WARNING,
    "call failed": ERROR,
    "call refused": ERROR,
    "caller refused": WARNING,
    "calls back not looked at": WARNING,
    "checkpoint failed": WARNING,
    "door closed": ERROR,
    "door refused": WARNING,
    "edition not taken up": ERROR,
    "edition taken back": ERROR,
    "editions not looked at": WARNING,
    "errand failed": ERROR,
    "errand put off": WARNING,
    "errand refused": WARNING,
    "error": ERROR,
    "failed": ERROR,
    "figures not counted": WARNING,
    "handed over": WARNING,
    "host not found": WARNING,
    "housekeeping failed": WARNING,
    "lease not given back": WARNING,
    "lease not taken up": ERROR,
    "leases let go": ERROR,
    "left in the outbox": WARNING,
    "library": WARNING,
    "link stood still": WARNING,
    "log left behind": WARNING,
    "log lines lost": ERROR,
    "login refused": WARNING,
    "membership lost": ERROR,
    "named alike": ERROR,
    "no answer in time": WARNING,
    "not reloaded": ERROR,
    "octets behind a message left out": WARNING,
    "perhaps sent": WARNING,
    "process ended": WARNING,
    "protocol fault": WARNING,
    "provider away": WARNING,
    "records away": WARNING,
    "recording failed": ERROR,
    "recordings not forgotten": WARNING,
    "reminder failed": ERROR,
    "reminders put off": WARNING,
    "slots kept": WARNING,
    "slots not given back": WARNING,
    "request failed": ERROR,
    "files of calls not looked at": WARNING,
    "sounds doubted": WARNING,
    "sounds missing": WARNING,
    "sounds of the plain voice": WARNING,
    "sounds not heard": ERROR,
    "sounds not made": WARNING,
    "taken over": WARNING,
    "stood still": WARNING,
    "ticket alarm": WARNING,
    "ticket answers not heard": WARNING,
    "ticket put off": WARNING,
    "ticket refused": WARNING,
    "tickets not looked at": WARNING,
    "unsent": WARNING,
    "waiting for another gateway": WARNING,
    "work failed": ERROR,
    "notices wait": WARNING,
    "unasked messages wait": WARNING,
}

WELL: Final = {
    "line": ("state", "serving"),
    "member": ("serves", True),
    "outbind": ("result", "accepted"),
    "ticket answer": ("fits", True),
}
"""Events that tell of good and bad: information where this fact has this value, else a warning."""


def written(event: object, level: str, least: str) -> bool:
    """Whether `log.level` lets it through."""
    return GRAVITY[level] >= GRAVITY[least] or event in ALWAYS


def level_of(event: Mapping[str, object]) -> str:
    """Of an event with its facts."""
    name = str(event["event"])
    if (well := WELL.get(name)) is not None:
        fact, value = well
        return INFO if event.get(fact) == value else WARNING
    return LEVELS.get(name, INFO)
