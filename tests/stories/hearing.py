"""What a recording says: the hall's own sounds found in it, sample by sample."""

from __future__ import annotations

from array import array
from functools import cache
from operator import eq
from pathlib import Path
from random import Random
from typing import NamedTuple

from gateway.prompts.telephone import RATE, a_law

SLICE = 240  # samples by which a sound is known, 30 ms of its loudest part


class Rustle:
    """Says every text as a rustle of its own, a fifth of a second long: made at once, and known
    again without a doubt."""

    def signature(self, language: str) -> str:
        return f"rustle {language}"

    def say(self, text: str, language: str, *, fragment: bool) -> bytes:
        return Random(text).randbytes(RATE // 5)


class _Known(NamedTuple):
    text: str
    place: int  # of the slice in the sound
    octets: bytes

    @property
    def slice(self) -> bytes:
        return self.octets[self.place : self.place + SLICE]

    def whole(self, heard: bytes, start: int) -> bool:
        """Not only the slice: voices repeat themselves. What a key has cut short does not count."""
        there = heard[max(0, start) : start + len(self.octets)]
        return start >= 0 and sum(map(eq, there, self.octets)) > 0.95 * len(self.octets)


@cache
def _decoded() -> dict[int, int]:
    """A-law octets as 16-bit samples: the middle of those that are coded so (G.711)."""
    found: dict[int, list[int]] = {}
    samples = array("h", range(-32768, 32768, 8))
    for sample, octet in zip(samples, a_law(samples), strict=True):
        found.setdefault(octet, []).append(sample)
    return {octet: round((min(many) + max(many) + 8) / 2) for octet, many in found.items()}


def samples_of(octets: bytes) -> array[int]:
    table = _decoded()
    return array("h", [table[octet] for octet in octets])


def known(folder: Path) -> list[_Known]:
    """Every sound of the folder, with the text that it says; of equal ones, one."""
    rows = (folder / "texts.tsv").read_text(encoding="utf-8").splitlines()
    sounds: dict[bytes, _Known] = {}
    for name, text in (row.split("\t") for row in rows):
        file = folder / f"{name}.alaw"
        octets = file.read_bytes() if file.is_file() else b""
        if text and len(octets) > SLICE:
            at = _loudest(samples_of(octets))
            sounds[octets] = _Known(text, at, octets)
    return list(sounds.values())


def _loudest(samples: array[int]) -> int:
    steps = range(0, len(samples) - SLICE, 80)
    return max(steps, key=lambda at: sum(map(abs, samples[at : at + SLICE])))


def transcript(recording: Path, folder: Path) -> list[str]:
    """The texts of the sounds in a recording of raw 16-bit samples, in their order."""
    samples = array("h", recording.read_bytes()[: recording.stat().st_size // 2 * 2])
    heard = a_law(samples)  # A-law decoded and coded again is what it was
    found = []
    for sound in known(folder):
        at = heard.find(sound.slice)
        while at >= 0:
            if sound.whole(heard, at - sound.place):
                found.append((at - sound.place, sound.text))
            at = heard.find(sound.slice, at + SLICE)
    return [text for _, text in sorted(found)]
