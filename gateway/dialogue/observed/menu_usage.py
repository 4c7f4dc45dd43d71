"""How often each screen was seen and each option taken, counted in passing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from threading import Lock

from gateway.dialogue.menu_turn import MenuTurn
from gateway.model.menu_use import MenuUse
from gateway.model.messages import SubscriberInput
from menus.model.steps import ShowScreen
from menus.model.wording import MenuChannel


def used(channel: MenuChannel, turn: MenuTurn) -> Iterable[MenuUse]:
    """What one input came to."""
    for option in turn.trace.chosen:
        yield MenuUse(turn.trace.version, channel, option)
    if isinstance(turn.step, ShowScreen):
        yield MenuUse(turn.trace.version, channel, turn.step.screen)


def counted(walked: Iterable[tuple[SubscriberInput, MenuTurn]]) -> Counter[MenuUse]:
    """What a batch came to."""
    return Counter(
        one for message, turn in walked for one in used(MenuChannel(message.channel.value), turn)
    )


class MenuUsage:
    """Counts of all desks, until somebody takes them to the store. A kill loses the last second of
    them: they steer an order of options, and no message waits for them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[MenuUse] = Counter()

    def add(self, counts: Mapping[MenuUse, int]) -> None:
        with self._lock:
            self._counts.update(counts)

    def take(self) -> Counter[MenuUse]:
        with self._lock:
            taken, self._counts = self._counts, Counter()
        return taken


Totals = Mapping[str, Mapping[str, int]]  # screen or screen/option -> channel -> how often


def in_all(totals: Totals) -> dict[str, int]:
    return {what: sum(channels.values()) for what, channels in totals.items()}
