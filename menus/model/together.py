"""Whether conditions can hold together: is there anybody, at any time, who meets all of them?

Looked for is a witness. Whom and when conditions may ask for is little: some names, least grades,
hours, days and periods; so it is enough to try whoever has the most that is asked for, and the
moments at which something that is asked for begins.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import product
from typing import Final

from menus.model.conditions import Condition, MenuUser
from periods.period import DAY, NEVER, TimeSpan

DayKind = Callable[[date], tuple[int, bool]]
"""How menus see a day: its weekday, 1 to 7, and whether it is a holiday."""

_MOST_DAYS: Final = (
    400  # of a period that are looked at one by one; in a longer one all kinds occur
)
_MOST_LEVEL: Final = 3
_KINDS: Final = tuple(product(range(1, 8), (False, True)))


def plain_days(day: date) -> tuple[int, bool]:
    """Of a calendar without holidays."""
    return day.isoweekday(), False


def together(
    conditions: Collection[Condition],
    day_kind: DayKind = plain_days,
    regions: Collection[str] = (),
) -> bool:
    """`regions`: the names there are; without them any."""
    rules = [rule for rule in dict.fromkeys(conditions)]
    return (
        _a_language(rules)
        and any(all(rule.is_for(one) for rule in rules) for one in _people(rules, regions))
        and any(all(rule.is_open(at) for rule in rules) for at in _times(rules, day_kind))
    )


def _a_language(rules: Sequence[Condition]) -> bool:
    asked = [rule.languages for rule in rules if rule.languages]
    return not asked or bool(frozenset.intersection(*asked))


def _people(rules: Sequence[Condition], regions: Collection[str]) -> Iterator[MenuUser]:
    """Those who have most of what is asked for; and callers whose number is not ours."""
    groups = frozenset[str]().union(*(rule.groups for rule in rules))
    brands = frozenset[str]().union(*(rule.brands for rule in rules)) or {""}
    states = frozenset[str]().union(*(rule.states for rule in rules)) or {"normal"}
    named = frozenset[str]().union(*(rule.regions for rule in rules))
    places = [name for name in regions if not named or name.startswith(tuple(named))] or named
    campuses = {"", "?"}.union(*(rule.campuses for rule in rules))
    for brand, state, place, campus in product(brands, states, places or {""}, campuses):
        yield MenuUser(
            brand=brand, state=state, groups=groups, star=5, level=_MOST_LEVEL,
            region=place, campus=campus,
        )  # fmt: skip
    for level in (0, _MOST_LEVEL):
        yield MenuUser(mobile=False, level=level)


def _times(rules: Sequence[Condition], day_kind: DayKind) -> Iterator[MenuUser]:
    begins = max((rule.period.begins for rule in rules), default=0)
    ends = min((rule.period.ends for rule in rules), default=NEVER)
    period = TimeSpan(begins, ends)
    if period.is_empty:
        return
    minutes = {0, begins % DAY}.union(rule.hours[0] for rule in rules if rule.hours)
    for moment, (weekday, holiday) in _days(period, day_kind):
        for minute in minutes:
            at = moment + minute
            if period.holds(at):
                yield MenuUser(minute=minute, moment=at, weekday=weekday, holiday=holiday)


def _days(period: TimeSpan, day_kind: DayKind) -> Iterable[tuple[int, tuple[int, bool]]]:
    """The beginnings of days, and what kinds of days they are."""
    first = period.begins // DAY
    last = min(period.ends // DAY, first + _MOST_DAYS)
    if last - first == _MOST_DAYS or not period.begins:
        middle = first + 1 if period.begins else period.ends // DAY - 1
        return [(middle * DAY, kind) for kind in _KINDS]
    return [(day * DAY, day_kind(date.fromordinal(day))) for day in range(first, last + 1)]
