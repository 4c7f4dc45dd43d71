"""The customer classes of numbers, by the lists they are in: read with an account, or alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Text,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from commands.model.accounts import ListedClass
from gateway.store.engine import Among
from gateway.store.tables import list_entries, list_types, subscribers

_COMMA: Final[Any] = literal_column("','")
_COLON: Final = literal_column("':'", Text)
_NONE: Final = literal_column("0", BigInteger)

# one entry as CLASSES:UNTIL; no parameters, so that it can stand in a statement that has its own
_ENTRY: Final = list_types.c.classes + _COLON + cast(list_entries.c.until_at, Text)
_ENTRIES: Final = (
    select(func.aggregate_strings(_ENTRY, _COMMA))
    .select_from(list_entries.join(list_types, list_types.c.number == list_entries.c.type))
    .where(
        list_entries.c.ended_at == _NONE,
        list_types.c.closed_at == _NONE,
        list_types.c.classes != literal_column("''", Text),
    )
)
LISTED: Final[ColumnElement[str | None]] = (
    _ENTRIES.where(list_entries.c.msisdn == subscribers.c.msisdn)
    .correlate(subscribers)
    .scalar_subquery()
    .label("listed")
)
"""A column of `subscribers`: for `listed_classes`."""
_BY_NUMBER: Final = Among(
    select(list_entries.c.msisdn, list_types.c.classes, list_entries.c.until_at)
    .select_from(list_entries.join(list_types, list_types.c.number == list_entries.c.type))
    .where(list_entries.c.ended_at == _NONE, list_types.c.closed_at == _NONE),
    list_entries.c.msisdn,
)


def is_listed_as(classes: Sequence[str], now: int) -> ColumnElement[bool]:
    """A condition of `subscribers`: in a list of one of these classes, now."""
    named = literal_column("' '", Text) + list_types.c.classes + literal_column("' '", Text)
    entry, until = list_entries.c, list_entries.c.until_at
    return exists(
        select(entry.msisdn)
        .join(list_types, list_types.c.number == entry.type)
        .where(
            entry.msisdn == subscribers.c.msisdn,
            entry.ended_at == 0,
            list_types.c.closed_at == 0,
            (until == 0) | (until > now),
            or_(*[named.contains(f" {each} ") for each in classes]),
        )
    )


@lru_cache(maxsize=4_096)
def listed_classes(written: str) -> tuple[ListedClass, ...]:
    """What LISTED found: vip diamond:0,black:1798732800."""
    found = []
    for entry in written.split(","):
        names, _, until = entry.rpartition(":")
        found += [ListedClass(name, int(until)) for name in names.split()]
    return tuple(found)


def classes_of(
    connection: Connection, numbers: Sequence[str], now: int
) -> dict[str, frozenset[str]]:
    """Of many numbers at once, subscribers or not, by lists only; who is in none is left out."""
    found: dict[str, set[str]] = {}
    for number, classes, until in _BY_NUMBER.rows(connection, sorted({int(n) for n in numbers})):
        if classes and (not until or now < until):
            found.setdefault(str(number), set()).update(classes.split())
    return {number: frozenset(names) for number, names in found.items()}
