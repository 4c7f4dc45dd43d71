"""Keys given out anew, so that some options come before others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from menus.model.conditions import Condition
from menus.model.options import Option

_MOVES: Final = frozenset("12345678")  # 9, 0, * and # have a meaning of their own


@dataclass(frozen=True, slots=True)
class OptionOrder:
    """For whom a screen's options stand in another order, and which come first: their names."""

    when: Condition
    first: tuple[str, ...]

    def of(self, options: tuple[Option, ...]) -> tuple[Option, ...]:
        """Those options with their keys in this order."""
        rank = {name: at for at, name in enumerate(self.first)}
        last = len(rank)
        return reordered(options, lambda some: min(rank.get(one.name, last) for one in some))


def reordered(
    options: tuple[Option, ...], rank: Callable[[list[Option]], int]
) -> tuple[Option, ...]:
    """The least rank first. Options that share a key, each for its own channel or caller, move
    together; one that is pinned holds them all."""
    by_key: dict[str, list[Option]] = {}
    for option in options:
        by_key.setdefault(option.key, []).append(option)
    loose = [
        key
        for key, some in by_key.items()
        if key in _MOVES and not any(option.pinned for option in some)
    ]
    wanted = sorted(loose, key=lambda key: rank(by_key[key]))
    given = dict(zip(wanted, sorted(loose), strict=True))
    moved = [replace(o, key=given.get(o.key, o.key)) for o in options]
    places = {key: at for at, key in enumerate(sorted(given.values()))}
    loosely = iter(sorted((o for o in moved if o.key in places), key=lambda o: places[o.key]))
    return tuple(next(loosely) if o.key in places else o for o in moved)
