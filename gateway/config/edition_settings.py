"""What `editions:` of conf/gateway.yaml may say."""

from __future__ import annotations

from pydantic import BaseModel, Field

from gateway.config.setting_types import STRICT


class EditionSettings(BaseModel):
    """When an edition that is tried out is taken back by itself. Each limit is in percent, above
    what the numbers that have the edition in force show in the same minutes; 100 never is."""

    model_config = STRICT

    at_least: int = Field(default=100, ge=10, le=1_000_000)  # messages, walks, before it is judged
    failures: float = Field(default=1.0, gt=0, le=100)  # of messages: could not be served
    dropouts: float = Field(default=10.0, gt=0, le=100)  # of walks and texts: led to nothing
    complaints: float = Field(default=0.5, gt=0, le=100)  # of messages: a ticket of a complaint
