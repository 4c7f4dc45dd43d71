"""Calls back that the hall dials itself."""

from __future__ import annotations

from sqlalchemy import Table

from gateway.store.tables.columns import key, metadata, number, words

call_backs = Table(
    "call_backs",
    metadata,
    key("ticket"),
    number("tries"),
    number("retry_at"),  # also while it rings: should nobody tell how it ended
    words("outcome", ""),  # of the last try
)
