"""What came of a notice: who was reached, who wrote, who ordered; against those who were not
told."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, select

from gateway.model.message_id import EPOCH_MS, floor_at
from gateway.model.notices.notice import Notice, NoticeState
from gateway.security.encryption import Seal
from gateway.store.messages import ACCEPTED, FAILED, LEAVING, UNKNOWN, WAITING
from gateway.store.notices.people import CONTROL, LEFT_OUT, TO_BE_TOLD, TOLD, SqlNoticePeople
from gateway.store.ports.orders import unpacked
from gateway.store.tables import inbox, notice_people, orders, outbox, receipts, unasked
from gateway.store.unasked import DROPPED

_DROPPED: Final = -1
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
    """Everybody who was drawn is in one of these and no other: `to_be_told`, `left_out`, `waiting`
    (their message is made and has not left), `sent` (the SMSC took it), `failed` (it did not),
    `unknown` (a gateway or link ended in between: nobody tells them twice), `dropped` (by a stop),
    and the control group. `delivered`: of those sent, whose phone has it, as the SMSC says."""

    to_be_told: int
    left_out: int
    waiting: int
    sent: int
    delivered: int
    failed: int
    unknown: int
    dropped: int
    told: Reaction
    control: Reaction
    orders: tuple[OrderedThing, ...] = ()

    @property
    def drawn(self) -> int:
        """All of them."""
        messages = self.waiting + self.sent + self.failed + self.unknown + self.dropped
        return self.to_be_told + self.left_out + messages + self.control.people


def results(connection: Connection, seal: Seal, notice: Notice, effect: int) -> NoticeResults:
    """`effect`: seconds after the telling in which what people do counts."""
    people = SqlNoticePeople(connection, notice.number).counts()
    ways, to_be_told, dropped = _ways(connection, notice), people.get(TO_BE_TOLD, 0), 0
    if notice.state is NoticeState.STOPPED:
        to_be_told, dropped = 0, to_be_told
    return NoticeResults(
        to_be_told,
        people.get(LEFT_OUT, 0),
        ways[WAITING] + ways[LEAVING],
        ways[ACCEPTED],
        _delivered(connection, notice),
        ways[FAILED],
        ways[UNKNOWN],
        ways[_DROPPED] + dropped,
        _reaction(connection, notice, effect, ways[ACCEPTED], TOLD),
        _reaction(connection, notice, effect, people.get(CONTROL, 0), CONTROL),
        ordered_things(connection, seal, notice, effect),
    )


def _ways(connection: Connection, notice: Notice) -> Counter[int]:
    """By the state of the outbox, or _DROPPED; what is not there yet waits."""
    state = func.coalesce(outbox.c.state, WAITING)
    dropped = unasked.c.state == DROPPED
    query = (
        select(case((dropped, _DROPPED), else_=state).label("way"), func.count())
        .select_from(unasked.outerjoin(outbox, _left()))
        .where(unasked.c.source == notice.source)
        .group_by("way")
    )
    return Counter({int(way): int(count) for way, count in connection.execute(query)})


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
    reactions = answered_by(notice, effect, group), ordered_by(notice, effect, group)
    return Reaction(people, *(_numbers(connection, each) for each in reactions))


def answered_by(notice: Notice, effect: int, group: int) -> Select[Any]:
    """The numbers, by `inbox`, of those of a group who wrote within `effect` seconds; a row for
    each message."""
    wrote = and_(inbox.c.channel == "sms", inbox.c.same_as == 0)
    return _theirs(notice, effect, group, inbox.c.phone, inbox.c.id).where(wrote)


def ordered_by(notice: Notice, effect: int, group: int) -> Select[Any]:
    """The same by `orders`: who asked in that time for what was done then."""
    return _theirs(notice, effect, group, orders.c.phone, orders.c.id).where(*_done(notice))


def ordered_things(
    connection: Connection, seal: Seal, notice: Notice, effect: int
) -> tuple[OrderedThing, ...]:
    """The most ordered first."""
    who: defaultdict[tuple[str, str], dict[int, set[int]]] = defaultdict(
        lambda: {TOLD: set(), CONTROL: set()}
    )
    for group in (TOLD, CONTROL) if notice.started_at else ():
        theirs = ordered_by(notice, effect, group)
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
    """The numbers of those of a group who did something in their time: the told, whose message the
    SMSC took, from when each was; the others, from when it began."""
    if group == TOLD:
        told = and_(unasked.c.source == notice.source, unasked.c.phone == notice_people.c.phone)
        sent = and_(_left(), outbox.c.state == ACCEPTED)
        people: Any = notice_people.join(unasked, told).join(outbox, sent)
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
