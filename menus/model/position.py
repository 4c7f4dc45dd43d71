"""Where somebody stands in a book: a small value that can be written down as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final

from menus.model.wording import LANGUAGES, MenuChannel

MOST_WORDS: Final = 1200  # of a command's answer that is remembered for turning pages
MOST_ASKED: Final = 8000  # of a question or a list: all of it must be seen

PositionJson = dict[str, object]


@dataclass(frozen=True, slots=True)
class Position:
    """`version` is the book's it began with. Secrets are not in it: `kept` names the fields whose
    values somebody else keeps."""

    version: str
    channel: MenuChannel
    entry: str
    screen: str
    language: str = "zh"
    trail: tuple[str, ...] = ()  # the screens that `back` leads to, the last one first to go
    page: int = 0
    wrong: int = 0  # wrong inputs in a row
    silent: int = 0  # times that nothing was typed, in a row, on this screen
    quiet: int = 0  # and on all screens since the last key
    steps: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    command_at: str = ""  # "screen" or "screen/option": the command that runs, or asked something
    running: bool = False  # its outcome is awaited
    words: str = ""  # what the last command answered, unless it was secret
    offer: str = ""  # the one that has been shown

    def as_json(self) -> PositionJson:
        """Only what differs from a fresh position, under one or two letters."""
        written: PositionJson = {}
        for name, letter in _LETTERS.items():
            value = getattr(self, name)
            if value not in ("", (), {}, 0, False):
                written[letter] = _plain(value)
        return written


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value.value if isinstance(value, MenuChannel) else value


_LETTERS: Final = {
    "version": "v", "channel": "c", "entry": "e", "screen": "s", "language": "l", "trail": "t",
    "page": "p", "wrong": "w", "silent": "i", "quiet": "q", "steps": "n", "fields": "f",
    "kept": "k", "command_at": "d", "running": "r", "words": "a", "offer": "o",
}  # fmt: skip


def from_json(written: Mapping[str, object]) -> Position | None:
    """The position, or None for something that is none: whoever wrote it, the dialogue is over."""
    found: dict[str, object] = {}
    for each in fields(Position):
        value = written.get(_LETTERS[each.name])
        if value is None:
            continue
        clean = _read(each.name, value)
        if clean is None:
            return None
        found[each.name] = clean
    if not {"version", "channel", "entry", "screen"} <= found.keys():
        return None
    return Position(**found)  # type: ignore[arg-type]  # each value has been looked at


def _read(name: str, value: object) -> object:
    match name:
        case "channel":
            return next((channel for channel in MenuChannel if channel == value), None)
        case "language":
            return value if value in LANGUAGES else None
        case "trail" | "kept":
            sound = isinstance(value, list) and all(isinstance(each, str) for each in value)
            return tuple(value) if sound and isinstance(value, list) else None
        case "page" | "wrong" | "silent" | "quiet" | "steps":
            return value if type(value) is int and value >= 0 else None
        case "running":
            return value if isinstance(value, bool) else None
        case "fields":
            return value if isinstance(value, dict) else None
        case _:
            return value if isinstance(value, str) else None
