"""For whom, and at what time, something in a menu is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class MenuUser:
    """Who is walking, as far as menus care. `minute` is of the day, `weekday` 1 is Monday; `level`
    is what has been proven (A0 to A3), `facts` what texts may say, by language."""

    brand: str = ""
    state: str = "normal"
    groups: frozenset[str] = frozenset()  # customer classes: vip, red, black
    star: int = 0
    level: int = 0
    minute: int = 12 * 60
    weekday: int = 1
    holiday: bool = False
    offers: bool = False  # may be shown an offer now
    mobile: bool = True  # short messages reach the phone; from a call that shows no number none do
    facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def known(self, language: str) -> Mapping[str, str]:
        return self.facts.get(language, {})


ANYONE: Final = MenuUser()


@dataclass(frozen=True, slots=True)
class Condition:
    """All that is set must hold. An empty set asks nothing."""

    brands: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    days: frozenset[int] = frozenset()
    star: int = 0  # at least
    level: int = 0  # at least
    hours: tuple[int, int] | None = None  # minutes of the day, from and before; may pass midnight
    holiday: bool | None = None
    mobile: bool | None = None

    def holds(self, caller: MenuUser, language: str) -> bool:
        if self is ALWAYS:
            return True
        return (
            (not self.brands or caller.brand in self.brands)
            and (not self.states or caller.state in self.states)
            and (not self.groups or bool(caller.groups & self.groups))
            and (not self.languages or language in self.languages)
            and (not self.days or caller.weekday in self.days)
            and caller.star >= self.star
            and caller.level >= self.level
            and (self.holiday is None or caller.holiday is self.holiday)
            and (self.mobile is None or caller.mobile is self.mobile)
            and self._open(caller.minute)
        )

    def _open(self, minute: int) -> bool:
        if self.hours is None:
            return True
        first, end = self.hours
        return first <= minute < end if first < end else minute >= first or minute < end

    def excludes(self, other: Condition) -> bool:
        """True if the two can never hold together, as far as that is plain to see."""
        pairs = (
            (self.brands, other.brands),
            (self.states, other.states),
            (self.languages, other.languages),
        )
        if any(one and two and not one & two for one, two in pairs):
            return True
        if self.days and other.days and not self.days & other.days:
            return True
        if {self.holiday, other.holiday} == {True, False}:
            return True
        if {self.mobile, other.mobile} == {True, False}:
            return True
        return self.hours is not None and other.hours == (self.hours[1], self.hours[0])


ALWAYS: Final = Condition()
