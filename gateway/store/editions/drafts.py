"""Drafts of editions in the store: shared by all who write, until somebody throws them away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from gateway.model.editions.edition_draft import DraftFile, EditionDraft
from gateway.store.engine import inserting
from gateway.store.tables import edition_draft_files, edition_drafts

_D, _F = edition_drafts.c, edition_draft_files.c


class SqlDrafts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self) -> int:
        query = select(func.count()).select_from(edition_drafts)
        return int(self._connection.execute(query).scalar_one())

    def add(self, draft: EditionDraft) -> EditionDraft:
        row = {
            "name": draft.name,
            "base": draft.base,
            "began_at": draft.began_at,
            "began_by": draft.began_by,
            "writers": ",".join(draft.writers),
        }
        made = self._connection.execute(insert(edition_drafts).returning(_D.id), row)
        kept = replace(draft, number=int(made.scalar_one()))
        for one in draft.files.values():
            self.put(kept.number, one)
        return kept

    def all(self) -> list[EditionDraft]:
        """The newest first, with their files but not what stands in them."""
        without = select(_F.draft, _F.file, _F.saved_at, _F.saved_by).order_by(_F.file)
        files: dict[int, dict[str, DraftFile]] = {}
        for draft, name, at, by in self._connection.execute(without):
            files.setdefault(int(draft), {})[name] = DraftFile(name, "", int(at), by)
        rows = self._connection.execute(select(edition_drafts).order_by(_D.id.desc()))
        return [_draft(row, files.get(int(row.id), {})) for row in rows]

    def find(self, number: int, *, to_change: bool = False) -> EditionDraft | None:
        """`to_change`: whoever else wants to change it waits for the end of the transaction."""
        query = select(edition_drafts).where(_D.id == number)
        row = self._connection.execute(query.with_for_update() if to_change else query).first()
        if row is None:
            return None
        held = select(edition_draft_files).where(_F.draft == number).order_by(_F.file)
        found = (_file(each) for each in self._connection.execute(held))
        return _draft(row, {one.name: one for one in found})

    def put(self, number: int, file: DraftFile) -> None:
        fresh = inserting(self._connection, edition_draft_files)
        kept = fresh.on_conflict_do_update(
            index_elements=["draft", "file"],
            set_={name: fresh.excluded[name] for name in ("content", "saved_at", "saved_by")},
        )
        row = {
            "draft": number,
            "file": file.name,
            "content": file.content,
            "saved_at": file.saved_at,
            "saved_by": file.saved_by,
        }
        self._connection.execute(kept, row)

    def undo(self, number: int, name: str) -> None:
        """The file is as in the base again."""
        gone = delete(edition_draft_files).where(_F.draft == number, _F.file == name)
        self._connection.execute(gone)

    def rebase(self, number: int, base: str) -> None:
        self._change(number, base=base)

    def kept_as(self, number: int, version: str) -> None:
        self._change(number, version=version)

    def _change(self, number: int, **values: str) -> None:
        self._connection.execute(update(edition_drafts).where(_D.id == number).values(**values))

    def written_by(self, number: int, writers: Iterable[str]) -> None:
        self._change(number, writers=",".join(writers))

    def drop(self, number: int) -> None:
        self._connection.execute(delete(edition_draft_files).where(_F.draft == number))
        self._connection.execute(delete(edition_drafts).where(_D.id == number))


def _draft(row: Row[Any], files: dict[str, DraftFile]) -> EditionDraft:
    return EditionDraft(
        row.name, row.base, int(row.began_at), row.began_by, files, row.version,
        tuple(filter(None, row.writers.split(","))), int(row.id),
    )  # fmt: skip


def _file(row: Row[Any]) -> DraftFile:
    return DraftFile(row.file, row.content, int(row.saved_at), row.saved_by)
