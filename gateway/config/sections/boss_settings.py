"""What `boss:` of conf/gateway.yaml may say: the operator's own system, which makes what is ordered
here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, SecretStr

from gateway.config.sections.setting_types import STRICT, web_address


class BossSettings(BaseModel):
    model_config = STRICT

    url: Annotated[str, AfterValidator(web_address)]
    token: SecretStr | None = None  # sent as Authorization: Bearer
    ca: Path | None = None  # for https; default: the machine's own list of authorities
    timeout: float = Field(default=5.0, gt=0)  # seconds for one call
    retries: int = Field(default=2, ge=0, le=10)  # of a call that was not answered
    at_once: int = Field(default=4, ge=1, le=64)  # errands that are run together
    failures: int = Field(default=5, ge=1)  # in a row, after which it is left alone
    rest: float = Field(default=30.0, gt=0)  # seconds for which
    give_up: int = Field(default=24 * 3600, ge=60)  # seconds; then what was never begun is dropped
