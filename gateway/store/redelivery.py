"""What subscribers sent lately, and what is known of the answers, for who looks for repetitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    TextClause,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gateway.model.message_id import floor_at
from gateway.model.messages import LateAnswer
from gateway.model.redelivery import LATE_FOR, Earlier
from gateway.store.engine import Among, OnPostgres
from gateway.store.tables import TO_COME_AGAIN, binds, inbox

_SERVED_WITHIN: Final = 60.0  # seconds for which a message waits at most until it is answered
_COLUMNS: Final = (
    inbox.c.phone,
    inbox.c.id,
    inbox.c.fingerprint,
    inbox.c.same_as,
    inbox.c.channel,
    inbox.c.late_ms,
    inbox.c.refused,
    inbox.c.bind,
    binds.c.smsc,
    binds.c.proven_upto,
    binds.c.ended_ms,
    inbox.c.action,
    inbox.c.result,
)
_PAST: Final = Among(
    select(*_COLUMNS)
    .select_from(inbox.outerjoin(binds, binds.c.id == inbox.c.bind))
    .where(inbox.c.id > 0)  # since when: each time another
    .order_by(inbox.c.id),
    inbox.c.phone,
)

_phones = func.unnest(bindparam("phones", type_=ARRAY(BigInteger)))
_asked = _phones.table_valued(column("phone", BigInteger), name="asked").render_derived()
_mine = (
    select(inbox)
    .where(inbox.c.phone == _asked.c.phone, inbox.c.id > bindparam("after"))
    .offset(literal_column("0"))  # kept apart: each number is looked up by the index
    .lateral("mine")
)
_PAST_ON_POSTGRESQL: Final = OnPostgres(
    select(*[_mine.c[one.name] if one.table is inbox else one for one in _COLUMNS])
    .select_from(_asked)
    .join(_mine, true())
    .outerjoin(binds, binds.c.id == _mine.c.bind)
    .order_by(_mine.c.id),
    "phones",
    "after",
)
"""The same. Left to itself PostgreSQL reads all of the hour, whoever sent it: until it has counted
the rows, and again whenever many have come since."""


class SqlRedelivery:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, phones: Iterable[str]) -> None:
        """Until the end of the transaction; for numbers without an account, whose row would be
        locked. SQLite lets one in at a time anyway."""
        if self._connection.dialect.name == "postgresql":
            for phone in sorted(map(int, phones)):
                self._connection.execute(select(func.pg_advisory_xact_lock(phone)))

    def past(self, phones: Iterable[str], after: int) -> dict[str, list[Earlier]]:
        """What these have sent after that id, on all channels, oldest first."""
        keys = sorted(map(int, phones))
        found: dict[str, list[Earlier]] = {}
        for phone, *row in self._past(keys, after):
            found.setdefault(str(phone), []).append(_earlier(*row))
        return found

    def _past(self, keys: Sequence[int], after: int) -> Iterable[Any]:
        if self._connection.dialect.name == "postgresql":
            return _PAST_ON_POSTGRESQL.rows(self._connection, keys, after)
        return _PAST.rows(self._connection, keys, (after,))

    def overlaps(self, smsc: str, link: str) -> bool:
        """Whether the SMSC was ever seen to deliver a subscriber's next message before the last was
        answered, by whatever bind."""
        whose = or_(binds.c.smsc == smsc, binds.c.link == link)
        seen = select(binds.c.id).where(binds.c.overlaps, whose)
        return self._connection.execute(seen.limit(1)).first() is not None

    def late(self, answers: Iterable[LateAnswer]) -> set[str]:
        """When these were read, whenever that is noted: what came since tells that the peer has
        gone on. The subscribers."""
        together: dict[int, list[int]] = {}
        for one in answers:
            together.setdefault(one.read_ms, []).append(one.id)
        return set[str]().union(*(self._marked(ids, late_ms=at) for at, ids in together.items()))

    def refused(self, ids: Sequence[int]) -> set[str]:
        """The peer was told that these were not kept. The subscribers of those that were."""
        return self._marked(ids, refused=True)

    def _marked(self, ids: Sequence[int], **values: object) -> set[str]:
        marked = update(inbox).where(inbox.c.id.in_(ids), inbox.c.phone != 0).values(**values)
        return {str(one) for (one,) in self._connection.execute(marked.returning(inbox.c.phone))}

    def unread(self, bind: int, upto: int, ended_ms: int) -> set[str]:
        """Who has sent what the peer may not have seen answered when the bind ended."""
        # what came by it came before its end, but for a clock that was set
        last = floor_at(ended_ms / 1000 + 60)
        mine = inbox.c.id.between(upto + 1, last) & (inbox.c.bind == bind) & (inbox.c.phone != 0)
        found = self._connection.execute(select(inbox.c.phone).where(mine).distinct())
        return {str(phone) for (phone,) in found}

    def left_over(self, slots: Iterable[int], now_ms: int) -> None:
        """Binds of gateways whose slots are ours now, up when they died, have ended."""
        died = (binds.c.ended_ms == 0) & binds.c.copy.in_(sorted(slots))
        self._connection.execute(update(binds).where(died).values(ended_ms=now_ms))

    def lost(self, since: float) -> set[str]:
        """Who may be heard again after the ends of binds since then, in seconds since 1970."""
        ended = select(binds.c.id, binds.c.proven_upto, binds.c.ended_ms)
        lately = self._connection.execute(ended.where(binds.c.ended_ms > int(since * 1000))).all()
        phones: set[str] = set()
        for bind, upto, ended_ms in lately:
            phones |= self.unread(bind, max(upto, floor_at(since)), ended_ms)
        return phones

    def told_to_come_again(self, since: float) -> set[str]:
        """Whose message was kept since then, and the peer told that it was not."""
        return self._phones(TO_COME_AGAIN, inbox.c.id > floor_at(since))

    def lately_late(self, now: float) -> set[str]:
        """Whose message was answered late, and may be on its way again."""
        since = inbox.c.id > floor_at(now - LATE_FOR - _SERVED_WITHIN)
        return self._phones(since, inbox.c.late_ms > int((now - LATE_FOR) * 1000))

    def _phones(self, *which: ColumnElement[bool] | TextClause) -> set[str]:
        found = select(inbox.c.phone).where(*which, inbox.c.phone != 0).distinct()
        return {str(phone) for (phone,) in self._connection.execute(found)}


def _earlier(
    id: int,
    fingerprint: bytes,
    same_as: int,
    channel: str,
    late_ms: int,
    refused: object,
    bind: int,
    smsc: str | None,
    proven_upto: int | None,
    ended_ms: int | None,
    action: str,
    result: str,
) -> Earlier:
    """A row; of a message without a bind nothing is known of its answer."""
    return Earlier(
        id,
        bytes(fingerprint),
        same_as,
        channel,
        late_ms,
        bool(refused),
        bind if proven_upto is not None else 0,
        smsc or "",
        proven_upto or 0,
        ended_ms or 0,
        action,
        result,
    )
