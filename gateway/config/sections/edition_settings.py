"""What `editions:` of conf/gateway.yaml may say."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, Field, field_validator

from gateway.config.sections.setting_types import STRICT

ALONE: Final = 2.0
SHORTEST: Final = 300  # seconds: a walk has three minutes before it is judged


class EditionSettings(BaseModel):
    """When an edition is taken back by itself. Each limit is in percent, above what the numbers
    that have the edition in force show in the same minutes; 100 never is. Of one that was published
    for everybody it is `ALONE` times as much, above what the one before showed in its last hour."""

    model_config = STRICT

    at_least: int = Field(default=100, ge=10, le=1_000_000)  # messages, walks, before it is judged
    failures: float = Field(default=1.0, gt=0, le=100)  # of messages: could not be served
    dropouts: float = Field(default=10.0, gt=0, le=100)  # of walks and texts: led to nothing
    complaints: float = Field(default=0.5, gt=0, le=100)  # of messages: a ticket of a complaint
    watched: int = Field(default=1_800, ge=0, le=86_400)  # seconds after a publish; 0: not at all

    @field_validator("watched")
    @classmethod
    def _long_enough(cls, watched: int) -> int:
        if 0 < watched < SHORTEST:
            raise ValueError(
                f"walks through menus would never be judged; write {SHORTEST} or more, or 0"
            )
        return watched

    def alone(self) -> EditionSettings:
        """For what has nothing beside it: another hour may be another hour for other reasons."""
        limits = {
            name: min(100.0, ALONE * getattr(self, name))
            for name in ("failures", "dropouts", "complaints")
        }
        return self.model_copy(update=limits)
