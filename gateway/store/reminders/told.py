"""What subscribers were reminded of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import orjson
from sqlalchemy import Connection, String, cast, select, text, update

from commands.reminders.model import ReminderKind
from gateway.store.engine import Among, Many
from gateway.store.messages import FAILED, UNKNOWN
from gateway.store.tables import outbox, reminders, unasked

TOLD: Final = "told"
REPEATED: Final = "repeated"
PERHAPS: Final = "perhaps"
"""Nobody knows whether it arrived: it is not told again."""
UNSENT: Final = "unsent"
_EACH: Final = (ReminderKind.CHARGE.value, ReminderKind.RECHARGE.value)
_KEY: Final = ("msisdn", "kind", "key")
_THESE: Final = {
    "postgresql": text("""
        SELECT r.msisdn, r.key FROM reminders AS r JOIN
        unnest(CAST(:msisdn AS bigint[]), CAST(:kind AS text[]), CAST(:key AS text[]))
        AS these (msisdn, kind, key)
        ON r.msisdn = these.msisdn AND r.kind = these.kind AND r.key = these.key"""),
    "sqlite": text("""
        SELECT r.msisdn, r.key FROM json_each(:these) AS these JOIN reminders AS r
        ON r.msisdn = json_extract(these.value, '$[0]')
        AND r.kind = json_extract(these.value, '$[1]')
        AND r.key = json_extract(these.value, '$[2]')"""),
}
"""Not IN: PostgreSQL may hold each of them against every row."""
_ADD: Final = Many(
    reminders,
    ("msisdn", "kind", "key", "meaning", "source", "result", "lasts", "told_at"),
    arrays=True,
)
_OF: Final = Among(
    select(
        reminders.c.msisdn,
        reminders.c.id,
        reminders.c.kind,
        reminders.c.key,
        reminders.c.meaning,
        reminders.c.lasts,
        reminders.c.told_at,
        reminders.c.result,
    ).where(reminders.c.kind.not_in(_EACH)),  # each of these is told, whatever was before
    reminders.c.msisdn,
)
_PAGE: Final = 500


class ToldReminder(NamedTuple):
    id: int
    lasts: bool  # it is of a state that has not ended since
    meaning: str
    told_at: int
    result: str


ToldBefore = Mapping[tuple[ReminderKind, str], ToldReminder]
"""Of one subscriber, by kind and key."""


class NewReminder(NamedTuple):
    msisdn: str
    kind: ReminderKind
    key: str
    meaning: str
    source: str  # store, boss, try
    result: str
    lasts: bool
    told_at: int


class KeptReminder(NamedTuple):
    id: int
    msisdn: str
    kind: str
    key: str
    source: str
    result: str  # told, perhaps, unsent; repeated
    told_at: int


@dataclass(frozen=True, slots=True)
class ReminderQuery:
    """`before`: an id, for the next page."""

    msisdn: str = ""
    kind: str = ""
    since: int = 0
    until: int = 0
    before: int = 0
    limit: int = _PAGE


class SqlReminders:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, msisdns: Sequence[str]) -> dict[str, dict[tuple[ReminderKind, str], ToldReminder]]:
        found: dict[str, dict[tuple[ReminderKind, str], ToldReminder]] = {}
        rows = _OF.rows(self._connection, sorted(map(int, msisdns)), _EACH)
        for msisdn, id, kind, key, meaning, lasts, at, result in rows:
            told = ToldReminder(id, bool(lasts), meaning, at, result)
            found.setdefault(str(msisdn), {})[ReminderKind(kind), key] = told
        return found

    def each_of(self, wanted: Iterable[tuple[str, ReminderKind, str]]) -> set[tuple[str, str]]:
        """Of these charges and recharges, by number, kind and key: whose, and which, were told."""
        keys = [(int(msisdn), kind.value, key) for msisdn, kind, key in wanted]
        if not keys:
            return set()
        store = self._connection.dialect.name
        if store == "postgresql":
            columns = (list(column) for column in zip(*keys, strict=True))
            given: dict[str, object] = dict(zip(_KEY, columns, strict=True))
        else:
            given = {"these": orjson.dumps(keys).decode()}
        rows = self._connection.execute(_THESE[store], given)
        return {(str(msisdn), key) for msisdn, key in rows}

    def add(self, fresh: Iterable[NewReminder]) -> None:
        """Raises RowExists if one was told before."""
        rows: list[tuple[object, ...]] = [
            (
                int(one.msisdn), one.kind.value, one.key, one.meaning, one.source, one.result,
                one.lasts, one.told_at,
            )
            for one in fresh
        ]  # fmt: skip
        _ADD.put(self._connection, rows)

    def over(self, ids: Sequence[int]) -> None:
        """These states have ended: when they come again, they are told again."""
        if not ids:
            return
        key = reminders.c.key.concat(" ").concat(cast(reminders.c.id, String))
        ended = update(reminders).where(reminders.c.id.in_(ids), reminders.c.lasts)
        self._connection.execute(ended.values(key=key, lasts=False))

    def find(self, query: ReminderQuery) -> list[KeptReminder]:
        """The newest first."""
        columns = reminders.c
        rows = select(
            columns.id, columns.msisdn, columns.kind, columns.key, columns.source,
            columns.result, columns.told_at, _LEFT.label("left"),
        )  # fmt: skip
        if query.msisdn:
            rows = rows.where(columns.msisdn == int(query.msisdn))
        if query.kind:
            rows = rows.where(columns.kind == query.kind)
        if query.since:
            rows = rows.where(columns.told_at >= query.since)
        if query.until:
            rows = rows.where(columns.told_at < query.until)
        if query.before:
            rows = rows.where(columns.id < query.before)
        found = self._connection.execute(rows.order_by(columns.id.desc()).limit(query.limit))
        return [_kept(*row) for row in found]


_LEFT: Final = (
    # its message: what waits since then with its meaning, of which there is one a day
    select(outbox.c.state)
    .join(unasked, unasked.c.outbox_id == outbox.c.id)
    .where(
        unasked.c.phone == reminders.c.msisdn,
        unasked.c.meaning == reminders.c.meaning,
        unasked.c.due_at >= reminders.c.told_at,
    )
    .order_by(unasked.c.due_at)
    .limit(1)
    .scalar_subquery()
)
_ENDED: Final = {UNKNOWN: PERHAPS, FAILED: UNSENT}


def _kept(
    id: int, msisdn: int, kind: str, key: str, source: str, result: str, at: int, left: int | None
) -> KeptReminder:
    became = _ENDED.get(left, result) if result == TOLD and left is not None else result
    return KeptReminder(id, str(msisdn), kind, key, source, became, at)
