"""What is said of any part of the messages alike: of a channel, a brand, a region, a command."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from gateway.figures import measures
from gateway.figures.measures import Measure
from gateway.model import figures
from gateway.model.figures import Group, Tally

Value = int | float | str | None
"""None: it cannot be had."""
_NO_REQUEST: Final = frozenset({"part", "again", "foreign", "empty"})
_NO_TURN: Final = frozenset({"gone", "unseen"})
DONE: Final = ("ok", "accepted")
ENDED_BADLY: Final = ("refused", "unknown", "limited", "misformed", "failed", "expired", "gone")


def share(part: int | None, whole: int | None) -> float | None:
    """In per cent."""
    return round(100 * part / whole, 2) if whole and part is not None else None


def mean(total_ms: int, times: int) -> float | None:
    """In seconds."""
    return round(total_ms / times / 1000, 1) if times else None


@dataclass(slots=True)
class Basics:
    messages: int = 0
    results: Counter[str] = field(default_factory=Counter)  # of requests
    typed: Counter[str] = field(default_factory=Counter)  # of those by SMS and USSD
    contacts: Counter[str] = field(default_factory=Counter)
    ratings: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    call_ms: Counter[str] = field(default_factory=Counter)

    def add(self, group: Group, times: int, amount: int) -> None:
        match group.figure:
            case figures.MESSAGE:
                self._message(group, times)
            case figures.CONTACT:
                self.contacts[group.detail] += times
            case figures.RATING:
                self.ratings[group.detail] += times
            case figures.CALL:
                self.calls[group.detail] += times
                self.call_ms[group.detail] += amount
            case _:
                pass

    def _message(self, group: Group, times: int) -> None:
        self.messages += times
        closing = group.what == "menu" and group.detail in _NO_TURN
        if group.what in _NO_REQUEST or closing:
            return
        self.results[group.detail] += times
        if group.channel != "voice" and group.what != "menu":
            self.typed[group.detail] += times

    @property
    def requests(self) -> int:
        return self.results.total()

    @property
    def completed(self) -> int:
        return sum(self.results[one] for one in DONE)

    def value(self, measure: Measure) -> Value:
        return _VALUES[measure](self)


def _completion(one: Basics) -> Value:
    done = sum(one.typed[result] for result in DONE)
    return share(done, done + sum(one.typed[result] for result in ENDED_BADLY))


def _of_calls(what: str) -> Callable[[Basics], Value]:
    return lambda one: share(one.calls[what], one.calls["wanted"])


def _rated(score: str) -> Callable[[Basics], Value]:
    return lambda one: share(one.ratings[score], one.ratings.total())


_VALUES: Final[dict[Measure, Callable[[Basics], Value]]] = {
    measures.MESSAGES: lambda one: one.messages,
    measures.REQUESTS: lambda one: one.requests,
    measures.COMPLETED: lambda one: one.completed,
    measures.REFUSED: lambda one: one.results["refused"],
    measures.UNCLEAR: lambda one: one.results["unknown"],
    measures.LIMITED: lambda one: one.results["limited"],
    measures.FAILED: lambda one: one.results["failed"],
    measures.COMPLETION: _completion,
    measures.CONTACTS: lambda one: one.contacts.total(),
    measures.SOLVED: lambda one: share(one.contacts["solved"], one.contacts.total()),
    measures.RATINGS: lambda one: one.ratings.total(),
    measures.PLEASED: _rated("10"),
    measures.FAIR: _rated("9"),
    measures.DISPLEASED: _rated("8"),
    measures.CALLS: lambda one: one.calls["ended"],
    measures.CALL_SECONDS: lambda one: mean(one.call_ms["ended"], one.calls["ended"]),
    measures.CALL_COMPLETION: lambda one: share(one.calls["self_service"], one.calls["ended"]),
    measures.WANTED: lambda one: one.calls["wanted"],
    measures.IN_15: _of_calls("in_15"),
    measures.ANSWERED: _of_calls("answered"),
    measures.ABANDONED: _of_calls("hung_up"),
    measures.LEFT: _of_calls("left_by_key"),
    measures.NOBODY: _of_calls("nobody_there"),
    measures.WAITING: lambda one: mean(one.call_ms["wanted"], one.calls["wanted"]),
    measures.WAITING_ANSWERED: lambda one: mean(one.call_ms["answered"], one.calls["answered"]),
}

OF_MESSAGES: Final = (
    measures.REQUESTS, measures.COMPLETED, measures.REFUSED, measures.UNCLEAR, measures.LIMITED,
    measures.FAILED, measures.COMPLETION,
)  # fmt: skip
OF_RATINGS: Final = (
    measures.RATINGS, measures.PLEASED, measures.FAIR, measures.DISPLEASED,
)  # fmt: skip
OF_CALLS: Final = (
    measures.CALLS, measures.CALL_SECONDS, measures.CALL_COMPLETION, measures.WANTED,
    measures.IN_15, measures.ANSWERED, measures.ABANDONED, measures.LEFT, measures.NOBODY,
    measures.WAITING, measures.WAITING_ANSWERED,
)  # fmt: skip
OF_CONTACTS: Final = (measures.CONTACTS, measures.SOLVED)


def parts(tally: Tally, key: Callable[[Group], str]) -> dict[str, Basics]:
    """The counts apart by a key; sorted by it."""
    found: defaultdict[str, Basics] = defaultdict(Basics)
    for group, times in tally.times.items():
        if group.figure in (figures.MESSAGE, figures.CONTACT, figures.RATING, figures.CALL):
            found[key(group)].add(group, times, tally.amounts[group])
    return dict(sorted(found.items()))
