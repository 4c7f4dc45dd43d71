"""What came of a notice: who was reached, who wrote, who ordered; against those who were not
told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, select

from gateway.model.message_id import EPOCH_MS, floor_at
from gateway.model.notices.notice import Notice
from gateway.store.notices.people import CONTROL, LEFT_OUT, TO_BE_TOLD, TOLD, SqlNoticePeople
from gateway.store.tables import inbox, notice_people, orders, outbox, receipts, unasked

_A_SECOND = floor_at(EPOCH_MS / 1000 + 1)  # of ids


@dataclass(frozen=True, slots=True)
class Reaction:
    """Of a group: how many there are, how many wrote to us, how many ordered."""

    people: int
    answered: int
    ordered: int


@dataclass(frozen=True, slots=True)
class NoticeResults:
    """`sent` the SMSC took; `delivered` it says that the phone has; `waiting` have not left."""

    to_be_told: int
    left_out: int
    waiting: int
    sent: int
    delivered: int
    failed: int
    told: Reaction
    control: Reaction


def results(connection: Connection, notice: Notice, effect: int) -> NoticeResults:
    """`effect`: seconds after the telling in which what people do counts."""
    people = SqlNoticePeople(connection, notice.number).counts()
    waiting, sent, failed = _ways(connection, notice)
    return NoticeResults(
        people.get(TO_BE_TOLD, 0),
        people.get(LEFT_OUT, 0),
        waiting,
        sent,
        _delivered(connection, notice),
        failed,
        _reaction(connection, notice, effect, people.get(TOLD, 0), TOLD),
        _reaction(connection, notice, effect, people.get(CONTROL, 0), CONTROL),
    )


def _ways(connection: Connection, notice: Notice) -> tuple[int, int, int]:
    state = func.coalesce(outbox.c.state, 0)
    dropped = unasked.c.state == 2
    query = (
        select(case((dropped, 2), else_=state).label("way"), func.count())
        .select_from(unasked.outerjoin(outbox, _left()))
        .where(unasked.c.source == notice.source)
        .group_by("way")
    )
    found = {int(way): int(count) for way, count in connection.execute(query)}
    return found.get(0, 0), found.get(1, 0), found.get(2, 0)


def _left() -> ColumnElement[bool]:
    return and_(unasked.c.outbox_id > 0, outbox.c.id == unasked.c.outbox_id)


def _delivered(connection: Connection, notice: Notice) -> int:
    """Each counts once, however many parts it had."""
    arrived = and_(receipts.c.outbox_id == unasked.c.outbox_id, receipts.c.state == "delivered")
    query = select(func.count(unasked.c.id.distinct())).join(receipts, arrived)
    mine = and_(unasked.c.source == notice.source, unasked.c.outbox_id > 0)
    return int(connection.execute(query.where(mine)).scalar_one())


def _reaction(
    connection: Connection, notice: Notice, effect: int, people: int, group: int
) -> Reaction:
    """Those who were told, from when each was; the others, from when it began."""
    if not people or not notice.started_at:
        return Reaction(people, 0, 0)
    mine = and_(notice_people.c.notice == notice.number, notice_people.c.state == group)
    wrote = and_(inbox.c.channel == "sms", inbox.c.same_as == 0)
    done = [orders.c.state == "done"]
    if notice.draft.orders:
        done.append(orders.c.action == notice.draft.orders)
    return Reaction(
        people,
        _since(connection, notice, effect, group, mine, inbox.c.phone, inbox.c.id, wrote),
        _since(connection, notice, effect, group, mine, orders.c.phone, orders.c.id, and_(*done)),
    )


def _since(
    connection: Connection, notice: Notice, effect: int, group: int, mine: Any, phone: Any,
    id: Any, what: Any,
) -> int:  # fmt: skip
    """How many numbers of the group did it in their time."""
    if group == TOLD:
        told = and_(unasked.c.source == notice.source, unasked.c.phone == notice_people.c.phone)
        people: Any = notice_people.join(unasked, and_(told, unasked.c.outbox_id > 0))
        begins: Any = (unasked.c.due_at - literal(EPOCH_MS // 1000)) * _A_SECOND
    else:
        people = notice_people
        begins = literal(floor_at(notice.started_at))
    theirs = and_(phone == notice_people.c.phone, id.between(begins, begins + effect * _A_SECOND))
    query = select(func.count(phone.distinct())).select_from(people.join(phone.table, theirs))
    return int(connection.execute(query.where(mine, what)).scalar_one())
