"""What `store:` and `sessions:` of conf/gateway.yaml may say."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, field_validator

from gateway.config.sections.setting_types import STRICT

_DATABASE: Final = re.compile("/?[0-9]*")


class StoreSettings(BaseModel):
    model_config = STRICT

    url: str = "sqlite:///var/hall.db"
    desks: int = Field(
        default=3, ge=1, le=32
    )  # threads that serve batches on PostgreSQL; SQLite has one

    @field_validator("url")
    @classmethod
    def _known(cls, url: str) -> str:
        postgresql = url.startswith("postgresql+psycopg://") and urlsplit(url).path.strip("/")
        if not (url.startswith("sqlite:///") or postgresql):
            raise ValueError(
                "write sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE"
            )
        return url


class SessionSettings(BaseModel):
    model_config = STRICT

    url: str = "store"

    @field_validator("url")
    @classmethod
    def _known(cls, url: str) -> str:
        redis = url.startswith(("redis://", "rediss://", "unix://"))
        try:
            parts = urlsplit(url)
            _ = parts.port  # a number up to 65535
            redis = redis and (
                parts.scheme == "unix" or _DATABASE.fullmatch(parts.path) is not None
            )
        except ValueError:
            redis = False
        if url != "store" and not redis:
            raise ValueError("write store or redis://HOST:PORT/0")
        return url
