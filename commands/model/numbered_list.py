"""Numbers of the rows of a list, as they are typed to choose one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Final

from commands.model.request import Channel

TURNING: Final = 9
"""Turns a page of USSD, and says a call's screen again: no row has this number there."""


def row_numbers(channel: Channel, first: int = 1) -> Iterator[int]:
    """The numbers of a list's rows, in order."""
    return (n for n in count(first) if n != TURNING or channel is Channel.SMS)


def numbered_rows(
    rows: Iterable[tuple[Mapping[str, object], str]], channel: Channel
) -> tuple[list[dict[str, object]], tuple[str, ...]]:
    """The facts of each row with its `number`, and what each number stands for."""
    found = list(zip(row_numbers(channel), rows, strict=False))
    lines = [{**facts, "number": number} for number, (facts, _) in found]
    return lines, numbered_meanings({number: item for number, (_, item) in found})


def numbered_meanings(items: Mapping[int, str]) -> tuple[str, ...]:
    """What each number from 1 on stands for; numbers that no row has stand for nothing."""
    return tuple(items.get(number, "") for number in range(1, max(items, default=0) + 1))
