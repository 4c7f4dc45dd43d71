"""What changes in files of which subscribers hear nothing by themselves: by its place there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gateway.config.checked_yaml import BadFile, parse
from gateway.config.editions.conf_files import ConfFiles
from gateway.editions.differences.conf_change import ConfChange, plain

_TOLD_ELSEWHERE: Final = ("menus/", "replies/", "tariffs/", "commands.yaml", "offers.yaml")
_MOST: Final = 200  # places that are told of one file


def other_changes(old: ConfFiles, new: ConfFiles) -> Iterator[ConfChange]:
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        if was == now or name.startswith(_TOLD_ELSEWHERE):
            continue
        if was is None or now is None or not name.endswith(".yaml"):
            lines = [f"{len(text.splitlines())} lines" if text else "" for text in (was, now)]
            now_told = lines[1] if lines[0] != lines[1] else "other words"
            yield ConfChange("files", name, lines[0], now_told)
            continue
        yield from _places(name, was, now)


def _places(name: str, was: str, now: str) -> Iterator[ConfChange]:
    try:
        old, new = (dict(_flat(parse(text, name).data, ())) for text in (was, now))
    except BadFile:
        yield ConfChange("files", name, "as it was", "cannot be read")
        return
    moved = [place for place in dict.fromkeys([*old, *new]) if old.get(place) != new.get(place)]
    for place in moved[:_MOST]:
        told = [plain(each[place]) if place in each else "" for each in (old, new)]
        yield ConfChange(name.removesuffix(".yaml"), " ▸ ".join(place), told[0], told[1])
    if len(moved) > _MOST:
        yield ConfChange(name.removesuffix(".yaml"), name, "", f"{len(moved) - _MOST} more places")


def _flat(data: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(data, dict) and data:
        for key, each in data.items():
            yield from _flat(each, (*place, str(key)))
    elif isinstance(data, list) and any(isinstance(each, dict | list) for each in data):
        for position, each in enumerate(data, 1):
            yield from _flat(each, (*place, str(position)))
    else:
        yield place, data
