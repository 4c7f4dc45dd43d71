"""Counting the journal: messages, answers, calls, orders, tickets of some hours.

What is counted of an hour is a function of what the store holds, so that it can be counted again
and put in the place of what was counted before: nothing is ever added to a count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, case, select

from commands.model.request import Channel
from gateway.model import figures
from gateway.model.figures import FigureGroups, Group, Tally, bucket
from gateway.model.message_id import (
    answers_something,
    floor_at,
    message_of,
    milliseconds_of,
    moment_of,
)
from gateway.model.tracing.left_as import unpacked
from gateway.security.encryption import Seal
from gateway.store import messages
from gateway.store.figures.contacts import contacts
from gateway.store.figures.notice_effects import Counting, notice_effects
from gateway.store.figures.unasked import unasked_messages
from gateway.store.figures.unclear import UnclearTexts
from gateway.store.messages import ACCEPTED, FAILED
from gateway.store.tables import (
    calls,
    errands,
    inbox,
    inbox_details,
    orders,
    outbox,
    preferences,
    receipts,
    subscribers,
    ticket_promises,
    tickets,
)

UNKNOWN: Final = "unknown"  # the action of a text that was not understood
SAME: Final = ("part", "again")  # of a message that is there already: nothing more was asked
SOON_MS: Final = 15_000  # within which a person should answer
_PAGE: Final = 1_000  # rows that are fetched at once
HourOf = Callable[[float], int]
DOOR: Final = case((inbox.c.channel == Channel.DOOR.value, inbox.c.port), else_="")
_MESSAGE_OF: Final = {ACCEPTED: "accepted", FAILED: "failed", messages.UNKNOWN: "unknown"}


@dataclass(slots=True)
class CountedSpan:
    """By the second that each hour begins with."""

    tallies: defaultdict[int, Tally] = field(default_factory=lambda: defaultdict(Tally))
    texts: dict[int, UnclearTexts] = field(default_factory=dict)


class JournalCount:
    """Counts from `begins` to before `ends`, in seconds since 1970, as `connection` sees it.
    `go_on` is called before each page of rows, and may wait or raise."""

    def __init__(
        self,
        connection: Connection,
        seal: Seal,
        groups: FigureGroups,
        hour_of: HourOf,
        begins: int,
        ends: int,
        go_on: Callable[[], None] = lambda: None,
    ) -> None:
        self._connection = connection.execution_options(yield_per=_PAGE)
        self._seal = seal
        self._groups = groups
        self._hour_of = hour_of
        self._go_on = go_on
        self._begins, self._ends = begins, ends
        self._regions: dict[int, str] = {}
        self._hours: dict[int, int] = {}
        self.counted = CountedSpan()

    def all(self, *, final: bool = False) -> CountedSpan:
        """`final`: a day later, when it is known who came back."""
        for count in (
            self._messages, self._details, self._sent, self._receipts, self._calls, self._orders,
            self._boss, self._opened, self._due, self._unasked,
        ):  # fmt: skip
            count()
        if final:
            self._contacts()
        return self.counted

    # -- what each row says ----------------------------------------------------------------------

    def _messages(self) -> None:
        columns = inbox.c
        words = case((columns.action == UNKNOWN, columns.text_sealed))
        query = select(
            columns.id, columns.phone, columns.channel, columns.action, columns.result,
            subscribers.c.brand, words, DOOR,
        ).outerjoin(subscribers, subscribers.c.msisdn == columns.phone)  # fmt: skip
        ratings: list[tuple[int, int, str, str]] = []
        times: Counter[tuple[int, str, str | None, str, str, str, str]] = Counter()  # cheaper so
        unclear: dict[int, tuple[int, str, int]] = {}  # phone -> hour, text, id of the last one
        for id, phone, channel, action, result, brand, sealed, door in self._ids(
            query.order_by(columns.id), columns.id
        ):
            hour = self._hour(id)
            times[hour, channel, brand, self._region(phone), door, action, result] += 1
            if phone in unclear and action not in SAME:
                self._texts(hour).followed(unclear.pop(phone), id, action)
            if sealed is not None:
                text = self._texts(hour).said(self._seal.open(sealed))
                unclear[phone] = (hour, text, id)
            elif action == "fb.rate" and result == "ok":
                ratings.append((id, phone, channel, brand))
        for (hour, channel, brand, region, door, action, result), count in times.items():
            where = (channel, brand or "", region, self._interface(channel, door))
            self._tally(hour).add(Group(figures.MESSAGE, *where, action, result), count)
        self._followed_later(unclear)
        self._ratings(ratings)

    def _followed_later(self, unclear: dict[int, tuple[int, str, int]]) -> None:
        """What came next is read a little beyond the end."""
        columns, until = inbox.c, self._ends + UnclearTexts.SOON
        if unclear:
            later = (columns.id >= floor_at(self._ends)) & (columns.id < floor_at(until))
            query = select(columns.id, columns.phone, columns.action).where(later)
            for id, phone, action in self._rows(query.order_by(columns.id)):
                if phone in unclear and action not in SAME:
                    said = unclear.pop(phone)
                    self._texts(said[0]).followed(said, id, action)
        for said in unclear.values():
            self._texts(said[0]).followed(said, 0, "")

    def _ratings(self, ratings: list[tuple[int, int, str, str]]) -> None:
        """The score is the wish that the message was kept as."""
        kept = preferences.c
        for id, phone, channel, brand in ratings:
            mine = (kept.msisdn == phone) & (kept.name == "rating.score")
            query = select(kept.value).where(mine, kept.said_at == int(moment_of(id)))
            score = self._connection.execute(query.order_by(kept.id.desc()).limit(1)).scalar()
            if score is not None:
                where = self._where(channel, phone, brand)
                self._tally(self._hour(id)).add(Group(figures.RATING, *where, "", str(int(score))))

    def _details(self) -> None:
        """Why messages were refused, and what became of offers."""
        told, of = inbox_details.c, inbox.c
        query = (
            select(
                told.id, told.kind, told.code, told.result,
                of.channel, of.phone, of.action, subscribers.c.brand, DOOR,
            )
            .join(inbox, of.id == told.id)
            .outerjoin(subscribers, subscribers.c.msisdn == of.phone)
        )  # fmt: skip
        for id, kind, code, result, channel, phone, action, brand, door in self._ids(
            query, told.id
        ):
            where = self._where(channel, phone, brand, door)
            refused = Group(figures.REFUSAL, *where, action, code)
            offered = Group(figures.OFFER, *where, code, result)
            self._tally(self._hour(id)).add(refused if kind == "refused" else offered)

    def _sent(self) -> None:
        columns = outbox.c
        query = select(
            columns.id, columns.link, columns.screen.is_(None), columns.state, columns.after_ms,
            columns.settled_ms, columns.left_as,
        )  # fmt: skip
        for id, link, text, state, after_ms, settled_ms, left in self._ids(query, columns.id):
            channel, tally = "sms" if text else "ussd", self._tally(self._hour(id))
            ended = _MESSAGE_OF.get(state, "waiting")
            tally.add(Group(figures.SENT, channel, what=link, detail=ended))
            if state == ACCEPTED and not after_ms and answers_something(id):
                took = max(0, settled_ms - round(moment_of(message_of(id)) * 1000))
                tally.add(Group(figures.ANSWER_TIME, channel, what=bucket(took)), 1, took)
            if (took_ms := unpacked(left).answer_ms) is not None:
                tally.add(Group(figures.PEER_TIME, channel, what=bucket(took_ms)), 1, took_ms)

    def _unasked(self) -> None:
        for id, group in unasked_messages(self._rows, self._begins, self._ends):
            self._tally(self._hour(id)).add(group)
        counting = Counting(self._begins, self._ends, self._groups.effect)
        for id, group, times in notice_effects(self._connection, self._rows, counting):
            self._tally(self._hour(id)).add(group, times)

    def _receipts(self) -> None:
        columns = receipts.c
        between = columns.at_ms.between(self._begins * 1000, self._ends * 1000 - 1)
        query = select(columns.at_ms, columns.smsc, columns.state)
        for at_ms, smsc, state in self._rows(query.where(between, columns.state != "")):
            tally = self._tally(self._hour_of(at_ms / 1000))
            tally.add(Group(figures.RECEIPT, "sms", what=smsc, detail=state))

    def _calls(self) -> None:
        query = select(calls, subscribers.c.brand).outerjoin(
            subscribers, subscribers.c.msisdn == calls.c.phone
        )
        for row in self._ids(query, calls.c.id):
            tally, where = (
                self._tally(self._hour(row.id)), self._where("voice", row.phone, row.brand),
            )  # fmt: skip
            tally.add(Group(figures.CALL, *where, "", "ended"), 1, row.lasted_ms)
            if row.answers and not row.queue:
                tally.add(Group(figures.CALL, *where, "", "self_service"))
            if row.queue:
                tally.add(Group(figures.CALL, *where, "", "wanted"), 1, row.waited_ms)
                tally.add(Group(figures.CALL, *where, "", row.queue), 1, row.waited_ms)
                if row.queue == "answered" and row.waited_ms <= SOON_MS:
                    tally.add(Group(figures.CALL, *where, "", "in_15"))

    def _orders(self) -> None:
        columns = orders.c
        query = select(
            columns.id, columns.phone, columns.channel, columns.interface, columns.action,
            columns.state, subscribers.c.brand,
        ).outerjoin(subscribers, subscribers.c.msisdn == columns.phone)  # fmt: skip
        for id, phone, channel, interface, action, state, brand in self._ids(query, columns.id):
            where = self._where(channel, phone, brand)[:3]
            group = Group(figures.ORDER, *where, interface, action, state)
            self._tally(self._hour(id)).add(group)

    def _boss(self) -> None:
        columns = errands.c
        query = select(
            columns.id, columns.channel, columns.interface, columns.action, columns.placed_at,
            columns.settled_at, columns.result,
        )  # fmt: skip
        for id, channel, interface, action, placed, settled, result in self._ids(query, columns.id):
            tally = self._tally(self._hour(id))
            took = max(0, settled - placed) * 1000 if settled else 0
            ended = result or "waiting"
            group = Group(figures.BOSS, channel, interface=interface, what=action, detail=ended)
            tally.add(group, 1, took)
            if result == "done":
                tally.add(Group(figures.BOSS_TIME, channel, what=bucket(took)), 1, took)

    def _contacts(self) -> None:
        found = contacts(self._rows, self._begins, self._ends)
        for id, phone, channel, action, brand, ended, door in found:
            where = self._where(channel, phone, brand, door)
            self._tally(self._hour(id)).add(Group(figures.CONTACT, *where, action, ended))

    def _opened(self) -> None:
        columns = tickets.c
        for id, kind, phone, brand in self._ids(_of_tickets(columns.kind), columns.id):
            self._tally(self._hour(id)).add(self._ticket(phone, brand, kind, "opened"))

    def _due(self) -> None:
        """Kept in time or not; not counted, where a ticket was done before that was kept."""
        columns = tickets.c
        due = columns.due_at.between(self._begins, self._ends - 1)
        known = (columns.done_at > 0) | (columns.state != "done")
        query = _of_tickets(columns.kind, columns.due_at, columns.done_at).where(due, known)
        for _, kind, due_at, done_at, phone, brand in chain(
            self._rows(query), self._rows(self._promised_before())
        ):
            kept = "due_on_time" if 0 < done_at <= due_at else "due_late"
            self._tally(self._hour_of(due_at)).add(self._ticket(phone, brand, kind, kept))

    def _promised_before(self) -> Select[Any]:
        """Of tickets that were opened again since: each promise counts where it was due."""
        before = ticket_promises.c
        due = before.due_at.between(self._begins, self._ends - 1)
        query = select(
            before.id, tickets.c.kind, before.due_at, before.done_at, tickets.c.phone,
            subscribers.c.brand,
        )  # fmt: skip
        return (
            query.join(tickets, tickets.c.id == before.ticket)
            .outerjoin(subscribers, subscribers.c.msisdn == tickets.c.phone)
            .where(due)
        )

    # -- where it belongs ------------------------------------------------------------------------

    def _ticket(self, phone: int, brand: str | None, kind: str, detail: str) -> Group:
        _, brand, region, _ = self._where("", phone, brand)
        return Group(figures.TICKET, "", brand, region, "", kind, detail)

    def _where(
        self, channel: str, phone: int, brand: str | None, door: str = ""
    ) -> tuple[str, str, str, str]:
        """Channel, brand, region, interface. `door`: the port of a request of another interface."""
        return channel, brand or "", self._region(phone), self._interface(channel, door)

    def _interface(self, channel: str, door: str) -> str:
        return door.rpartition(".")[2] if door else self._groups.interfaces.get(channel, "")

    def _region(self, phone: int) -> str:
        """Looked up once for all that share the longest prefix there may be."""
        region = self._regions.get(phone // 100)
        if region is None:
            found = self._groups.regions.of(str(phone)) if phone else None
            region = self._regions[phone // 100] = str(found or "")
        return region

    def _hour(self, id: int) -> int:
        minute = milliseconds_of(id) // 60_000  # no hour begins within one
        if minute not in self._hours:
            self._hours[minute] = self._hour_of(moment_of(id))
        return self._hours[minute]

    def _tally(self, hour: int) -> Tally:
        return self.counted.tallies[hour]

    def _texts(self, hour: int) -> UnclearTexts:
        if hour not in self.counted.texts:
            self.counted.texts[hour] = UnclearTexts()
        return self.counted.texts[hour]

    def _ids(self, query: Select[Any], id: ColumnElement[int]) -> Iterator[Any]:
        """An id tells its moment, so that the hours are a range of it."""
        return self._rows(query.where(id >= floor_at(self._begins), id < floor_at(self._ends)))

    def _rows(self, query: Select[Any]) -> Iterator[Any]:
        """A page at a time: a day may be a million."""
        for page in self._connection.execute(query).partitions():
            self._go_on()
            yield from page


def _of_tickets(*more: ColumnElement[Any]) -> Select[Any]:
    known = subscribers.c.msisdn == tickets.c.phone
    query = select(tickets.c.id, *more, tickets.c.phone, subscribers.c.brand)
    return query.outerjoin(subscribers, known)
