"""Opening the store: SQLite beside the program, or PostgreSQL by its URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Engine,
    Select,
    Table,
    Update,
    any_,
    bindparam,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

from gateway.store.connection import SERVING, is_standby
from gateway.store.sqlite import open_sqlite

_FEW: Final = 64  # keys: as many as the desk has at once are a statement of their own
READING = "hallgate_reading"  # the execution option of a connection that writes nothing


def open_engine(url: str, threads: int = 1, patience: float = SERVING) -> Engine:
    """An engine whose transactions are safe once committed: WAL and synchronous=FULL on SQLite. Its
    errors do not tell what a statement was about: they end in logs. `patience`: seconds for which a
    server may say nothing."""
    if not url.startswith("sqlite"):
        from gateway.store.postgresql import open_postgresql  # noqa: PLC0415  # see there

        return open_postgresql(url, threads, patience)
    engine = open_sqlite(url)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_sqlite(connection: Connection) -> None:
    """Two that read and then write would lose an update: the first to come takes the lock. Who only
    reads waits for nobody."""
    reads = connection.get_execution_options().get(READING)
    _driven(connection, "BEGIN" if reads else "BEGIN IMMEDIATE")


def checkpoint(engine: Engine) -> None:
    """Move what was committed from SQLite's log into its file, beside whoever is writing: the desk
    would stand still for it. Elsewhere there is nothing to do."""
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
    finally:
        connection.close()


def _hot(
    connection: Connection, sql: str, values: Sequence[Any], *, many: bool = False
) -> DBAPICursor:
    """A statement of every batch, handed to the driver as it is; `values` are one row, or with
    `many` all of them. What SQLAlchemy does for a statement takes longer than a small one itself.
    """
    if not connection.in_transaction():
        connection.begin()
    return _driven(connection, sql, values, many=many)


def _driven(
    connection: Connection, sql: str, values: Sequence[Any] = (), *, many: bool = False
) -> DBAPICursor:
    """Who listens for statements hears of it, and the driver's errors are raised as
    SQLAlchemy's."""
    driver = connection.connection
    cursor: DBAPICursor | None = None
    try:
        cursor = driver.cursor()
        for told in connection.engine.dispatch.before_cursor_execute:
            told(connection, cursor, sql, values, None, many)
        if many:
            cursor.executemany(sql, values)
        else:
            cursor.execute(sql, values)
    except connection.dialect.loaded_dbapi.Error as error:
        gone = connection.dialect.is_disconnect(error, driver, cursor)
        lost = gone or is_standby(error)
        if lost:
            connection.invalidate(error)
        raise _as_sqlalchemy(connection, sql, error, lost) from error
    return cursor


def _as_sqlalchemy(connection: Connection, sql: str, error: Exception, lost: bool) -> Exception:
    told: Exception = DBAPIError.instance(
        sql,
        None,
        error,
        connection.dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=connection.dialect,
    )
    return told


def inserting(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can say what becomes of rows that are there; each store has its own."""
    sqlite_here = connection.dialect.name == "sqlite"
    return sqlite.insert(table) if sqlite_here else postgresql.insert(table)


class Many:
    """Rows for a table, its statement compiled once for each kind of store; a row is a plain tuple
    in the order of `names`. With `key` it takes the place of the row that has the same one. With
    `arrays`, for what comes by the hundred, PostgreSQL is given a column as one value: that is half
    of the work for it, and a fifth for us."""

    def __init__(
        self, table: Table, names: Sequence[str], key: str = "", *, arrays: bool = False
    ) -> None:
        self._table = table
        self._names = tuple(names)
        self._key = key
        self._arrays = arrays
        self._compiled: dict[str, str] = {}

    def put(self, connection: Connection, rows: list[tuple[object, ...]]) -> None:
        if self._arrays and rows and connection.dialect.name == "postgresql":
            columns = [list(column) for column in zip(*rows, strict=True)]
            _hot(connection, self._unnested(connection), columns).close()
        elif len(rows) == 1:
            _hot(connection, self._sql(connection), rows[0]).close()
        elif rows:
            _hot(connection, self._sql(connection), rows, many=True).close()

    def _unnested(self, connection: Connection) -> str:
        dialect = connection.dialect
        if dialect.name not in self._compiled:
            quote = dialect.identifier_preparer.quote
            names = ", ".join(map(quote, self._names))
            types = [self._table.c[name].type.compile(dialect) for name in self._names]
            arrays = ", ".join(f"CAST(%s AS {type}[])" for type in types)
            into = f"INSERT INTO {quote(self._table.name)} ({names})"
            self._compiled[dialect.name] = f"{into} SELECT * FROM unnest({arrays})"
        return self._compiled[dialect.name]

    def _sql(self, connection: Connection) -> str:
        dialect = connection.dialect
        if dialect.name not in self._compiled:
            rows = inserting(connection, self._table)
            rows = rows.values({name: bindparam(name) for name in self._names})
            if self._key:
                fresh = {name: rows.excluded[name] for name in self._names if name != self._key}
                rows = rows.on_conflict_do_update(index_elements=[self._key], set_=fresh)
            compiled = rows.compile(dialect=dialect)
            order = tuple(compiled.positiontup or ())
            if order != self._names:
                raise ValueError(f"the statement wants {order}, not {self._names}")
            self._compiled[dialect.name] = str(compiled)
        return self._compiled[dialect.name]


class Among:
    """A statement for the rows with any of some keys, compiled once for each power of two of them:
    what is missing to it is filled with the last key again. PostgreSQL is given many keys as one
    value: the driver reads a long statement anew each time."""

    def __init__(
        self, statement: Select[Any] | Update | Delete, column: ColumnElement[Any]
    ) -> None:
        self._statement = statement
        self._column = column
        self._compiled: dict[tuple[str, int], str] = {}

    def rows(
        self, connection: Connection, keys: Sequence[object], values: Sequence[object] = ()
    ) -> Sequence[Any]:
        """Keys and values must be such as the driver takes as they are."""
        if not keys:
            return []
        cursor = self._run(connection, values, keys)
        rows = cursor.fetchall()
        cursor.close()
        return rows

    def change(
        self, connection: Connection, values: Sequence[object], keys: Sequence[object]
    ) -> None:
        """Updates them, `values` in the order in which the statement names them; or deletes."""
        if keys:
            self._run(connection, values, keys).close()

    def _run(
        self, connection: Connection, values: Sequence[object], keys: Sequence[object]
    ) -> DBAPICursor:
        if len(keys) > _FEW and connection.dialect.name == "postgresql":
            return _hot(connection, self._any(connection, keys), (*values, list(keys)))
        size = 1 << (len(keys) - 1).bit_length()
        filled = (*keys, *[keys[-1]] * (size - len(keys)))
        return _hot(connection, self._sql(connection, filled), (*values, *filled))

    def _any(self, connection: Connection, keys: Sequence[object]) -> str:
        place = (connection.dialect.name, 0)
        if place not in self._compiled:
            given = bindparam("keys", list(keys), postgresql.ARRAY(self._column.type))
            some = self._statement.where(self._column == any_(given))
            self._compiled[place] = self._written(some, connection)
        return self._compiled[place]

    def _sql(self, connection: Connection, keys: Sequence[object]) -> str:
        place = (connection.dialect.name, len(keys))
        if place not in self._compiled:
            some = self._statement.where(self._column.in_(keys))
            self._compiled[place] = self._written(some, connection)
        return self._compiled[place]

    def _written(self, statement: Select[Any] | Update | Delete, connection: Connection) -> str:
        how = {"render_postcompile": True}
        return str(statement.compile(dialect=connection.dialect, compile_kwargs=how))


class EachRow:
    """Changes rows of a table by their id, each with values of its own, in one statement. `always`
    is what else becomes of each, in SQL. A row is a plain tuple in the order of `names`, then the
    id."""

    def __init__(self, table: Table, names: Sequence[str], always: Mapping[str, str]) -> None:
        self._table = table
        self._names = tuple(names)
        self._always = dict(always)
        self._compiled: dict[str, str] = {}

    def change(self, connection: Connection, rows: list[tuple[object, ...]]) -> None:
        if not rows:
            return
        sql = self._sql(connection)
        if connection.dialect.name == "postgresql":  # a list for each column
            _hot(connection, sql, [list(column) for column in zip(*rows, strict=True)]).close()
        elif len(rows) == 1:
            _hot(connection, sql, rows[0]).close()
        else:
            _hot(connection, sql, rows, many=True).close()

    def _sql(self, connection: Connection) -> str:
        dialect = connection.dialect
        if dialect.name not in self._compiled:
            columns, names = self._table.c, (*self._names, "id")
            change = [f"{name} = {value}" for name, value in self._always.items()]
            if dialect.name == "postgresql":
                change += [f"{name} = each.{name}" for name in self._names]
                kinds = [columns[name].type.compile(dialect=dialect) for name in names]
                lists = ", ".join(f"%s::{kind}[]" for kind in kinds)
                each = f"unnest({lists}) AS each({', '.join(names)})"
                where = f"FROM {each} WHERE {self._table.name}.id = each.id"
            else:
                change += [f"{name} = ?" for name in self._names]
                where = "WHERE id = ?"
            sql = f"UPDATE {self._table.name} SET {', '.join(change)} {where}"
            self._compiled[dialect.name] = sql
        return self._compiled[dialect.name]


class OnPostgres:
    """A query of every batch that only PostgreSQL has, compiled once; `names` are those of what is
    bound, in the order in which it wants them."""

    def __init__(self, query: ClauseElement, *names: str) -> None:
        self._query = query
        self._names = names
        self._compiled = ""

    def rows(self, connection: Connection, *values: object) -> Sequence[Any]:
        if not self._compiled:
            compiled = self._query.compile(dialect=connection.dialect)
            if (order := tuple(getattr(compiled, "positiontup", None) or ())) != self._names:
                raise ValueError(f"the query wants {order}, not {self._names}")
            self._compiled = str(compiled)
        cursor = _hot(connection, self._compiled, values)
        rows = cursor.fetchall()
        cursor.close()
        return rows
