"""What `unasked:` of conf/gateway.yaml may say."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, Field

from gateway.config.sections.setting_types import STRICT
from gateway.model.unasked import PoliteHours

_SPAN: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


def _minutes(written: str) -> tuple[int, int]:
    """Of the day, from and until."""
    if (found := _SPAN.fullmatch(written)) is None:
        raise ValueError("write two times of the day, like 09:00-20:00")
    hours = [int(part) for part in found.groups()]
    return hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]


def _span(written: str) -> str:
    begins, ends = _minutes(written)
    if begins >= ends or ends > 24 * 60:
        raise ValueError("the first time must be before the second, on one day: 09:00-20:00")
    return written


class UnaskedSettings(BaseModel):
    """Reminders and notices."""

    model_config = STRICT

    hours: Annotated[str, AfterValidator(_span)] = "09:00-20:00"  # what is not urgent is said then
    per_second: int = Field(default=50, ge=1, le=1_000)  # the most, for each gateway
    # who is sent advertising: opt_in, who asked for it (KQYX); opt_out, who did not refuse (JSYX)
    advertising: Literal["opt_in", "opt_out"] = "opt_in"
    part_fen: int = Field(default=5, ge=0)  # what one part of a short message costs the operator
    effect_hours: int = Field(default=72, ge=1, le=720)  # what counts as an effect of a notice

    @property
    def effect(self) -> int:
        """`effect_hours`, in seconds."""
        return self.effect_hours * 3600

    def polite(self, zone: str) -> PoliteHours:
        return PoliteHours(*_minutes(self.hours), ZoneInfo(zone))
