"""What all tables are made of.

Money is int fen; `*_at` and `*_until` are seconds since 1970 unless named `_ms`.
Columns named `*_sealed` are encrypted, `*_mark` keyed hashes (gateway/security/encryption.py). No
other column holds a secret or the words of a message.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, Text, text

metadata = MetaData()


def number(name: str, **options: object) -> Column[int]:
    return Column(name, BigInteger, nullable=False, **options)  # type: ignore[arg-type]


def words(name: str, default: str | None = None) -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


def flag(name: str, default: str = "0") -> Column[bool]:
    value = text("false") if default == "0" else text("true")
    return Column(name, Boolean, nullable=False, server_default=value)


def key(name: str) -> Column[int]:
    return Column(
        name, BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
