"""The journal of messages: inbox, outbox, and how far the peer has read us."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import (
    Connection,
    Row,
    and_,
    false,
    insert,
    select,
    text,
    update,
)

from gateway.model.address import Address
from gateway.model.cluster_view import ClusterView, Place
from gateway.model.message_id import REPLY_BITS, copy_of
from gateway.model.messages import (
    BindBegan,
    BindEnded,
    BindNote,
    BindOverlaps,
    InboxEntry,
    OutgoingMessage,
    OutgoingScreen,
    PeerHasRead,
    ScreenAct,
    SendOutcome,
)
from gateway.security.encryption import Seal
from gateway.store.connection import all_before_is_replicated
from gateway.store.engine import Among, EachRow, Many, inserting
from gateway.store.tables import HANDED, LEAVES, binds, inbox, outbox
from gateway.store.tables import WAITING as STILL_WAITING

WAITING, ACCEPTED, FAILED = 0, 1, 2
LEAVING, UNKNOWN = 3, 4
"""What nobody asked for: it is about to leave, or has left; and nobody knows whether it arrived."""
ALONE = ClusterView()
_KEEP = Many(
    inbox,
    (
        "id",
        "bind",
        "fingerprint",
        "phone",
        "port",
        "channel",
        "action",
        "result",
        "same_as",
        "text_sealed",
        "late_ms",
        "why",
    ),
)
_SEND = Many(
    outbox,
    (
        "id",
        "link",
        "source",
        "destination",
        "secret",
        "receipt",
        "text_sealed",
        "state",
        "after_ms",
        "screen",
        "asks_for",
        "owner",
        "turn",
        "handed",
    ),
)

_SETTLE = EachRow(
    outbox,
    ("state", "settled_ms", "reason", "left_as"),
    {"text_sealed": "CASE WHEN outbox.secret THEN NULL ELSE outbox.text_sealed END"},
)

_IS_HANDED = Among(select(outbox.c.id).where(HANDED), outbox.c.owner)
_READ = Among(update(outbox).values(handed=false()), outbox.c.id)
_LEFT_BEHIND = Among(select(outbox.c.id, outbox.c.link).where(LEAVES), outbox.c.owner)
_MARK = Among(
    # also what is marked already: whoever marked it was not told so
    update(outbox).where(text("state IN (0, 3)")).values(state=LEAVING).returning(outbox.c.id),
    outbox.c.id,
)
_UNMARK = Among(update(outbox).where(LEAVES).values(state=WAITING), outbox.c.id)
_ORDER = outbox.c.turn, outbox.c.id
_NOBODYS = {
    "bind": 0,
    "fingerprint": b"",
    "phone": 0,
    "port": "",
    "channel": "",
    "action": "",
    "result": "",
    "same_as": 0,
    "text_sealed": None,
}

_PROVEN = Among(update(binds).values(proven_upto=0), binds.c.id)


class Messages:
    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    # -- in --------------------------------------------------------------------------------------

    def keep(self, connection: Connection, entries: Iterable[InboxEntry]) -> None:
        _KEEP.put(connection, [self._inbox_row(entry) for entry in entries])

    def _inbox_row(self, entry: InboxEntry) -> tuple[object, ...]:
        message, heard = entry.message, entry.heard
        return (
            message.id,
            message.bind,
            message.fingerprint,
            int(message.phone or 0),
            str(message.port),
            message.channel.value,
            entry.action,
            entry.result,
            entry.same_as,
            self._seal.seal(heard) if heard else None,
            entry.late_ms,
            entry.why,
        )

    def has(self, connection: Connection, message: int) -> bool:
        """Whether it is kept."""
        return (
            connection.execute(select(inbox.c.id).where(inbox.c.id == message)).first() is not None
        )

    def decided(self, connection: Connection, ids: Sequence[int]) -> None:
        """Returns when no other transaction can keep these any more, or has. A server that stood
        still, and goes on, finds in its sockets what was given up long ago. Whoever would insert
        what another is about to commit waits for him; what we insert here is undone."""
        if not ids or connection.dialect.name != "postgresql":
            return
        with connection.begin_nested() as probe:
            rows = [{**_NOBODYS, "id": id} for id in sorted(ids)]
            connection.execute(inserting(connection, inbox).on_conflict_do_nothing(), rows)
            probe.rollback()

    # -- out -------------------------------------------------------------------------------------

    def put(
        self,
        connection: Connection,
        messages: Iterable[OutgoingMessage],
        place: Callable[[int], Place] = ALONE.default_place,
    ) -> None:
        """`place` says by id where each stands."""
        _SEND.put(
            connection,
            [
                (
                    message.id,
                    message.link,
                    str(message.source),
                    str(message.destination),
                    message.secret,
                    message.receipt,
                    self._seal.seal(_words(message)),
                    WAITING,
                    message.after_ms,
                    _packed(message.screen) if message.screen else None,
                    message.asks_for,
                    *place(message.id),
                )
                for message in messages
            ],
        )

    def settle(self, connection: Connection, settled: Iterable[SendOutcome]) -> None:
        """With one statement."""
        _SETTLE.change(
            connection,
            [(_state(one), one.at_ms, one.reason, one.left, one.id) for one in settled],
        )

    def mark_leaving(self, connection: Connection, ids: Sequence[int]) -> frozenset[int]:
        """Of what waits; which it was."""
        return frozenset(int(row[0]) for row in _MARK.rows(connection, ids, (LEAVING,)))

    def unmark_leaving(self, connection: Connection, ids: Sequence[int]) -> None:
        _UNMARK.change(connection, (WAITING,), ids)

    def left_behind(
        self, connection: Connection, slots: Iterable[int], in_hand: Collection[int]
    ) -> list[tuple[int, str]]:
        """Id and link of what was about to leave from these slots, and is in nobody's hand."""
        rows = _LEFT_BEHIND.rows(connection, list(slots))
        return sorted({(int(id), str(link)) for id, link in rows if id not in in_hand})

    def waiting(
        self, connection: Connection, slots: Iterable[int], limit: int, now_ms: int
    ) -> list[OutgoingMessage]:
        """What waits in these slots of the outbox and is due, in the order of the turns; sure to be
        there once this is committed. Its holder has read it from now on."""
        all_before_is_replicated(connection)
        due = and_(STILL_WAITING, outbox.c.after_ms <= now_ms)
        rows: list[Row[Any]] = []
        for slot in slots:
            query = select(outbox).where(due, outbox.c.owner == slot)
            rows += connection.execute(query.order_by(*_ORDER).limit(limit))
        rows.sort(key=lambda row: (row.turn, row.id))
        return self._read(connection, rows[:limit])

    def handed(
        self, connection: Connection, slots: Iterable[int], limit: int
    ) -> list[OutgoingMessage]:
        """What others have written for these slots; its holder has read it from now on."""
        all_before_is_replicated(connection)
        found = select(outbox).where(HANDED, outbox.c.owner.in_(list(slots)))
        # a sum, so that no store takes the index of all that waits for the sake of the order
        rows = connection.execute(found.order_by(outbox.c.turn + 0, outbox.c.id).limit(limit)).all()
        return self._read(connection, rows)

    def is_handed(self, connection: Connection, slots: Iterable[int]) -> bool:
        return bool(_IS_HANDED.rows(connection, list(slots)))

    def _read(self, connection: Connection, rows: Sequence[Row[Any]]) -> list[OutgoingMessage]:
        _READ.change(connection, (), [row.id for row in rows if row.handed])
        return [self._outgoing(row) for row in rows]

    def replies(
        self, connection: Connection, message: int, *, waiting: bool = False
    ) -> list[OutgoingMessage]:
        """What was said in answer to a message and already taken by the peer; with `waiting`, also
        what is still on its way. A screen that nobody saw may be seen now. Words that carried a
        secret are gone once they are taken: they are not said again."""
        states = (ACCEPTED, WAITING) if waiting else (ACCEPTED,)
        last = message + (1 << REPLY_BITS) - 1
        unseen = (outbox.c.state == FAILED) & outbox.c.screen.is_not(None)
        query = select(outbox).where(
            outbox.c.id.between(message, last),
            outbox.c.state.in_(states) | unseen,
            outbox.c.text_sealed.is_not(None),
        )
        return [self._outgoing(row) for row in connection.execute(query.order_by(outbox.c.id))]

    def _outgoing(self, row: Row[Any]) -> OutgoingMessage:
        text, _, instead = self._seal.open(row.text_sealed).partition(_OR)
        return OutgoingMessage(
            row.id,
            row.link,
            Address.parse(row.source),
            Address.parse(row.destination),
            text,
            row.secret,
            row.receipt,
            row.after_ms,
            _screen(row.screen) if row.screen else None,
            instead,
            row.asks_for,
        )

    # -- binds -----------------------------------------------------------------------------------

    def noted(self, connection: Connection, note: BindNote) -> None:
        """What became of a bind."""
        match note:
            case BindBegan():
                self.began(connection, note)
            case BindOverlaps(bind):
                self.overlaps(connection, bind)
            case BindEnded():
                self.ended(connection, note)

    def began(self, connection: Connection, bind: BindBegan) -> None:
        """Noted once, however often it is said."""
        if connection.execute(select(binds.c.id).where(binds.c.id == bind.bind)).first():
            return
        row = {
            "id": bind.bind,
            "link": bind.link,
            "smsc": bind.smsc,
            "copy": copy_of(bind.bind),
            "proven_upto": bind.bind,
        }
        connection.execute(insert(binds), row)

    def proven(self, connection: Connection, proven: PeerHasRead) -> None:
        """Later never means less: the peer cannot unread."""
        _PROVEN.change(connection, (proven.upto,), (proven.bind,))

    def overlaps(self, connection: Connection, bind: int) -> None:
        connection.execute(update(binds).where(binds.c.id == bind).values(overlaps=True))

    def ended(self, connection: Connection, bind: BindEnded) -> None:
        values = {"proven_upto": bind.upto, "ended_ms": bind.at_ms}
        connection.execute(update(binds).where(binds.c.id == bind.bind).values(values))


def _state(one: SendOutcome) -> int:
    if one.accepted:
        return ACCEPTED
    return UNKNOWN if one.unknown else FAILED


_OR = "\x1e"  # between the words of a screen and of the short message in its stead


def words_of(kept: str) -> str:
    """The words that were sent, without those that would have taken their place."""
    return kept.partition(_OR)[0]


def _words(message: OutgoingMessage) -> str:
    return f"{message.text}{_OR}{message.instead}" if message.instead else message.text


def _screen(packed: bytes) -> OutgoingScreen:
    act, session, until_ms, otherwise, source = orjson.loads(packed)
    told_from = Address.parse(source) if source else None
    return OutgoingScreen(ScreenAct(act), session, until_ms, otherwise, told_from)


def _packed(screen: OutgoingScreen) -> bytes:
    source = str(screen.source) if screen.source else ""
    return orjson.dumps((*screen[:-1], source))
