"""What `retention:` of conf/gateway.yaml may say."""

from __future__ import annotations

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from gateway.config.sections.setting_types import STRICT


class RetentionSettings(BaseModel):
    model_config = STRICT

    metadata_days: int = Field(default=400, ge=183)  # the regulation wants six months
    content_days: int = Field(default=30, ge=0)

    @field_validator("content_days")
    @classmethod
    def _no_longer(cls, days: int, known: ValidationInfo) -> int:
        if days > known.data.get("metadata_days", days):
            raise ValueError(
                "words are not kept longer than who sent them; write metadata_days or less"
            )
        return days
