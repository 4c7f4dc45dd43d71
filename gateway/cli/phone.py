"""`hallgate phone`: it speaks to a simulated network and needs nothing of the gateway."""

from __future__ import annotations

from collections.abc import Sequence

from simulators.phone import terminal


def main(words: Sequence[str]) -> int:
    return terminal.main(list(words), prog="hallgate phone")
