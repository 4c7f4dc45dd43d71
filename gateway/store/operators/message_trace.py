"""What the journal knows of messages, put together: by a number, or by the id of one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Table, select

from gateway.model.address import Address
from gateway.model.message_id import REPLY_BITS, message_of
from gateway.model.tracing import answer_reason, left_as
from gateway.model.tracing.answer_reason import AnswerReason
from gateway.model.tracing.message_trace import (
    TracedCall,
    TracedErrand,
    TracedMessage,
    TracedOrder,
    TracedReceipt,
    TracedSending,
)
from gateway.security.encryption import Seal
from gateway.store.messages import ACCEPTED, FAILED, LEAVING, UNKNOWN, words_of
from gateway.store.tables import (
    binds,
    calls,
    errands,
    inbox,
    inbox_details,
    orders,
    outbox,
    receipts,
    unasked,
)
from smpp.messages.receipts import message_id_forms

_STATES: Final = {
    ACCEPTED: "accepted", FAILED: "failed", LEAVING: "leaving", UNKNOWN: "perhaps sent",
}  # fmt: skip
_PAGE: Final = 500  # keys of one question
_LATEST: Final = (1 << 63) - 1
_MARK: Final = 16  # hexadecimal digits of a fingerprint that are told
Key = TypeVar("Key", int, str)


class MessageTrace:
    """Reads only. Secrets are not in the journal; what an answer that carries one said is left
    out."""

    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def of_number(
        self, msisdn: str, limit: int, since: int = 0, until: int = _LATEST
    ) -> list[TracedMessage]:
        """The latest of those with ids from `since` to before `until`, the oldest first; also what
        nobody had asked for."""
        columns, phone = inbox.c, int(msisdn)
        mine = (columns.phone == phone) & columns.id.between(since, until - 1)
        query = select(inbox).where(mine).order_by(columns.id.desc()).limit(limit)
        rows = self._connection.execute(query).all()
        if len(rows) == limit:
            since = rows[-1].id
        found = [*self._messages(rows), *self._unasked(phone, since, until, limit)]
        return sorted(found, key=lambda one: one.id)[-limit:]

    def of_id(self, id: int) -> list[TracedMessage]:
        """The message of that id, or the one that this id answers; empty: there is none."""
        whole = message_of(id)
        rows = self._connection.execute(select(inbox).where(inbox.c.id == whole)).all()
        if rows:
            return self._messages(rows)
        query = select(unasked).where(unasked.c.outbox_id.in_((whole, id)))
        return self._of_nobody(self._connection.execute(query).all())

    # -- what came -------------------------------------------------------------------------------

    def _messages(self, rows: Sequence[Row[Any]]) -> list[TracedMessage]:
        ids = [row.id for row in rows]
        links = self._links({row.bind for row in rows})
        refused, offers = self._details(ids)
        ordered = {row.id: _order(row) for row in self._by_id(orders, ids)}
        placed = {row.id: row for row in self._by_id(errands, ids)}
        later = {id: row.told_as for id, row in placed.items() if row.told_as}
        over = {row.id: _call(row) for row in self._by_id(calls, ids)}
        sent = self._sent([*ids, *later.values()])
        return [
            TracedMessage(
                row.id, str(row.phone or ""), row.channel, _digits(row.port),
                links[row.bind][0], self._open(row.text_sealed), row.action, row.result,
                answer_reason.unpacked(row.why), tuple(refused[row.id]), tuple(offers[row.id]),
                row.same_as, row.late_ms, row.refused, ordered.get(row.id),
                _errand(placed[row.id]) if row.id in placed else None, over.get(row.id),
                row.bind, links[row.bind][1], row.fingerprint.hex()[:_MARK],
                (*sent[row.id], *sent[later.get(row.id, 0)]),
            )
            for row in rows
        ]  # fmt: skip

    def _details(
        self, ids: Sequence[int]
    ) -> tuple[defaultdict[int, list[str]], defaultdict[int, list[tuple[str, str]]]]:
        refused: defaultdict[int, list[str]] = defaultdict(list)
        offers: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
        for row in self._by_id(inbox_details, ids):
            if row.kind == "refused":
                refused[row.id].append(row.code)
            else:
                offers[row.id].append((row.code, row.result))
        return refused, offers

    def _links(self, of: set[int]) -> defaultdict[int, tuple[str, str]]:
        """Link and SMSC of each bind; empty where there was none."""
        known = {row.id: (row.link, row.smsc) for row in self._by_id(binds, list(of))}
        return defaultdict(lambda: ("", ""), known)

    def _unasked(self, phone: int, since: int, until: int, limit: int) -> list[TracedMessage]:
        """Reminders and notices that have left, or tried to."""
        columns = unasked.c
        query = select(unasked).where(columns.phone == phone, columns.outbox_id > 0)
        between = columns.outbox_id.between(since, until - 1)
        query = query.where(between).order_by(columns.outbox_id.desc()).limit(limit)
        return self._of_nobody(self._connection.execute(query).all())

    def _of_nobody(self, rows: Sequence[Row[Any]]) -> list[TracedMessage]:
        sent = self._sent([row.outbox_id for row in rows])
        return [
            TracedMessage(
                row.outbox_id, str(row.phone), "sms", "", "", "", row.source, row.meaning,
                AnswerReason("unasked"), sent=tuple(sent[row.outbox_id]),
            )
            for row in rows
        ]  # fmt: skip

    # -- what left -------------------------------------------------------------------------------

    def _sent(self, messages: Sequence[int]) -> defaultdict[int, list[TracedSending]]:
        """By the message that each answers; ids tell which."""
        found: defaultdict[int, list[TracedSending]] = defaultdict(list)
        ids = [message + n for message in messages for n in range(1 << REPLY_BITS)]
        rows = self._by_id(outbox, ids)
        told = self._receipts(rows)
        for row in sorted(rows, key=lambda row: row.id):
            found[message_of(row.id)].append(self._sending(row, tuple(told[row.id])))
        return found

    def _sending(self, row: Row[Any], told: tuple[TracedReceipt, ...]) -> TracedSending:
        words = "" if row.secret else words_of(self._open(row.text_sealed))
        return TracedSending(
            row.id, row.link, row.screen is not None, _digits(row.source),
            Address.parse(row.destination).national or _digits(row.destination), words, row.secret,
            _STATES.get(row.state, "waiting"), row.after_ms, row.settled_ms, row.reason,
            left_as.unpacked(row.left_as), told, (row.source, row.destination), row.receipt,
        )  # fmt: skip

    def _receipts(self, sent: Iterable[Row[Any]]) -> defaultdict[int, list[TracedReceipt]]:
        """By the names that the peer gave; they are kept in the first of their forms."""
        names = {
            form
            for row in sent
            for name in left_as.unpacked(row.left_as).names
            if name
            for form in message_id_forms(name)
        }
        found: defaultdict[int, list[TracedReceipt]] = defaultdict(list)
        columns = receipts.c
        smscs = [row.smsc for row in self._connection.execute(select(binds.c.smsc).distinct())]
        links = [row.link for row in self._connection.execute(select(binds.c.link).distinct())]
        for some in _pages(sorted(names)):
            mine = columns.smsc.in_([*smscs, *links]) & columns.message_id.in_(some)
            query = select(receipts).where(mine).order_by(columns.at_ms)
            for row in self._connection.execute(query):
                told = TracedReceipt(row.smsc, row.message_id, row.state, row.at_ms)
                found[row.outbox_id].append(told)
        return found

    def _by_id(self, table: Table, ids: Sequence[int]) -> list[Row[Any]]:
        column: ColumnElement[int] = table.c.id
        return [
            row
            for some in _pages(ids)
            for row in self._connection.execute(select(table).where(column.in_(some)))
        ]

    def _open(self, sealed: bytes | None) -> str:
        return self._seal.open(sealed) if sealed else ""


def _pages(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    return (keys[at : at + _PAGE] for at in range(0, len(keys), _PAGE))


def _digits(address: str) -> str:
    return Address.parse(address).digits if address.count(".") >= 2 else address


def _order(row: Row[Any]) -> TracedOrder:
    return TracedOrder(
        row.action, row.state, row.level, row.interface, row.operator, row.shown_at,
        row.answered_at, row.answer, row.outcome,
    )  # fmt: skip


def _errand(row: Row[Any]) -> TracedErrand:
    return TracedErrand(row.action, row.level, row.tries, row.placed_at, row.settled_at, row.result)


def _call(row: Row[Any]) -> TracedCall:
    return TracedCall(row.lasted_ms, row.ended, row.answers, row.queue, row.waited_ms)
