"""What happened between a subscriber and the hall: asked, answered, ordered, called, reminded; and
what of it is open now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from commands.model.tickets import OVER
from gateway.model.message_id import floor_at_ms, message_of, moment_of
from gateway.security.encryption import Seal
from gateway.store.tables import (
    UNSETTLED,
    WAITING,
    calls,
    dialogues,
    errands,
    inbox,
    inbox_details,
    orders,
    outbox,
    reminders,
    tickets,
)


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """`what`: message, order, boss, call, reminder or ticket. `words`: what was written, and
    `answers` what was said to it, in full; empty where they are no longer kept."""

    at: float
    what: str
    channel: str
    action: str
    result: str
    detail: str = ""
    words: str = ""
    answers: tuple[str, ...] = ()
    id: int = 0  # of the message that it is, or began with


@dataclass(frozen=True, slots=True)
class OpenNow:
    """`what`: ticket, order, boss, outbox or dialogue."""

    what: str
    about: str
    since: float
    until: float = 0


class SqlTimeline:
    """Of one subscriber."""

    def __init__(self, connection: Connection, seal: Seal, msisdn: str) -> None:
        self._connection, self._seal, self._phone = connection, seal, int(msisdn)

    def lines(self, before_ms: int, limit: int, *, words: bool) -> list[TimelineLine]:
        """Older than a moment, the newest first: at least `limit`, if there are so many, and all of
        the last one's millisecond. `words`: in full, what was written and said."""
        until = floor_at_ms(before_ms)
        found = [
            *self._messages(until, limit, words=words),
            *self._orders(until, limit),
            *self._errands(until, limit),
            *self._calls(until, limit),
            *self._reminders(before_ms, limit),
            *self._tickets(until, limit),
        ]
        found.sort(key=lambda line: -line.at)
        return found if len(found) < limit else [x for x in found if x.at >= found[limit - 1].at]

    def open_now(self, now: float) -> list[OpenNow]:
        return [
            *self._open_tickets(),
            *self._waiting_orders(now),
            *self._unsettled(),
            *self._leaving(),
            *self._dialogue(now),
        ]

    # -- what happened ---------------------------------------------------------------------------

    def _messages(self, until: int, limit: int, *, words: bool) -> list[TimelineLine]:
        columns = inbox.c
        query = (
            select(inbox)
            .where(columns.phone == self._phone, columns.id < until)
            .order_by(columns.id.desc())
            .limit(limit)
        )
        rows = self._connection.execute(query).all()
        why = self._refusals([row.id for row in rows])
        said = self._answers([row.id for row in rows]) if words else {}
        return [
            TimelineLine(
                moment_of(row.id), "message", row.channel, row.action, row.result,
                why.get(row.id, ""),
                self._opened(row.text_sealed) if words else "", tuple(said.get(row.id, ())),
                row.id,
            )
            for row in rows
        ]  # fmt: skip

    def _refusals(self, ids: Sequence[int]) -> dict[int, str]:
        columns = inbox_details.c
        mine = columns.id.in_(ids) & (columns.kind == "refused")
        query = select(columns.id, columns.code).where(mine)
        return {id: code for id, code in self._connection.execute(query)}

    def _answers(self, ids: Sequence[int]) -> dict[int, list[str]]:
        """What was said to each message; a secret that was told is not told again."""
        columns, found = outbox.c, defaultdict[int, list[str]](list)
        those = [id + count for id in ids for count in range(1, 8)]
        query = select(columns.id, columns.text_sealed, columns.secret)
        rows = self._connection.execute(query.where(columns.id.in_(those)).order_by(columns.id))
        for id, sealed, secret in rows:
            text = "" if secret else self._opened(sealed)
            if text:
                found[message_of(id)].append(text)
        return found

    def _orders(self, until: int, limit: int) -> list[TimelineLine]:
        columns = orders.c
        query = select(orders).where(columns.phone == self._phone, columns.id < until)
        return [
            TimelineLine(
                moment_of(row.id),
                "order",
                row.channel,
                row.action,
                row.state,
                row.outcome,
                id=row.id,
            )
            for row in self._connection.execute(query.order_by(columns.id.desc()).limit(limit))
        ]

    def _errands(self, until: int, limit: int) -> list[TimelineLine]:
        columns = errands.c
        query = select(errands).where(columns.phone == self._phone, columns.id < until)
        return [
            TimelineLine(
                moment_of(row.id),
                "boss",
                row.channel,
                row.action,
                row.result or "waiting",
                id=row.id,
            )
            for row in self._connection.execute(query.order_by(columns.id.desc()).limit(limit))
        ]

    def _calls(self, until: int, limit: int) -> list[TimelineLine]:
        columns = calls.c
        query = select(calls).where(columns.phone == self._phone, columns.id < until)
        return [
            TimelineLine(
                moment_of(row.id), "call", "voice", row.queue or "self service", row.ended,
                f"{row.lasted_ms // 1000} s", id=row.id,
            )
            for row in self._connection.execute(query.order_by(columns.id.desc()).limit(limit))
        ]  # fmt: skip

    def _reminders(self, before_ms: int, limit: int) -> list[TimelineLine]:
        columns = reminders.c
        mine = (columns.msisdn == self._phone) & (columns.told_at * 1000 < before_ms)
        query = select(reminders).where(mine).order_by(columns.told_at.desc()).limit(limit)
        return [
            TimelineLine(row.told_at, "reminder", "sms", row.kind, row.result)
            for row in self._connection.execute(query)
        ]

    def _tickets(self, until: int, limit: int) -> list[TimelineLine]:
        columns = tickets.c
        query = select(tickets).where(columns.phone == self._phone, columns.id < until)
        return [
            TimelineLine(moment_of(row.id), "ticket", "", row.kind, row.state, row.number)
            for row in self._connection.execute(query.order_by(columns.id.desc()).limit(limit))
        ]

    # -- what is open ----------------------------------------------------------------------------

    def _open_tickets(self) -> list[OpenNow]:
        columns = tickets.c
        mine = (columns.phone == self._phone) & columns.state.not_in(OVER)
        query = select(columns.number, columns.opened_at, columns.due_at).where(mine)
        return [OpenNow("ticket", *row) for row in self._connection.execute(query)]

    def _waiting_orders(self, now: float) -> list[OpenNow]:
        columns = orders.c
        mine = (columns.phone == self._phone) & (columns.state == "waiting")
        query = select(columns.action, columns.proposed_at, columns.expires_at)
        live = query.where(mine, columns.expires_at > int(now))
        return [OpenNow("order", *row) for row in self._connection.execute(live)]

    def _unsettled(self) -> list[OpenNow]:
        columns = errands.c
        query = select(columns.action, columns.placed_at)
        query = query.where(UNSETTLED, columns.phone == self._phone)
        return [OpenNow("boss", *row) for row in self._connection.execute(query)]

    def _leaving(self) -> list[OpenNow]:
        """Messages that have not left yet."""
        columns = outbox.c
        mine = columns.destination.like(f"%{self._phone}")
        query = select(func.count(), func.min(columns.id)).where(WAITING, mine)
        count, oldest = self._connection.execute(query).one()
        return [OpenNow("outbox", str(count), moment_of(oldest))] if count else []

    def _dialogue(self, now: float) -> list[OpenNow]:
        columns = dialogues.c
        mine = columns.who.in_([f"{kind}:{self._phone}" for kind in ("sms", "ussd", "voice")])
        query = select(columns.who, columns.until_at).where(mine, columns.until_at > int(now))
        return [
            OpenNow("dialogue", who.partition(":")[0], 0, until)
            for who, until in self._connection.execute(query)
        ]

    def _opened(self, sealed: bytes | None) -> str:
        return self._seal.open(sealed) if sealed else ""
