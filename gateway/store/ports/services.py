"""commands.model.hall.Subscriptions: who has which service, and this month's use."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, and_, insert, or_, select, update

from commands.model.accounts import MonthUsage, Subscription
from gateway.config.time_zone import OperatorCalendar
from gateway.store.tables import subscriptions, usage


class SqlServices:
    def __init__(self, connection: Connection, calendar: OperatorCalendar) -> None:
        self._connection = connection
        self._calendar = calendar

    def of(self, msisdn: str, now: int) -> Sequence[Subscription]:
        columns = subscriptions.c
        began = columns.until_at > columns.since_at
        running = or_(columns.until_at == 0, and_(columns.until_at > now, began))
        query = (
            select(columns.service, columns.since_at, columns.until_at)
            .where(columns.msisdn == int(msisdn), running)
            .order_by(columns.id)
        )
        return [Subscription(*row) for row in self._connection.execute(query)]

    def usage(self, msisdn: str, now: int) -> Sequence[MonthUsage]:
        month = self._calendar.month(now)
        query = select(usage.c.item, usage.c.used).where(
            usage.c.msisdn == int(msisdn), usage.c.month == month
        )
        return [MonthUsage(*row) for row in self._connection.execute(query)]

    def open(self, msisdn: str, service: str, since: int, order: int) -> None:
        row = {"msisdn": int(msisdn), "service": service, "since_at": since, "order_id": order}
        self._connection.execute(insert(subscriptions), row)

    def close(self, msisdn: str, service: str, until: int, order: int) -> None:
        columns = subscriptions.c
        self._connection.execute(
            update(subscriptions)
            .where(
                columns.msisdn == int(msisdn),
                columns.service == service,
                or_(columns.until_at == 0, columns.until_at > until),  # never longer than it was
            )
            .values(until_at=until, close_order_id=order)
        )

    def reopen(self, msisdn: str, service: str, now: int, order: int) -> None:
        columns = subscriptions.c
        self._connection.execute(
            update(subscriptions)
            .where(
                columns.msisdn == int(msisdn), columns.service == service, columns.until_at > now
            )
            .values(until_at=0, close_order_id=order)
        )
