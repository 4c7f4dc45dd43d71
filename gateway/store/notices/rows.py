"""Notices as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

import orjson
from sqlalchemy import BigInteger, Connection, Row, bindparam, delete, func, insert, select, update

from gateway.model.notices.notice import (
    Notice,
    NoticeDraft,
    NoticeKind,
    NoticeState,
    NoticeTarget,
    SaidNotice,
)
from gateway.store.engine import inserting
from gateway.store.tables import notice_numbers, notices

_SAID = (NoticeState.APPROVED, NoticeState.RUNNING, NoticeState.DONE)
_LASTS: Final = (
    select(notices)
    .where(notices.c.state.in_([state.value for state in _SAID]))
    .where(notices.c.ends_at > bindparam("now", type_=BigInteger))
    .order_by(notices.c.id)
)


_IN_STATE: Final = select(notices).where(
    notices.c.state.in_(bindparam("states", expanding=True, type_=notices.c.state.type))
)


class SqlNotices:
    """In one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, draft: NoticeDraft, written_by: str, now: int) -> Notice:
        values = _columns(draft) | {"written_by": written_by, "changed_at": now}
        made = self._connection.execute(insert(notices).values(values).returning(notices.c.id))
        return cast(Notice, self.find(int(made.scalar_one())))

    def rewrite(self, number: int, draft: NoticeDraft, written_by: str, now: int) -> None:
        """Whoever approves it must be somebody else than this writer."""
        values = _columns(draft) | {"written_by": written_by, "changed_at": now}
        self._set(number, values)

    def set_state(self, number: int, state: NoticeState, now: int, **values: object) -> None:
        self._set(number, {"state": state.value, "changed_at": now} | values)

    def note(self, number: int, **values: object) -> None:
        """How far it has come."""
        self._set(number, values)

    def _set(self, number: int, values: dict[str, Any]) -> None:
        if isinstance(found := values.get("left_out"), dict):
            values = values | {"left_out": orjson.dumps(found).decode()}
        self._connection.execute(update(notices).where(notices.c.id == number).values(values))

    def find(self, number: int, *, lock: bool = False) -> Notice | None:
        """With `lock` nobody else changes it until the commit."""
        query = select(notices).where(notices.c.id == number)
        row = self._connection.execute(query.with_for_update() if lock else query).first()
        return None if row is None else _notice(row)

    def all(self) -> list[Notice]:
        """The newest first."""
        rows = self._connection.execute(select(notices).order_by(notices.c.id.desc()))
        return [_notice(row) for row in rows]

    def in_state(self, *states: NoticeState) -> list[Notice]:
        found = self._connection.execute(_IN_STATE, {"states": [state.value for state in states]})
        return [_notice(row) for row in found]

    def said(self, now: int) -> tuple[SaidNotice, ...]:
        """What calls and screens begin with now, or will yet."""
        found = self._connection.execute(_LASTS, {"now": now})
        return tuple(_said(_notice(row)) for row in found)

    # -- numbers that were given -----------------------------------------------------------------

    def give_numbers(self, number: int, phones: Iterable[str]) -> None:
        """In place of those given before."""
        mine = notice_numbers.c.notice == number
        self._connection.execute(delete(notice_numbers).where(mine))
        self.add_numbers(number, phones)

    def add_numbers(self, number: int, phones: Iterable[str]) -> None:
        rows = [{"notice": number, "phone": int(phone)} for phone in phones]
        if rows:
            added = inserting(self._connection, notice_numbers).on_conflict_do_nothing()
            self._connection.execute(added, rows)

    def given(self, number: int) -> int:
        """How many were given."""
        mine = select(func.count()).where(notice_numbers.c.notice == number)
        return int(self._connection.execute(mine).scalar_one())

    def numbers_after(self, number: int, phone: int, limit: int) -> Sequence[int]:
        """Of those given, in order."""
        mine = (notice_numbers.c.notice == number) & (notice_numbers.c.phone > phone)
        query = select(notice_numbers.c.phone).where(mine).order_by(notice_numbers.c.phone)
        return self._connection.execute(query.limit(limit)).scalars().all()


def _columns(draft: NoticeDraft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "kind": draft.kind.value,
        "zh": draft.zh,
        "en": draft.en,
        "target": orjson.dumps(draft.target.as_data()).decode(),
        "control": draft.control,
        "orders": draft.orders,
        "start_at": draft.start_at,
        "happens_at": draft.happens_at,
        "ends_at": draft.ends_at,
    }


def _notice(row: Row[Any]) -> Notice:
    draft = NoticeDraft(
        row.name,
        NoticeKind(row.kind),
        row.zh,
        row.en,
        NoticeTarget.of(orjson.loads(row.target)),
        row.control,
        row.orders,
        row.start_at,
        row.happens_at,
        row.ends_at,
    )
    return Notice(
        row.id,
        draft,
        NoticeState(row.state),
        row.written_by,
        row.approved_by,
        row.changed_at,
        row.started_at,
        row.ended_at,
        row.drawn_upto,
        row.told_upto,
        orjson.loads(row.left_out),
    )


def _said(notice: Notice) -> SaidNotice:
    draft = notice.draft
    return SaidNotice(draft.zh, draft.en, draft.target, draft.start_at, draft.ends_at)
