"""PDUs made elsewhere, from tests/golden/smpp/pdus.txt."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

_FILE = Path(__file__).parents[1] / "golden" / "smpp" / "pdus.txt"


class Vector(NamedTuple):
    name: str
    sequence: int
    status: int
    octets: bytes


def golden_pdus() -> list[Vector]:
    lines = (line.split() for line in _FILE.read_text().splitlines() if not line.startswith("#"))
    return [Vector(n, int(seq), int(status), bytes.fromhex(h)) for n, seq, status, h in lines]
