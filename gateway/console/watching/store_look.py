"""What the store tells of the hall: how fast it answers, what waits, who serves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic

from gateway.config.editions.edition import EditionDecision
from gateway.model.link_orders import LinkOrder
from gateway.store.connection import StoreFailure
from gateway.store.editions.editions import SqlEditions
from gateway.store.members import MemberRow, SqlMembers
from gateway.store.operators.link_orders import SqlLinkOrders
from gateway.store.operators.taken_alarms import SqlTakenAlarms, TakenAlarm
from gateway.store.store import Store


@dataclass(frozen=True, slots=True)
class StoreLook:
    """`took` and `oldest_age` in seconds; `waiting` messages that are due."""

    took: float
    waiting: int
    oldest_age: float
    members: tuple[MemberRow, ...]
    taken: dict[str, TakenAlarm]  # alarms that somebody has taken
    decided: EditionDecision | None = None  # which edition holds, and why
    orders: Mapping[str, LinkOrder] = field(default_factory=dict)  # by link


def look_at(
    store: Store, now: float, stopwatch: Callable[[], float] = monotonic
) -> StoreLook | None:
    """None: it does not answer."""
    begun = stopwatch()
    try:
        with store.reading() as connection:
            members = SqlMembers(connection)
            rows, waiting = members.rows(), members.waiting(int(now * 1000))
            taken = SqlTakenAlarms(connection).all()
            orders = SqlLinkOrders(connection).all()
            decided = SqlEditions(connection).last_decision()
    except StoreFailure:
        return None
    oldest = min((each.since for each in waiting.values()), default=now)
    return StoreLook(
        took=stopwatch() - begun,
        waiting=sum(each.messages for each in waiting.values()),
        oldest_age=max(0.0, now - oldest),
        members=tuple(row for row in rows if row.holder),
        taken=taken,
        decided=decided,
        orders=orders,
    )
