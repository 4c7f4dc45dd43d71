"""What an older program would stumble over in a newer schema."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Engine, inspect


class ColumnThere(NamedTuple):
    type: str
    may_be_empty: bool  # by itself, or by a default
    nullable: bool


class TableThere(NamedTuple):
    columns: dict[str, ColumnThere]
    rules: frozenset[str]  # what a row must keep to: unique keys, checks, other tables


def schema(engine: Engine) -> dict[str, TableThere]:
    """As the database has it."""
    found = inspect(engine)
    return {name: _table(engine, name) for name in found.get_table_names()}


def _table(engine: Engine, name: str) -> TableThere:
    found = inspect(engine)
    columns = {
        column["name"]: ColumnThere(
            str(column["type"]),
            column["nullable"] or column["default"] is not None,
            column["nullable"],
        )
        for column in found.get_columns(name)
    }
    rules = {str(found.get_pk_constraint(name)["constrained_columns"])}
    rules |= {f"unique {i['column_names']}" for i in found.get_indexes(name) if i["unique"]}
    rules |= {f"unique {u['column_names']}" for u in found.get_unique_constraints(name)}
    rules |= {f"check {check['sqltext']}" for check in found.get_check_constraints(name)}
    rules |= {f"key {key['constrained_columns']}" for key in found.get_foreign_keys(name)}
    return TableThere(columns, frozenset(rules))


def stumbling_blocks(before: dict[str, TableThere], after: dict[str, TableThere]) -> list[str]:
    """In words; none if only something was added that who does not know it need not know."""
    found = [f"{name} is gone" for name in before.keys() - after.keys()]
    for name in sorted(before.keys() & after.keys()):
        old, new = before[name], after[name]
        found += [f"{name}.{column} is gone" for column in old.columns.keys() - new.columns.keys()]
        for column in sorted(new.columns):
            found += _of_column(f"{name}.{column}", old.columns.get(column), new.columns[column])
        found += [f"{name}: {rule} is new" for rule in sorted(new.rules - old.rules)]
    return found


def _of_column(name: str, old: ColumnThere | None, new: ColumnThere) -> list[str]:
    if old is None:
        return [] if new.may_be_empty else [f"{name} is new and must be given"]
    changed = [f"{name} was {old.type} and is {new.type}"] if old.type != new.type else []
    if old.nullable and not new.nullable:
        changed.append(f"{name} may not be null any more")
    return changed
