"""What is due: news that subscribers are to hear, tickets that are late or that nobody takes."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select

from commands.care.ticket_news import News
from commands.model.care.ticket_rules import TicketRules
from gateway.model.ticket_record import HALL, TicketRecord, TicketStep
from gateway.security.encryption import Seal
from gateway.store.tables import LIVE, ticket_news, tickets
from gateway.store.tickets.ticket_rows import TicketRows

LATE: Final = "late"
ESCALATED: Final = "escalated"
NOT_TAKEN: Final = "not taken"


class DueNews(NamedTuple):
    id: int
    ticket: int
    what: News


class TicketAlarm(NamedTuple):
    """What somebody should know of. `what`: late, escalated, not taken."""

    what: str
    number: str
    kind: str
    region: str
    level: int


class TicketCounts(NamedTuple):
    live: int = 0
    late: int = 0


def news_is_due(connection: Connection, now: int) -> bool:
    query = select(ticket_news.c.id).where(ticket_news.c.at <= now).limit(1)
    return connection.execute(query).first() is not None


def due_news(connection: Connection, now: int, limit: int) -> list[DueNews]:
    columns = ticket_news.c
    query = select(columns.id, columns.ticket, columns.what).where(columns.at <= now)
    rows = connection.execute(query.order_by(columns.id).limit(limit))
    return [DueNews(id, ticket, News(what)) for id, ticket, what in rows]


def take_news(connection: Connection, id: int) -> bool:
    """Once: false if somebody else tells it."""
    return connection.execute(delete(ticket_news).where(ticket_news.c.id == id)).rowcount == 1


def ticket_counts(connection: Connection, now: int) -> TicketCounts:
    late = func.count().filter(tickets.c.due_at < now)
    live, behind = connection.execute(
        select(func.count(), late).select_from(tickets).where(LIVE)
    ).one()
    return TicketCounts(live, behind)


def is_alarming(connection: Connection, rules: TicketRules, now: int) -> bool:
    query = select(tickets.c.id).where(LIVE, _alarming(rules, now)).limit(1)
    return connection.execute(query).first() is not None


def raise_alarms(
    connection: Connection, seal: Seal, rules: TicketRules, now: int, tell_at: int, limit: int
) -> list[TicketAlarm]:
    """Each once. `tell_at`: from when on a subscriber may hear that it takes longer; of urgent
    kinds at once."""
    rows = TicketRows(connection, seal)
    query = select(tickets).where(LIVE, _alarming(rules, now)).order_by(tickets.c.id).limit(limit)
    return [alarm for seen in rows.all(query) for alarm in _alarms(rows, seen, rules, now, tell_at)]


def _alarming(rules: TicketRules, now: int) -> ColumnElement[bool]:
    columns = tickets.c
    behind = [
        and_(columns.due_at < now - after, columns.level < level)
        for level, after in enumerate(rules.escalate, 1)
    ]
    return or_(
        and_(columns.due_at < now, columns.late_at == 0),
        and_(columns.accept_by > 0, columns.accept_by < now),
        *behind,
    )


def _alarms(
    rows: TicketRows, seen: TicketRecord, rules: TicketRules, now: int, tell_at: int
) -> list[TicketAlarm]:
    due = sum(seen.due_at < now - after for after in rules.escalate)
    level, found = max(seen.level, due), []
    values: dict[str, object] = {"level": level}
    if seen.accept_by and seen.accept_by < now:
        found.append(NOT_TAKEN)
        values["accept_by"] = 0
    if seen.late(now) and not seen.late_at:
        found.append(LATE)
        values["late_at"] = now
    if level > seen.level:
        found.append(ESCALATED)
    step = TicketStep(now, ", ".join(found), HALL, str(level) if level > seen.level else "")
    if not rows.move(seen, step, **values):
        return []  # somebody sees to it at this moment; it is looked at again
    if LATE in found and seen.phone:
        rows.tell(seen.id, News.DELAYED, now if rules.kind(seen.kind).urgent else tell_at)
    region = seen.team or seen.region
    return [TicketAlarm(what, seen.number, seen.kind, region, level) for what in found]
