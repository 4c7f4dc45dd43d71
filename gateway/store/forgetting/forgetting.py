"""Forgetting a number in one transaction, and telling line by line what was done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, update

from gateway.model.message_id import floor_at
from gateway.security.encryption import Seal
from gateway.store.forgetting.erased import ERASED, Erasure, erased_of_sent
from gateway.store.forgetting.kept import KEPT
from gateway.store.forgetting.number import ForgottenNumber
from gateway.store.tables import api_answers, list_imports, tickets

MUST_STAY: Final = 183 * 24 * 3600  # seconds: the six months of the regulation


@dataclass(frozen=True, slots=True)
class ErasedLine:
    table: str
    what: str
    rows: int


@dataclass(frozen=True, slots=True)
class KeptLine:
    table: str
    what: str
    rows: int
    why: str


@dataclass(frozen=True, slots=True)
class ForgettingReport:
    """`recordings` are the names of sound files that nothing names any more."""

    erased: tuple[ErasedLine, ...]
    kept: tuple[KeptLine, ...]
    recordings: tuple[str, ...]


def forget(
    connection: Connection, seal: Seal, msisdn: str, now: int, sent: tuple[int, ...]
) -> ForgettingReport:
    """`sent`: see `number.sent_to`, asked for in a transaction before this one. What comes of it
    meanwhile stays; forgetting once more finds it."""
    postgresql = connection.dialect.name == "postgresql"
    number = ForgottenNumber(msisdn, floor_at(now - MUST_STAY), sent, postgresql)
    recordings = _recordings(connection, number)
    erasures = (*ERASED, *erased_of_sent(number))
    lines = [_erase(connection, each, number) for each in erasures]
    lines += _opened_and_erased(connection, seal, msisdn)
    kept = [
        KeptLine(each.table.name, each.what, _count(connection, each.table, each.where(number)),
                 each.why) for each in KEPT
    ]  # fmt: skip
    return ForgettingReport(_together(lines), tuple(line for line in kept if line.rows), recordings)


def _erase(connection: Connection, erasure: Erasure, number: ForgottenNumber) -> ErasedLine:
    where = erasure.where(number)
    done = (
        update(erasure.table).where(where).values(**erasure.wipes)
        if erasure.wipes else delete(erasure.table).where(where)
    )  # fmt: skip
    return ErasedLine(erasure.table.name, erasure.what, connection.execute(done).rowcount)


def _recordings(connection: Connection, number: ForgottenNumber) -> tuple[str, ...]:
    (erasure,) = [each for each in ERASED if each.table is tickets]
    mine = select(tickets.c.recording).where(erasure.where(number), tickets.c.recording != "")
    return tuple(connection.execute(mine).scalars())


def _opened_and_erased(connection: Connection, seal: Seal, msisdn: str) -> list[ErasedLine]:
    """What is sealed as a whole, few rows: nothing but opening them tells."""
    answers, imports = api_answers.c, list_imports.c
    return [
        _wipe_where_it_stands(connection, seal, msisdn, api_answers, answers.key_mark,
                              answers.answer_sealed, "what the API has answered lately"),
        _wipe_where_it_stands(connection, seal, msisdn, list_imports, imports.id,
                              imports.mistakes_sealed, "mistakes in files for customer lists"),
    ]  # fmt: skip


def _wipe_where_it_stands(
    connection: Connection, seal: Seal, msisdn: str, table: Table, key: Any, sealed: Any, what: str
) -> ErasedLine:
    whole = re.compile(f"(?<![0-9]){msisdn}(?![0-9])|86{msisdn}(?![0-9])")
    rows = connection.execute(select(key, sealed).where(sealed.is_not(None))).all()
    found = [row[0] for row in rows if whole.search(seal.open(row[1]))]
    for one in found:
        connection.execute(update(table).where(key == one).values({sealed.name: None}))
    return ErasedLine(table.name, what, len(found))


def _together(lines: Sequence[ErasedLine]) -> tuple[ErasedLine, ...]:
    """Those of a kind as one, and none where there was nothing."""
    sums: dict[tuple[str, str], int] = {}
    for line in lines:
        kind = (line.table, line.what)
        sums[kind] = sums.get(kind, 0) + line.rows
    return tuple(ErasedLine(*kind, rows) for kind, rows in sums.items() if rows)


def _count(connection: Connection, table: Table, where: ColumnElement[bool]) -> int:
    return int(
        connection.execute(select(func.count()).select_from(table).where(where)).scalar_one()
    )
