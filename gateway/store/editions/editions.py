"""Editions of conf/ in the store, and the decisions which of them holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Row, func, insert, select, update

from gateway.config.editions.conf_files import MENUS, ConfFiles
from gateway.config.editions.edition import FROM_CONF, DecisionKind, Edition, EditionDecision
from gateway.store.engine import inserting
from gateway.store.tables import edition_files, menu_decisions, menu_editions

_FOUND: Final = (FROM_CONF, "conf/menus")  # authors: what gateways found; so older programs said it
_DECIDING: Final = 1_003_911_052  # an advisory lock of PostgreSQL; others use numbers of phones
_DETAILS: Final = [column for column in menu_editions.c if column.name not in ("files", "use")]


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

    # -- editions --------------------------------------------------------------------------------

    def keep(self, edition: Edition) -> None:
        """Once: what a version says never changes. What gateways find in conf/ is as new as when
        it was found last."""
        if not self._known(edition.version):
            self._add(edition)
        columns = menu_editions.c
        found = (columns.version == edition.version) & columns.author.in_(_FOUND)
        if edition.author == FROM_CONF:
            again = update(menu_editions).where(found, columns.made_at < edition.made_at)
            self._connection.execute(again.values(made_at=edition.made_at))

    def _known(self, version: str) -> bool:
        query = select(menu_editions.c.version).where(menu_editions.c.version == version)
        return self._connection.execute(query).first() is not None

    def _add(self, edition: Edition) -> None:
        digests = {name: _digest(text) for name, text in edition.files.items()}
        row = {
            "version": edition.version,
            "made_at": edition.made_at,
            "author": edition.author,
            "reason": edition.reason,
            "files": orjson.dumps(digests).decode(),
            "use": orjson.dumps(dict(edition.use)).decode(),
            "whole": True,
        }
        known = select(edition_files.c.digest).where(edition_files.c.digest.in_(digests.values()))
        there = set(self._connection.execute(known).scalars())
        fresh = {
            digests[name]: text
            for name, text in edition.files.items()
            if digests[name] not in there
        }
        if fresh:
            kept = inserting(self._connection, edition_files).on_conflict_do_nothing()
            rows = [{"digest": each, "content": fresh[each]} for each in sorted(fresh)]
            self._connection.execute(kept, rows)
        once = inserting(self._connection, menu_editions).on_conflict_do_nothing()
        self._connection.execute(once, row)

    def find(self, version: str) -> Edition | None:
        query = select(menu_editions).where(menu_editions.c.version == version)
        row = self._connection.execute(query).first()
        return self._edition(row) if row else None

    def all(self) -> list[Edition]:
        """The oldest first, without their files."""
        columns = menu_editions.c
        query = select(*_DETAILS).order_by(columns.made_at, columns.version)
        return [_described(row) for row in self._connection.execute(query)]

    def made_since(self, moment: int) -> list[str]:
        """The versions that came up since then, the oldest first."""
        columns = menu_editions.c
        query = select(columns.version).where(columns.made_at >= moment)
        return list(self._connection.execute(query.order_by(columns.made_at)).scalars())

    def found_in_conf(self, moment: int) -> list[str]:
        """What gateways found in conf/ up to then, the newest first."""
        columns = menu_editions.c
        query = select(columns.version).where(columns.author.in_(_FOUND), columns.made_at <= moment)
        return list(self._connection.execute(query.order_by(columns.made_at.desc())).scalars())

    def _edition(self, row: Row[Any]) -> Edition:
        files: Mapping[str, str] = orjson.loads(row.files)
        if row.whole:
            files = self._contents(files)
        else:
            files = {f"{MENUS}/{name}": text for name, text in files.items()}
        described = _described(row)
        return Edition(
            described.version,
            described.made_at,
            described.author,
            described.reason,
            files,
            orjson.loads(row.use),
            described.whole,
        )

    def _contents(self, digests: Mapping[str, str]) -> ConfFiles:
        wanted = edition_files.c.digest.in_(set(digests.values()))
        query = select(edition_files.c.digest, edition_files.c.content).where(wanted)
        found = {str(digest): str(text) for digest, text in self._connection.execute(query)}
        return {name: found[digest] for name, digest in digests.items()}

    # -- decisions -------------------------------------------------------------------------------

    def lock(self) -> None:
        """Until the end of the transaction nobody else decides who does this first. SQLite has one
        writer anyway."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(_DECIDING)))

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

    def last_decision(self) -> EditionDecision | None:
        """The one that holds."""
        query = select(menu_decisions).order_by(menu_decisions.c.id.desc()).limit(1)
        row = self._connection.execute(query).first()
        return _decision(row) if row else None


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _described(row: Row[Any]) -> Edition:
    return Edition(
        row.version, int(row.made_at), row.author, row.reason, {}, {}, whole=bool(row.whole)
    )


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
