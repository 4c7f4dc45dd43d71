"""What lies around a book: the commands it may run, the facts its texts may name, how long both can
be. Whoever lints a book brings it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from menus.model.book import CommandEnding
from menus.model.conditions import Condition
from menus.model.together import DayKind, plain_days, together
from menus.model.wording import EVERYWHERE, MenuChannel

LongestWords = Mapping[
    tuple[MenuChannel, str], tuple[str, ...]
]  # by channel and language, the longest ones


@dataclass(frozen=True, slots=True)
class MenuCommand:
    """An action or a code. `args` are the parameters it takes, `needs` the sets of them that are
    enough to run it, `endings` those it can have; `says` are its longest answers by ending."""

    channels: frozenset[MenuChannel] = EVERYWHERE
    args: frozenset[str] = frozenset()
    needs: frozenset[frozenset[str]] = frozenset({frozenset()})
    endings: frozenset[CommandEnding] = frozenset(CommandEnding)
    says: Mapping[CommandEnding, LongestWords] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BookSurroundings:
    commands: Mapping[str, MenuCommand]
    facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # language -> longest
    # the longest of those that turn a text of GSM-7 into one of UCS-2, with half the room
    wide: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)  # what an argument can be
    brands: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    campuses: frozenset[str] = frozenset()
    day_kind: DayKind = plain_days  # the hall's calendar
    codes: frozenset[str] = frozenset()  # what can be sent
    numbers: frozenset[str] = frozenset()  # service numbers beside the hall's own
    # what a service or plan costs, in fen, and its code, by that, its names and what orders it
    fees: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    coming: Mapping[str, frozenset[int]] = field(default_factory=dict)  # and will cost, in fen
    # at the end of every short message, by language
    signatures: Mapping[str, str] = field(default_factory=dict)

    def signed(self, text: str, language: str) -> str:
        return text + self.signatures.get(language, "")

    def together(self, *conditions: Condition) -> bool:
        """Whether they can ever hold at once."""
        return together(conditions, self.day_kind, self.regions)

    def fact_names(self) -> set[str]:
        return {name for facts in self.facts.values() for name in facts}
