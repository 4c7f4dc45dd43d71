"""Whether callers hear what is played to them, as far as anybody can tell.

    look: Asterisk's user may not read a sound ─┐
    a question was over sooner than its sounds ─┴▶ doubt ─ the next caller's words, played so that
    Asterisk tells how it went ─▶ heard: all is well   or   not heard: a person, a tone; not ready

Asterisk plays nothing where a sound is missing or cannot be read, and says so to its own log only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from gateway.ops.file_access import MachineUser
from gateway.ops.log import Log

SHARE: Final = 0.5
"""Of the seconds that sounds take: who has heard less of them has heard nothing."""
LEAST: Final = 1.0  # seconds of sound below which nobody can tell
_A_SECOND: Final = 8_000  # octets of A-law


def seconds_of(paths: Iterable[str]) -> float:
    """How long these sounds are, as far as they are ours: recordings may be of any format."""
    files = (Path(f"{path}.alaw") for path in paths)
    return sum(file.stat().st_size for file in files if file.exists()) / _A_SECOND


def first_unreadable(folder: Path, user: MachineUser) -> Path | None:
    """A sound, or a folder of sounds, that this user may not read: each language has its own."""
    languages = sorted(each for each in folder.glob("*") if each.is_dir())
    return next(filter(None, map(user.first_unreadable, languages)), None)


class SoundDoubts:
    """Of all Asterisks, by their names. In the reactor's thread."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._doubted: dict[str, str] = {}  # why
        self._unheard: dict[str, str] = {}
        self._found: Mapping[str, str] = {}
        self.missing = 0
        """Prompts that have no sound, where none is made when it is wanted."""

    def about(self, exchange: str) -> bool:
        return exchange in self._doubted or exchange in self._unheard

    def found(self, unreadable: Mapping[str, str]) -> None:
        """What a look at the files has found, by Asterisk; what was found before and proved wrong
        since is not doubted again."""
        for exchange, why in unreadable.items():
            if self._found.get(exchange) != why:
                self.doubt(exchange, why)
        for exchange in self._found.keys() - unreadable.keys():
            self._doubted.pop(exchange, None)
        self._found = unreadable

    def doubt(self, exchange: str, why: str) -> None:
        if exchange not in self._doubted:
            self._log.event("sounds doubted", pbx=exchange, why=why)
        self._doubted[exchange] = why

    def heard(self, exchange: str) -> None:
        """Asterisk has played them."""
        self._doubted.pop(exchange, None)
        if self._unheard.pop(exchange, None) is not None:
            self._log.event("sounds heard again", pbx=exchange)

    def unheard(self, exchange: str) -> None:
        """Asterisk has said that it cannot."""
        why = self._doubted.get(exchange) or "it cannot play the sounds"
        if exchange not in self._unheard:
            self._log.event("sounds not heard", pbx=exchange, why=why)
        self._unheard[exchange] = why

    def reasons(self) -> list[str]:
        """Why callers may hear nothing, or not all."""
        found = [
            f"callers of Asterisk {exchange} hear nothing: {why}"
            for exchange, why in (self._doubted | self._unheard).items()
        ]
        if self.missing:
            found.append(
                f"{self.missing} prompts have no sound, and nothing makes them here:"
                " hallgate prompts build"
            )
        return found
