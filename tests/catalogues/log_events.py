"""docs/reference/log-events.md: every event of the structured log, from the source, and what it
means, from log_events.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from gateway.ops.log_levels import INFO, LEVELS, WARNING, WELL, level_of
from tests.catalogues.log_event_source import Written, events_under
from tests.catalogues.page import ROOT, Page, coded, page, table

MEANINGS = "tests/catalogues/log_events.yaml"
PACKAGES = ("gateway", "smpp", "ivr", "commands", "menus", "tariffs", "periods")
UNKNOWN = "(no meaning yet)"
INTRODUCTION = """\
The log is one JSON line an event on standard error. Each has `at` (seconds since 1970),
`level` (`info`, `warning`, `error`), `event` and the facts below; not every place writes all of
them. `id` follows a message from its PDU to its receipt. Where `error` is an exception, `frames`
says where it was raised. Numbers are masked; texts of messages, secrets and the words of exceptions
are never there."""


@cache
def written_events() -> list[Written]:
    return events_under(ROOT, PACKAGES)


def meanings(file: Path = ROOT / MEANINGS) -> dict[str, str]:
    return dict(YAML(typ="safe").load(file))


def log_events_page(events: Iterable[Written], means: Mapping[str, str]) -> Page:
    by_name: dict[str, list[Written]] = {}
    for each in events:
        by_name.setdefault(each.event, []).append(each)
    rows = [_row(name, by_name[name], means) for name in sorted(by_name)]
    heads = ("event", "level", "meaning", "facts", "written in")
    return page("docs/reference/log-events.md", "Log events", INTRODUCTION, table(heads, rows))


def _row(name: str, places: Sequence[Written], means: Mapping[str, str]) -> list[str]:
    facts = dict.fromkeys(fact for place in places for fact in place.facts)
    where = dict.fromkeys(f"`{place.file}` {place.function}" for place in places)
    return [f"`{name}`", _level(name), means.get(name, UNKNOWN), coded(facts), "<br>".join(where)]


def _level(name: str) -> str:
    if name not in WELL:
        return level_of({"event": name})
    fact, value = WELL[name]
    return f"{WARNING}; {INFO} where `{fact}` is `{value}`"


def faults(
    events: Sequence[Written],
    means: Mapping[str, str],
    graded: Iterable[str] = (*LEVELS, *WELL),
) -> list[str]:
    """Events without a meaning, and meanings without an event: what to do about each."""
    places: dict[str, str] = {}
    for each in events:
        places.setdefault(each.event, f"{each.file}, {each.function}")
    return (
        [
            f"{MEANINGS}: the event {name!r} ({place}) has no meaning: "
            f"add the line `{name}: …`, then run `make catalogues`"
            for name, place in sorted(places.items())
            if not means.get(name)
        ]
        + [
            f"gateway/ops/log_levels.py: no code writes the event {name!r}: remove it, or rename it"
            for name in sorted(set(graded) - places.keys())
        ]
        + [
            f"{each.file}, {each.function}: the event {each.event!r} has a fact {fact!r}, which "
            "every line has: call it otherwise"
            for each in events
            for fact in sorted({"at", "level", "logger"}.intersection(each.facts))
        ]
        + [
            f"{MEANINGS}: no code writes the event {name!r}: remove its line, or rename it"
            for name in sorted(means.keys() - places.keys())
        ]
    )
