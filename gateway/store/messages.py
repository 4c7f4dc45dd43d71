"""The journal of messages: inbox, outbox, parts of long messages, receipts, and how far the peer has read us."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from smpp.receipts import id_forms
from sqlalchemy import (
    Connection,
    Engine,
    Row,
    bindparam,
    case,
    delete,
    insert,
    null,
    or_,
    select,
    update,
)

from gateway.ids import REPLY_BITS
from gateway.mail import Arrived, BindBegan, BindEnded, Outgoing, Proven, Receipted, Settled
from gateway.seal import Seal
from gateway.store.engine import Many
from gateway.store.tables import binds, fragments, inbox, outbox, receipts
from smpp.text import Fragment

WAITING, ACCEPTED, FAILED = 0, 1, 2
_INBOX = (
    "id",
    "bind",
    "fingerprint",
    "phone",
    "port",
    "action",
    "result",
    "same_as",
    "text_sealed",
)
_OUTBOX = ("id", "link", "source", "destination", "secret", "receipt", "text_sealed", "state")


class Messages:
    """The hot statements, compiled once for the store's dialect."""

    def __init__(self, engine: Engine, seal: Seal) -> None:
        self._seal = seal
        self._insert_inbox = Many(engine, insert(inbox).values(_parameters(_INBOX)), _INBOX)
        self._insert_outbox = Many(engine, insert(outbox).values(_parameters(_OUTBOX)), _OUTBOX)
        wiped = case((outbox.c.secret, null()), else_=outbox.c.text_sealed)
        names = ("new_state", "at_ms", "why", "key")
        settle = (
            update(outbox)
            .where(outbox.c.id == bindparam("key"))
            .values(
                text_sealed=wiped,
                state=bindparam("new_state"),
                settled_ms=bindparam("at_ms"),
                reason=bindparam("why"),
            )
        )
        self._settle = Many(engine, settle, names)

    # -- in --------------------------------------------------------------------------------------

    def keep(
        self, connection: Connection, rows: Iterable[tuple[Arrived, str, str, int, str]]
    ) -> None:
        """Inbox rows: the message, its action, its result, the message it repeats, its masked text."""
        self._insert_inbox.run(
            connection,
            [
                (
                    arrived.id,
                    arrived.bind,
                    arrived.fingerprint,
                    int(arrived.phone or 0),
                    arrived.port,
                    action,
                    result,
                    same_as,
                    self._seal.seal(text) if text else None,
                )
                for arrived, action, result, same_as, text in rows
            ],
        )

    def unproven(self, connection: Connection, bind: int, upto: int) -> Sequence[tuple[bytes, int]]:
        """Fingerprint and id of what the peer may not have seen answered, oldest first. A message that
        repeats another stands for that one."""
        query = select(inbox.c.fingerprint, inbox.c.id, inbox.c.same_as)
        rows = connection.execute(
            query.where(inbox.c.id > upto, inbox.c.bind == bind).order_by(inbox.c.id)
        )
        return [(bytes(fingerprint), same_as or id) for fingerprint, id, same_as in rows]

    # -- out -------------------------------------------------------------------------------------

    def put(self, connection: Connection, messages: Iterable[Outgoing]) -> None:
        self._insert_outbox.run(
            connection,
            [
                (
                    message.id,
                    message.link,
                    message.source,
                    message.destination,
                    message.secret,
                    message.receipt,
                    self._seal.seal(message.text),
                    WAITING,
                )
                for message in messages
            ],
        )

    def settle(self, connection: Connection, settled: Iterable[Settled]) -> None:
        self._settle.run(
            connection,
            [(ACCEPTED if s.accepted else FAILED, s.at_ms, s.reason, s.id) for s in settled],
        )

    def waiting(self, connection: Connection, limit: int) -> list[Outgoing]:
        """What waits in the outbox, oldest first."""
        query = select(outbox).where(outbox.c.state == WAITING).order_by(outbox.c.id).limit(limit)
        return [self._outgoing(row) for row in connection.execute(query)]

    def replies(self, connection: Connection, message: int) -> list[Outgoing]:
        """What was said in answer to a message and already taken by the peer. Words that carried a
        secret are gone by then: they are not said again."""
        last = message + (1 << REPLY_BITS) - 1
        query = select(outbox).where(
            outbox.c.id.between(message, last),
            outbox.c.state == ACCEPTED,
            outbox.c.text_sealed.is_not(None),
        )
        return [self._outgoing(row) for row in connection.execute(query.order_by(outbox.c.id))]

    def _outgoing(self, row: Row[Any]) -> Outgoing:
        return Outgoing(
            row.id,
            row.link,
            row.source,
            row.destination,
            self._seal.open(row.text_sealed),
            row.secret,
            row.receipt,
        )

    # -- binds -----------------------------------------------------------------------------------

    def began(self, connection: Connection, bind: BindBegan) -> None:
        row = {"id": bind.bind, "link": bind.link, "copy": 0, "proven_upto": bind.bind}
        connection.execute(insert(binds), row)

    def proven(self, connection: Connection, proven: Proven) -> None:
        """Later never means less: the peer cannot unread."""
        connection.execute(
            update(binds).where(binds.c.id == proven.bind).values(proven_upto=proven.upto)
        )

    def ended(self, connection: Connection, bind: BindEnded) -> None:
        values = {"proven_upto": bind.upto, "ended_ms": bind.at_ms}
        connection.execute(update(binds).where(binds.c.id == bind.bind).values(values))

    def unended(self, connection: Connection, since_ms: int) -> list[tuple[int, int]]:
        """Binds that were up when the program died, or ended since; and how far each was proven."""
        query = select(binds.c.id, binds.c.proven_upto)
        lately = or_(binds.c.ended_ms == 0, binds.c.ended_ms > since_ms)
        found = [(id, upto) for id, upto in connection.execute(query.where(lately))]
        died = update(binds).where(binds.c.ended_ms == 0)
        connection.execute(died.values(ended_ms=since_ms + 1))
        return found

    # -- receipts --------------------------------------------------------------------------------

    def expect_receipts(self, connection: Connection, settled: Settled) -> list[str]:
        """Remember whose receipts these ids are; the states of those that came before we knew."""
        early = []
        for message_id in settled.message_ids:
            known = self._receipt(connection, settled.link, id_forms(message_id))
            if known is not None and known.outbox_id == 0:
                early.append(known.state)
                self._note(connection, known, {"outbox_id": settled.id})
            elif known is None:
                row = {"link": settled.link, "message_id": id_forms(message_id)[0]}
                row |= {"outbox_id": settled.id, "state": "", "at_ms": settled.at_ms}
                connection.execute(insert(receipts), row)
        return early

    def receipted(self, connection: Connection, receipt: Receipted) -> int:
        """Note what became of a message; its id, or 0 if we do not know it (yet)."""
        known = self._receipt(connection, receipt.link, receipt.message_ids)
        if known is not None:
            self._note(connection, known, {"state": receipt.state, "at_ms": receipt.at_ms})
            return int(known.outbox_id)
        row = {"link": receipt.link, "message_id": receipt.message_ids[0], "outbox_id": 0}
        connection.execute(insert(receipts), row | {"state": receipt.state, "at_ms": receipt.at_ms})
        return 0

    def _receipt(self, connection: Connection, link: str, forms: Sequence[str]) -> Row[Any] | None:
        query = select(receipts).where(receipts.c.link == link, receipts.c.message_id.in_(forms))
        return connection.execute(query).first()

    def _note(self, connection: Connection, known: Row[Any], values: dict[str, object]) -> None:
        same = (receipts.c.link == known.link) & (receipts.c.message_id == known.message_id)
        connection.execute(update(receipts).where(same).values(values))

    # -- parts of long messages ------------------------------------------------------------------

    def keep_part(
        self, connection: Connection, part: Arrived, fragment: Fragment
    ) -> list[Fragment]:
        """Keep a part; the whole message's parts once all are there, else none. A repeated part
        takes the place of the first."""
        mine = (
            (fragments.c.link == part.link)
            & (fragments.c.source == part.source)
            & (fragments.c.port == part.port)
            & (fragments.c.reference == fragment.reference)
            & (fragments.c.bits == fragment.bits)
            & (fragments.c.total == fragment.total)
        )
        connection.execute(delete(fragments).where(mine, fragments.c.number == fragment.number))
        connection.execute(
            insert(fragments),
            {
                "link": part.link,
                "source": part.source,
                "port": part.port,
                "reference": fragment.reference,
                "bits": fragment.bits,
                "total": fragment.total,
                "number": fragment.number,
                "inbox_id": part.id,
                "data_coding": fragment.data_coding,
                "octets_sealed": self._seal.seal(fragment.octets.hex()),
            },
        )
        rows = connection.execute(select(fragments).where(mine).order_by(fragments.c.number)).all()
        if len(rows) < fragment.total:
            return []
        connection.execute(delete(fragments).where(mine))
        return [self._fragment(row) for row in rows]

    def _fragment(self, row: Row[Any]) -> Fragment:
        octets = bytes.fromhex(self._seal.open(row.octets_sealed))
        return Fragment(row.reference, row.total, row.number, octets, row.data_coding, row.bits)


def _parameters(names: Sequence[str]) -> dict[str, object]:
    return {name: bindparam(name) for name in names}
