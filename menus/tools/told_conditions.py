"""A condition in a line: for whom, and when."""

from __future__ import annotations

from typing import Final

from menus.model.conditions import Condition

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def told_condition(rule: Condition) -> str:
    """MZ, star 3, from 2027-02-06 00:00; nothing for what always holds."""
    return ", ".join([*_whom(rule), *_when(rule)])


def _whom(rule: Condition) -> list[str]:
    names = (rule.brands, rule.states, rule.groups, rule.languages, rule.regions, rule.campuses)
    told = [name for some in names for name in sorted(some)]
    told += [f"star {rule.star}"] if rule.star else []
    told += [f"A{rule.level}"] if rule.level else []
    for what, asked in (("on a campus", rule.campus), ("number shown", rule.mobile)):
        told += [what if asked else f"not {what}"] if asked is not None else []
    return told


def _when(rule: Condition) -> list[str]:
    told = [_DAYS[day - 1] for day in sorted(rule.days)]
    told += ["-".join(map(_clock, rule.hours))] if rule.hours else []
    told += ["holiday" if rule.holiday else "no holiday"] if rule.holiday is not None else []
    period = str(rule.period)
    return [*told, period] if period else told


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
