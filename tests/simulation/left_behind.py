"""What must not be found in the log and in the store's files when a story is over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import orjson

from tests.simulation.diallers import Dialler
from tests.simulation.gateways import Place
from tests.simulation.hall import Hall
from tests.simulation.people import Person

UNHEARD_OF: Final = ("error", "failed", "work failed", "batch failed")
"""Events of the log that no trouble of these stories explains."""
DIGEST: Final = re.compile(rb"[0-9a-f]{64}")


def left_behind(hall: Hall) -> Iterator[str]:
    """Each in words; none if all is well."""
    yield from _log(hall)
    yield from _kept_too_late(hall)
    yield from _secrets(hall)


def _log(hall: Hall) -> Iterator[str]:
    for line in _lines(hall):
        event = orjson.loads(line)
        if event["event"] in UNHEARD_OF:
            yield f"the log says: {line.decode()}"


def _kept_too_late(hall: Hall) -> Iterator[str]:
    """Who was taken over keeps nothing any more: neither a message nor what became of one."""
    events = [
        (_moment(event) - place.clock_is_wrong, place, event)
        for place in hall.places
        for event in map(orjson.loads, _lines_of(place))
    ]
    taken: dict[str, float] = {}  # by the name of a member, when
    for at, place, event in sorted(events, key=lambda one: one[0]):
        if event["event"] == "taken over":
            taken[event["who"].split(" ")[2]] = at
        elif event["event"] in ("served", "sent", "unsent"):
            name = [name for began, name in place.lives if began <= at][-1]
            if name in taken:
                yield f"{name} kept {event['id']} {at - taken[name]:.1f} s after it was taken over"


def _moment(event: dict[str, str]) -> float:
    """Seconds since 1970."""
    return datetime.fromisoformat(event["at"]).timestamp()


def _lines_of(place: Place) -> list[bytes]:
    return place.log.getvalue().splitlines()


def _lines(hall: Hall) -> list[bytes]:
    return [line for place in hall.places for line in _lines_of(place)]


def _secrets(hall: Hall) -> Iterator[str]:
    """Neither in the log nor, in plain, in the store; and no number in the log, nor a word."""
    log = b"\n".join(_lines(hall))
    files = [path.read_bytes() for path in _files(hall.store)]
    everybody: list[Person | Dialler] = [*hall.people, *hall.diallers]
    for person in everybody:
        if tells_any(person.secrets, log):
            yield f"{person.number}: a secret is in the log"
        if any(tells_any(person.secrets, octets) for octets in files):
            yield f"{person.number}: a secret is in the store, in plain"
        if person.number.encode() in log:
            yield f"{person.number}: the number is in the log"
        for turn in getattr(person, "turns", ()):
            if len(turn.text) > 8 and turn.text.encode() in log:
                yield f"{person.number}: what he wrote is in the log"
            complaint = turn.text.removeprefix("TS ").encode()
            if turn.text.startswith("TS ") and any(complaint in octets for octets in files):
                yield f"{person.number}: what he wrote is in the store, in plain"


def tells_any(secrets: Sequence[str], octets: bytes) -> bool:
    """Whether one of them stands there, and is no part of a longer number. Digests of cards and
    passwords have digits of all kinds, by chance six that are a password."""
    # a plain search reads a whole store in no time
    found = [secret for secret in map(str.encode, secrets) if secret in octets]
    whole = rb"(?<!\d)(?:%b)(?!\d)" % b"|".join(found)
    return bool(found) and re.search(whole, DIGEST.sub(b"", octets)) is not None


def _files(store: Path) -> Iterator[Path]:
    yield from sorted(store.parent.glob(f"{store.name}*"))
