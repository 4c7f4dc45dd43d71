"""The sounds that come with Hallgate: what its menus and replies say, spoken by the neural voice
when the release was made. A hall has its voice without installing it.

`made_sounds.zip` has a member for each sound, named after the text that it says: of a text that has
changed since, there is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from gateway.tts.synthesis import CannotSpeak

ARCHIVE: Final = Path(__file__).parent / "made_sounds.zip"
_SOME_DAY: Final = (2026, 1, 1, 0, 0, 0)  # equal sounds make an equal archive


def member(text: str, language: str) -> str:
    """The name of a sound in the archive."""
    return f"{language}/{blake2b(text.encode(), digest_size=8).hexdigest()}.alaw"


class MadeSounds:
    """Says what is in the archive. Threads may read at the same time."""

    def __init__(self, archive: Path = ARCHIVE) -> None:
        self._archive = archive
        self._reading = Lock()

    def has(self, text: str, language: str) -> bool:
        return member(text, language) in self._members

    def signature(self, text: str, language: str) -> str:
        """The archive's comment: who spoke them."""
        return self._open.comment.decode()

    def say(self, text: str, language: str, *, fragment: bool) -> bytes:
        name = member(text, language)
        if name not in self._members:
            raise CannotSpeak(f"{self._archive.name} has no sound for “{text}”")
        with self._reading:
            return self._open.read(name)

    @cached_property
    def _open(self) -> ZipFile:
        return ZipFile(self._archive)

    @cached_property
    def _members(self) -> frozenset[str]:
        return frozenset(self._open.namelist()) if self._archive.exists() else frozenset()


def pack(archive: Path, sounds: Iterable[tuple[str, bytes]], speaker: str) -> None:
    """Write an archive of members and their octets; the old one stays until it is whole."""
    fresh = archive.with_suffix(".fresh")
    with ZipFile(fresh, "w", ZIP_DEFLATED, compresslevel=9) as stream:
        stream.comment = speaker.encode()
        for name, octets in sorted(sounds):
            about = ZipInfo(name, _SOME_DAY)
            about.compress_type = ZIP_DEFLATED
            stream.writestr(about, octets)
    fresh.replace(archive)
