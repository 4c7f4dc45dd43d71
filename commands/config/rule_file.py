"""Rules with several numbers in them, as conf/commands.yaml may write them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from commands.config.interface_file import HoursOfDay
from commands.model.daily_hours import DailyHours
from commands.model.settings import PortingRules, RatingRules, SprayLimits
from tariffs.rows import StrictRow

_LONGEST = 3650 * 86400  # seconds
_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}


def seconds(duration: object) -> int:
    """A duration as a person writes it: 30 s, 10 min, 24 h, 2 d."""
    shape = r"([0-9]{1,6}) ?(s|min|h|d)"
    found = re.fullmatch(shape, duration) if isinstance(duration, str) else None
    if found is None:
        raise ValueError("a duration is written like 30 s, 10 min, 24 h or 2 d")
    length = int(found[1]) * _UNITS[found[2]]
    if not 0 < length <= _LONGEST:
        raise ValueError("a duration is more than nothing and at most 3650 d")
    return length


Duration = Annotated[int, BeforeValidator(seconds)]
PositiveCount = Annotated[int, Field(ge=1)]


class SprayRow(StrictRow):
    window: Duration = 24 * 3600
    numbers_per_password: PositiveCount = 20
    numbers_per_phone: PositiveCount = 5
    passwords_per_phone: PositiveCount = 6
    numbers_per_door: PositiveCount = 30
    passwords_per_door: PositiveCount = 60
    rest: Duration = 10 * 60
    rest_at_most: Duration = 24 * 3600
    remembered: Duration = 7 * 24 * 3600

    def limits(self) -> SprayLimits:
        return SprayLimits(**self.model_dump())


class RatingRow(StrictRow):
    after: Duration = 30 * 60
    every: Duration = 24 * 3600
    answer: Duration = 3 * 24 * 3600
    hours: HoursOfDay = DailyHours(8 * 60, 21 * 60)
    operations: list[str] = Field(default_factory=list)

    def rules(self) -> RatingRules:
        kinds = frozenset(self.operations)
        return RatingRules(self.after, self.every, self.answer, self.hours, kinds)


class PortingRow(StrictRow):
    in_network: Duration = 90 * 24 * 3600
    since_port: Duration = 120 * 24 * 3600
    code_lasts: Duration = 60 * 60

    def rules(self) -> PortingRules:
        return PortingRules(**self.model_dump())
