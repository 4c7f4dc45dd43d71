"""The journal of messages: inbox, outbox, parts of long messages, receipts, and how far the peer has read us."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Engine, bindparam, case, delete, insert, null, select, update

from gateway.ids import REPLY_BITS
from gateway.mail import Arrived, BindBegan, BindEnded, Outgoing, Proven, Settled
from gateway.seal import Seal
from gateway.store.engine import Many
from gateway.store.tables import binds, fragments, inbox, outbox
from smpp.text import Fragment

WAITING, ACCEPTED, FAILED = 0, 1, 2
_INBOX = ("id", "bind", "fingerprint", "phone", "port", "action", "result", "same_as", "text_sealed")
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

    def keep(self, connection: Connection, rows: Iterable[tuple[Arrived, str, str, int, str]]) -> None:
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
        rows = connection.execute(query.where(inbox.c.id > upto, inbox.c.bind == bind).order_by(inbox.c.id))
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

    def _outgoing(self, row: object) -> Outgoing:
        return Outgoing(
            row.id,  # type: ignore[attr-defined]
            row.link,  # type: ignore[attr-defined]
            row.source,  # type: ignore[attr-defined]
            row.destination,  # type: ignore[attr-defined]
            self._seal.open(row.text_sealed),  # type: ignore[attr-defined]
            row.secret,  # type: ignore[attr-defined]
            row.receipt,  # type: ignore[attr-defined]
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

    def earlier_binds(self, connection: Connection, since: int) -> Sequence[tuple[int, int]]:
        """Bind and how far it was proven, for binds since an id."""
        rows = connection.execute(select(binds.c.id, binds.c.proven_upto).where(binds.c.proven_upto > since))
        return [(id, upto) for id, upto in rows]

    # -- parts of long messages --------------------------------------------------------------------

    def keep_part(self, connection: Connection, part: Arrived, fragment: Fragment) -> list[Fragment]:
        """Keep a part; the whole message's parts once all are there, else none. A repeated part
        takes the place of the first."""
        mine = (
            (fragments.c.link == part.link)
            & (fragments.c.source == part.source)
            & (fragments.c.port == part.port)
            & (fragments.c.reference == fragment.reference)
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
        return [
            Fragment(row.reference, row.total, row.number, bytes.fromhex(self._seal.open(row.octets_sealed)), row.data_coding)
            for row in rows
        ]  # fmt: skip


def _parameters(names: Sequence[str]) -> dict[str, object]:
    return {name: bindparam(name) for name in names}
