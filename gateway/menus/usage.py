"""How often each screen was seen and each option taken, counted in passing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Final, NamedTuple

from gateway.mail import Arrived
from gateway.menus.guide import Guided
from menus.steps import Show
from menus.wording import Channel

RECENT: Final = 28  # days that an order of options looks back


class Used(NamedTuple):
    """`what` is a screen, or screen/option."""

    version: str
    channel: Channel
    what: str


def used(channel: Channel, guided: Guided) -> Iterable[Used]:
    """What one input came to."""
    for option in guided.chosen:
        yield Used(guided.version, channel, option)
    if isinstance(guided.step, Show):
        yield Used(guided.version, channel, guided.step.screen)


def counted(walked: Iterable[tuple[Arrived, Guided]]) -> Counter[Used]:
    """What a batch came to."""
    return Counter(
        one for message, guided in walked for one in used(Channel(message.channel.value), guided)
    )


class Usage:
    """Counts of all desks, until somebody takes them to the store. A kill loses the last second of
    them: they steer an order of options, and no message waits for them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[Used] = Counter()

    def add(self, counts: Mapping[Used, int]) -> None:
        with self._lock:
            self._counts.update(counts)

    def take(self) -> Counter[Used]:
        with self._lock:
            taken, self._counts = self._counts, Counter()
        return taken


Totals = Mapping[str, Mapping[str, int]]  # screen or screen/option -> channel -> how often


def in_all(totals: Totals) -> dict[str, int]:
    return {what: sum(channels.values()) for what, channels in totals.items()}
