"""Whether the hall itself dials who asked for a call back, and how often it tries."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from commands.model.daily_hours import daily_hours
from gateway.config.sections.setting_types import STRICT


def _hours(written: str) -> str:
    hours = daily_hours(written)
    if hours.closes <= hours.opens:
        raise ValueError("nobody is called at night; write hours of one day like 8:00-21:00")
    return written


class CallBackSettings(BaseModel):
    model_config = STRICT

    dial: bool = False  # off: people call back by hand
    hours: Annotated[str, AfterValidator(_hours)] = "8:00-21:00"
    at_once: int = Field(default=3, ge=1, le=100)  # not more than people answer
    tries: int = Field(default=3, ge=1, le=10)
    retry: int = Field(default=900, ge=60, le=86_400)  # seconds until the next try
    rings: int = Field(default=40, ge=10, le=120)  # seconds
    dialplan: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,60}$")] = "hallgate-dial"
