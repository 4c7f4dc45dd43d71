"""`hallgate phone`: it speaks to a simulated network and needs nothing of the gateway."""

from __future__ import annotations

from collections.abc import Sequence

from simulators import phone


def main(words: Sequence[str]) -> int:
    return phone.main(list(words), prog="hallgate phone")
