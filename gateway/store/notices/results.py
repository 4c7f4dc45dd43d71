"""What came of a notice: who was reached, who wrote, who ordered; against those who were not
told."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, select

from gateway.model.message_id import EPOCH_MS, floor_at
from gateway.model.notices.notice import Notice
from gateway.security.encryption import Seal
from gateway.store.notices.people import CONTROL, LEFT_OUT, TO_BE_TOLD, TOLD, SqlNoticePeople
from gateway.store.ports.orders import unpacked
from gateway.store.tables import inbox, notice_people, orders, outbox, receipts, unasked

_A_SECOND = floor_at(EPOCH_MS / 1000 + 1)  # of ids


@dataclass(frozen=True, slots=True)
class Reaction:
    """Of a group: how many there are, how many wrote to us, how many ordered."""

    people: int
    answered: int
    ordered: int


@dataclass(frozen=True, slots=True)
class OrderedThing:
    """What was ordered, and by how many of each group. `what` is the code of a service or a plan;
    empty where the command itself says all."""

    action: str
    what: str
    told: int
    control: int


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
    orders: tuple[OrderedThing, ...] = ()


def results(connection: Connection, seal: Seal, notice: Notice, effect: int) -> NoticeResults:
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
        ordered_things(connection, seal, notice, effect),
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
    if not people or not notice.started_at:
        return Reaction(people, 0, 0)
    wrote = and_(inbox.c.channel == "sms", inbox.c.same_as == 0)
    answered = _theirs(notice, effect, group, inbox.c.phone, inbox.c.id).where(wrote)
    ordered = _theirs(notice, effect, group, orders.c.phone, orders.c.id).where(*_done(notice))
    return Reaction(people, *(_numbers(connection, each) for each in (answered, ordered)))


def ordered_things(
    connection: Connection, seal: Seal, notice: Notice, effect: int
) -> tuple[OrderedThing, ...]:
    """The most ordered first."""
    who: defaultdict[tuple[str, str], dict[int, set[int]]] = defaultdict(
        lambda: {TOLD: set(), CONTROL: set()}
    )
    for group in (TOLD, CONTROL) if notice.started_at else ():
        theirs = _theirs(notice, effect, group, orders.c.phone, orders.c.id).where(*_done(notice))
        rows = theirs.add_columns(orders.c.action, orders.c.args_sealed)
        for phone, action, sealed in connection.execute(rows):
            args = unpacked(seal.open(sealed))
            what = str(args.get("service") or args.get("plan") or "")
            who[action, what][group].add(phone)
    found = [
        OrderedThing(action, what, len(groups[TOLD]), len(groups[CONTROL]))
        for (action, what), groups in who.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.told, -one.control, one.action, one.what)))


def _done(notice: Notice) -> list[ColumnElement[bool]]:
    """What counts as an order."""
    done = [orders.c.state == "done"]
    if notice.draft.orders:
        done.append(orders.c.action == notice.draft.orders)
    return done


def _theirs(notice: Notice, effect: int, group: int, phone: Any, id: Any) -> Select[Any]:
    """The numbers of those of a group who did something in their time: the told, from when each
    was; the others, from when it began."""
    if group == TOLD:
        told = and_(unasked.c.source == notice.source, unasked.c.phone == notice_people.c.phone)
        people: Any = notice_people.join(unasked, and_(told, unasked.c.outbox_id > 0))
        begins: Any = (unasked.c.due_at - literal(EPOCH_MS // 1000)) * _A_SECOND
    else:
        people = notice_people
        begins = literal(floor_at(notice.started_at))
    theirs = and_(phone == notice_people.c.phone, id.between(begins, begins + effect * _A_SECOND))
    mine = and_(notice_people.c.notice == notice.number, notice_people.c.state == group)
    return select(phone).select_from(people.join(phone.table, theirs)).where(mine)


def _numbers(connection: Connection, found: Select[Any]) -> int:
    counted = select(func.count()).select_from(found.distinct().subquery())
    return int(connection.execute(counted).scalar_one())
