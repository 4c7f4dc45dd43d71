"""What a recording says: the hall's own sounds found in it, octet by octet."""

from __future__ import annotations

from array import array
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from gateway.tts.telephone_audio import RATE, a_law

_PLACES: Final = (200, 700, 1200)  # in a sound, at which it is known: a line may lose a frame
_SLICE: Final = 160  # octets by which it is known there


class BackgroundNoise:
    """Says every text as a rustle of its own, a fifth of a second long unless told otherwise: made
    at once, and known again without a doubt."""

    def __init__(self, octets: int = RATE // 5) -> None:
        self._octets = octets

    def signature(self, text: str, language: str) -> str:
        return f"rustle {language} {self._octets}"

    def say(self, text: str, language: str, *, fragment: bool) -> bytes:
        return Random(text).randbytes(self._octets)


class _Known(NamedTuple):
    text: str
    octets: bytes

    def starts(self, heard: bytes) -> set[int]:
        """Where it is heard."""
        found: set[int] = set()
        for place in _PLACES:
            piece, at = self.octets[place : place + _SLICE], -1
            while (at := heard.find(piece, at + 1)) >= 0:
                if all(abs(at - place - other) > _SLICE * 3 for other in found):
                    found.add(at - place)
        return found


def known(folder: Path) -> list[_Known]:
    """Every sound of the folder, with the text that it says; of equal ones, one."""
    rows = (folder / "texts.tsv").read_text(encoding="utf-8").splitlines()
    sounds: dict[bytes, _Known] = {}
    for name, text in (row.split("\t") for row in rows):
        file = folder / f"{name}.alaw"
        if text and file.is_file():  # some are only wished for
            octets = file.read_bytes()
            sounds[octets] = _Known(text, octets)
    return list(sounds.values())


def transcript(recording: Path, folder: Path) -> list[str]:
    """The texts of the sounds in a recording of raw 16-bit samples, in their order."""
    samples = array("h", recording.read_bytes()[: recording.stat().st_size // 2 * 2])
    heard = a_law(samples)  # A-law decoded and coded again is what it was
    found = [(start, sound.text) for sound in known(folder) for start in sound.starts(heard)]
    return [text for _, text in sorted(found)]


def said_in(heard: bytes, folder: Path) -> str:
    """The texts of the sounds that are whole in A-law octets, in their order: of one that was cut
    short, or that lost an octet, nothing."""
    found: list[tuple[int, str]] = []
    for sound in known(folder):
        at = heard.find(sound.octets)
        while at >= 0:
            found.append((at, sound.text))
            at = heard.find(sound.octets, at + 1)
    return "".join(text for _, text in sorted(found))
