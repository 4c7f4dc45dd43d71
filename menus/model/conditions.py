"""For whom, and at what time, something in a menu is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from periods.period import ALWAYS as ANY_TIME
from periods.period import TimeSpan


@dataclass(frozen=True, slots=True)
class MenuUser:
    """Who is walking, as far as menus care. `minute` is of the day, `moment` the minute of the
    hall's wall clock (periods.period), `weekday` 1 is Monday; `level` is what has been proven (A0
    to A3), `facts` what texts may say, by language."""

    brand: str = ""
    state: str = "normal"
    groups: frozenset[str] = frozenset()  # customer classes: vip, red, black
    star: int = 0
    level: int = 0
    minute: int = 12 * 60
    moment: int = 0
    weekday: int = 1
    holiday: bool = False
    region: str = ""  # where the number belongs: 广东广州
    campus: str = ""  # whose number it is, if a campus has numbers of its own
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
    regions: frozenset[str] = frozenset()  # how names of regions begin: 广东
    campuses: frozenset[str] = frozenset()
    campus: bool | None = None  # the number is any campus's, or none's
    star: int = 0  # at least
    level: int = 0  # at least
    hours: tuple[int, int] | None = None  # minutes of the day, from and before; may pass midnight
    period: TimeSpan = ANY_TIME
    holiday: bool | None = None
    mobile: bool | None = None

    def holds(self, caller: MenuUser, language: str) -> bool:
        if self is ALWAYS:
            return True
        return (
            self.is_for(caller)
            and (not self.languages or language in self.languages)
            and self.is_open(caller)
        )

    @property
    def asks_time(self) -> bool:
        timed = self.days or self.hours or self.holiday is not None
        return bool(timed) or self.period is not ANY_TIME

    def is_for(self, caller: MenuUser) -> bool:
        """Whoever asks, at whatever time."""
        return (
            (not self.brands or caller.brand in self.brands)
            and (not self.states or caller.state in self.states)
            and (not self.groups or bool(caller.groups & self.groups))
            and (not self.regions or caller.region.startswith(tuple(self.regions)))
            and (not self.campuses or caller.campus in self.campuses)
            and (self.campus is None or bool(caller.campus) is self.campus)
            and caller.star >= self.star
            and caller.level >= self.level
            and (self.mobile is None or caller.mobile is self.mobile)
        )

    def is_open(self, caller: MenuUser) -> bool:
        """At this time, whoever asks."""
        return (
            (not self.days or caller.weekday in self.days)
            and (self.holiday is None or caller.holiday is self.holiday)
            and (self.period is ANY_TIME or self.period.holds(caller.moment))
            and self._hour(caller.minute)
        )

    def _hour(self, minute: int) -> bool:
        if self.hours is None:
            return True
        first, end = self.hours
        return first <= minute < end if first < end else minute >= first or minute < end


ALWAYS: Final = Condition()
