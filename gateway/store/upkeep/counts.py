"""How many rows each table has: what a copy is compared by."""

from __future__ import annotations

from sqlalchemy import Connection, column, func, inspect, select, table

from gateway.store.migrate import version
from gateway.store.store import StoreProblem

Counts = dict[str, int]


def counts(connection: Connection) -> Counts:
    """Of every table that there is, ours or not."""
    names = sorted(inspect(connection).get_table_names())
    return {
        name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
        for name in names
    }


def schema(connection: Connection) -> str:
    """Raises StoreProblem for what is no store of ours."""
    found = version(connection)
    if found is None:
        raise StoreProblem("it is empty: there is nothing to back up")
    return found


def key_mark(connection: Connection) -> str:
    """What tells one hall's key from another's, and tells nothing of the key; empty: it was never
    used."""
    kept = table("meta", column("name"), column("value"))
    query = select(kept.c.value).where(kept.c.name == "key")
    return str(connection.execute(query).scalar() or "")


def differences(before: Counts, after: Counts) -> list[str]:
    """What a copy lacks or has too much, a line for each table."""
    return [
        f"{name}: {after.get(name, 0)} rows, and there were {before.get(name, 0)}"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]
