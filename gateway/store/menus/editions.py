"""Editions of the menus in the store, and the decisions which of them holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Row, func, insert, select, update

from gateway.config.menu_edition import FROM_CONF, DecisionKind, Edition, EditionDecision
from gateway.store.engine import inserting
from gateway.store.tables import menu_decisions, menu_editions

_MARK: Final = select(
    select(func.coalesce(func.max(menu_decisions.c.id), 0)).scalar_subquery(),
    select(func.count()).select_from(menu_editions).scalar_subquery(),
)


class SqlEditions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def mark(self) -> tuple[int, int]:
        """Another one whenever something was decided or a version was added."""
        last, versions = self._connection.execute(_MARK).one()
        return int(last), int(versions)

    def keep(self, edition: Edition) -> None:
        """Once: what a version says never changes. What gateways find in conf/ is as new as when
        it was found last."""
        row = {
            "version": edition.version,
            "made_at": edition.made_at,
            "author": edition.author,
            "reason": edition.reason,
            "files": orjson.dumps(dict(edition.files)).decode(),
            "use": orjson.dumps(dict(edition.use)).decode(),
        }
        fresh = inserting(self._connection, menu_editions)
        self._connection.execute(fresh.on_conflict_do_nothing(), row)
        columns = menu_editions.c
        found = (columns.version == edition.version) & (columns.author == FROM_CONF)
        if edition.author == FROM_CONF:
            again = update(menu_editions).where(found, columns.made_at < edition.made_at)
            self._connection.execute(again.values(made_at=edition.made_at))

    def find(self, version: str) -> Edition | None:
        query = select(menu_editions).where(menu_editions.c.version == version)
        row = self._connection.execute(query).first()
        return _edition(row) if row else None

    def all(self) -> list[Edition]:
        """The oldest first."""
        columns = menu_editions.c
        query = select(menu_editions).order_by(columns.made_at, columns.version)
        return [_edition(row) for row in self._connection.execute(query)]

    def made_since(self, moment: int) -> list[str]:
        """The versions that came up since then, the oldest first."""
        columns = menu_editions.c
        query = select(columns.version).where(columns.made_at >= moment)
        return list(self._connection.execute(query.order_by(columns.made_at)).scalars())

    def found_in_conf(self, moment: int) -> list[str]:
        """What gateways found in conf/ up to then, the newest first."""
        columns = menu_editions.c
        query = select(columns.version).where(
            columns.author == FROM_CONF, columns.made_at <= moment
        )
        return list(self._connection.execute(query.order_by(columns.made_at.desc())).scalars())

    def decide(self, decision: EditionDecision) -> None:
        row = {
            "decided_at": decision.at,
            "author": decision.author,
            "reason": decision.reason,
            "what": decision.what.value,
            "version": decision.version,
            "canary": decision.canary,
            "share": decision.share,
            "numbers": ",".join(sorted(decision.numbers)),
        }
        self._connection.execute(insert(menu_decisions), row)

    def decisions(self) -> list[EditionDecision]:
        """The oldest first; the last one holds."""
        query = select(menu_decisions).order_by(menu_decisions.c.id)
        return [_decision(row) for row in self._connection.execute(query)]


def _edition(row: Row[Any]) -> Edition:
    files, use = orjson.loads(row.files), orjson.loads(row.use)
    return Edition(row.version, int(row.made_at), row.author, row.reason, files, use)


def _decision(row: Row[Any]) -> EditionDecision:
    return EditionDecision(
        int(row.decided_at),
        row.author,
        row.reason,
        DecisionKind(row.what),
        row.version,
        row.canary,
        int(row.share),
        frozenset(_listed(row.numbers)),
    )


def _listed(numbers: str) -> Iterable[str]:
    return filter(None, numbers.split(","))
