"""How a line of the log is written: JSON, for people, or in Elastic's common schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any, Final

import orjson

Fact = Mapping[str, Any]
LineForm = Callable[[str, str, str, Fact], bytes]
"""Of a moment as ISO 8601 with its zone, a level, a logger, and an event with its facts."""

_ECS: Final = "8.11.0"  # the version of the schema


def as_json(at: str, level: str, logger: str, event: Fact) -> bytes:
    """One object a line; what is not a fact of its own comes first, and no fact takes its place."""
    line = {"at": at, "level": level, "logger": logger}
    return _dumped({**line, **event, **line})


def as_ecs(at: str, level: str, logger: str, event: Fact) -> bytes:
    """What the schema has no name for stands below `hallgate`."""
    facts = dict(event)
    name, error, frames = facts.pop("event", ""), facts.pop("error", None), facts.pop("frames", ())
    told: dict[str, object] = {
        "@timestamp": at, "log.level": level, "log.logger": logger, "message": name,
        "ecs.version": _ECS, "service.name": "hallgate", "event.action": name,
    }  # fmt: skip
    if error is not None:
        told["error.type"] = str(error).partition(" in ")[0]
        told["error.message"] = error  # its class and place, never its own words
    if frames:
        told["error.stack_trace"] = "\n".join(frames)
    if facts:
        told["hallgate"] = facts
    return _dumped(told)


def for_people(at: str, level: str, logger: str, event: Fact) -> bytes:
    """A line, and one for each frame of an exception."""
    facts = dict(event)
    name, frames = facts.pop("event", ""), facts.pop("frames", ())
    told = " ".join(f"{fact}={_word(value)}" for fact, value in facts.items())
    line = f"{at.replace('T', ' ')} {level.upper():<7} {name}  {told}".rstrip() + f"  [{logger}]"
    return "\n    ".join([line, *map(_one_line, frames)]).encode(errors="replace")


FORMS: Final[Mapping[str, LineForm]] = {"json": as_json, "console": for_people, "ecs": as_ecs}


def moment(at: float, zone: tzinfo) -> str:
    """2026-12-01T09:00:00.250+08:00."""
    return datetime.fromtimestamp(at, zone).isoformat(timespec="milliseconds")


def _dumped(told: Fact) -> bytes:
    return orjson.dumps(told, default=str)


_APART: Final = frozenset(' "=\n\r\t')


def _word(value: object) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    return orjson.dumps(text).decode() if set(text) & _APART else text


def _one_line(text: object) -> str:
    return " ".join(str(text).splitlines())
