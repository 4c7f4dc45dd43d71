"""Where somebody stands in a book: a small value that can be written down as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from menus.model.wording import LANGUAGES, MenuChannel

MOST_WORDS: Final = 1200  # of a command's answer that is remembered for turning pages
MOST_ASKED: Final = 8000  # of a question or a list: all of it must be seen

PositionJson = dict[str, object]


_NO_FIELDS: Final[Mapping[str, str]] = MappingProxyType({})


class Position(NamedTuple):
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
    quiet: int = 0  # seconds since the last key, on all screens
    steps: int = 0
    fields: Mapping[str, str] = _NO_FIELDS
    kept: tuple[str, ...] = ()
    command_at: str = ""  # "screen" or "screen/option": the command that runs, or asked something
    running: bool = False  # its outcome is awaited
    words: str = ""  # what the last command answered, unless it was secret
    offer: str = ""  # the one that has been shown

    def as_json(self) -> PositionJson:
        """Only what differs from a fresh position, under one or two letters."""
        return {letter: value for letter, value in zip(_LETTERS, self, strict=True) if value}


_LETTERS: Final = "vcesltpwiqnfkdrao"  # of the fields, in their order
_CHANNELS: Final = {channel.value: channel for channel in MenuChannel}


def from_json(written: Mapping[str, object]) -> Position | None:
    """The position, or None for something that is none: whoever wrote it, the dialogue is over."""
    found: dict[str, object] = {}
    for name, letter in zip(Position._fields, _LETTERS, strict=True):
        if (value := written.get(letter)) is None:
            continue
        clean = _read(name, value)
        if clean is None:
            return None
        found[name] = clean
    if not {"version", "channel", "entry", "screen"} <= found.keys():
        return None
    return Position(**found)  # type: ignore[arg-type]  # each value has been looked at


def _read(name: str, value: object) -> object:
    match name:
        case "channel":
            return _CHANNELS.get(value) if isinstance(value, str) else None
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
