"""Rows of every table that tell of a number, and every place where a number can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    insert,
    select,
)

from gateway.model.message_id import floor_at
from gateway.security.encryption import Seal, WrongKey
from gateway.store.tables import metadata

NUMBERS = ("msisdn", "phone", "subject", "used_by")
"""Columns that are a number as an integer, in whichever table."""
TEXTS = {
    "outbox.destination": "1.1.86{}",
    "errands.destination": "0.1.{}",
    "fragments.source": "1.1.86{}",
    "receipts.speaks_of": "1.1.86{}",
    "dialogues.who": "sms:{}",
    "strikes.struck": "{}",
    "audit.subscriber": "{}",
    "audit.reason": "asked by {}",
    "menu_decisions.numbers": "13900000001,{}",
    "detailed_records.other": "{}",
}
"""Columns in which a number stands as text, and how."""
_COUNT = count(1)


def tables_that_tell() -> list[Table]:
    """Those that have a column for a number."""
    return [
        table for table in metadata.sorted_tables
        if any(_tells(table, column) for column in table.columns)
    ]  # fmt: skip


def _tells(table: Table, column: Column[Any]) -> bool:
    return column.name in NUMBERS or f"{table.name}.{column.name}" in TEXTS


def put_row(
    connection: Connection, seal: Seal, table: Table, number: str, at: int, **given: object
) -> None:
    """A row about the number from that moment, whose sealed columns all say it."""
    row = {
        column.name: _value(seal, table, column, number, at)
        for column in table.columns
        if not (column.primary_key and column.name == "id" and column.autoincrement is not False)
        or column.type.python_type is not int
    }
    connection.execute(insert(table), row | given)


def _value(seal: Seal, table: Table, column: Column[Any], number: str, at: int) -> object:
    place = f"{table.name}.{column.name}"
    if place in TEXTS:
        return TEXTS[place].format(number)
    if column.name in NUMBERS:
        return int(number)
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, SmallInteger):
        return 1
    if isinstance(column.type, BigInteger | Integer):
        return floor_at(at) + next(_COUNT) * 8 if column.name == "id" else at
    if column.name == "fingerprint":  # a keyed hash
        return b"mark"
    if isinstance(column.type, LargeBinary):
        words = f'{{"said": "{number}"}}'
        return seal.seal(words) if column.name.endswith("_sealed") else words.encode()
    return f"x{next(_COUNT)}"


def places(connection: Connection, seal: Seal, number: str) -> Iterator[tuple[str, str]]:
    """Table and column, wherever the number can be read with the hall's key."""
    whole = re.compile(f"(?<![0-9])(86)?{number}(?![0-9])")
    for table in metadata.sorted_tables:
        for row in connection.execute(select(table)).mappings():
            for name, value in row.items():
                if whole.search(_text(seal, value)):
                    yield table.name, str(name)


def _text(seal: Seal, value: object) -> str:
    if not isinstance(value, bytes | memoryview):
        return str(value)
    octets = bytes(value)
    try:
        return seal.open(octets)
    except (WrongKey, ValueError):
        return octets.decode("utf-8", "replace")


def rows_of(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, to be compared."""
    return {
        table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
        for table in metadata.sorted_tables
    }
