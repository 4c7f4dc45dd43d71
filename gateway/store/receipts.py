"""Whose delivery receipts are expected, and what became of those messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, bindparam, case, select, update

from gateway.model.address import Address
from gateway.model.message_id import floor_at
from gateway.model.messages import ReceiptArrived, SendOutcome
from gateway.model.smsc_groups import SmscGroups
from gateway.store.engine import Among, inserting
from gateway.store.messages import ACCEPTED
from gateway.store.tables import LEAVES, UNCLAIMED, UNKNOWN, WAITING, outbox, receipts
from smpp.messages.receipts import message_id_forms

KNOWN_AT_LAST: Final = "its receipt says that the SMSC had it"
CLOCKS: Final = 1.0
"""Seconds by which the clocks of two gateways may differ here."""
_CAME_BEFORE: Final = Among(
    select(receipts.c.speaks_of)
    .join(outbox, outbox.c.destination == receipts.c.speaks_of)
    .where(UNCLAIMED),
    outbox.c.id,
)


class SettledReceipt(NamedTuple):
    """Of a message: its receipt's name, and what that says."""

    id: int
    message_id: str
    state: str


_KNOWN: Final = (
    select(receipts, outbox.c.destination)
    .join_from(receipts, outbox, receipts.c.outbox_id == outbox.c.id, isouter=True)
    .where(
        receipts.c.smsc.in_(bindparam("names", expanding=True)),
        receipts.c.message_id.in_(bindparam("forms", expanding=True)),
    )
)


class SqlReceipts:
    """A receipt comes by whichever bind of the group. An SMSC may name a message in one base and
    its receipt in another: a decimal id can be some other message's hexadecimal one. So forms are
    tried in their order, and the number must fit."""

    def __init__(self, connection: Connection, smscs: SmscGroups) -> None:
        self._connection = connection
        self._smscs = smscs

    def expect(self, settled: SendOutcome) -> list[str]:
        """Remember whose receipts these ids are; the states of those that came before we knew."""
        early = []
        for message_id in filter(None, settled.message_ids):
            forms = message_id_forms(message_id)
            known = self._find(settled.link, forms, "")
            if known is not None and known.outbox_id == 0:
                early.append(known.state)
                self._set(known, {"outbox_id": settled.id, "speaks_of": ""})
            elif state := self._expect(settled, forms[0]):
                early.append(state)
        return early

    def _expect(self, settled: SendOutcome, message_id: str) -> str:
        """An id that the SMSC has given before is the newer message's now; what came for it before
        we knew is its state, also if that was noted beside us just now. What is told twice, because
        the store could not say whether it was kept, changes nothing."""
        smsc = self._smscs.of(settled.link)
        row = {"smsc": smsc, "message_id": message_id, "outbox_id": settled.id}
        fresh = inserting(self._connection, receipts).values(
            row | {"state": "", "at_ms": settled.at_ms}
        )
        early = case((receipts.c.outbox_id.in_((0, settled.id)), receipts.c.state), else_="")
        kept = fresh.on_conflict_do_update(
            index_elements=[receipts.c.smsc, receipts.c.message_id],
            set_={
                "outbox_id": settled.id,
                "state": early,
                "at_ms": settled.at_ms,
                "speaks_of": "",
            },
        ).returning(receipts.c.state)
        return str(self._connection.execute(kept).scalar_one())

    def note(self, receipt: ReceiptArrived) -> int:
        """Note what became of a message; its id, or 0 if we do not know it (yet)."""
        if not receipt.message_ids[0]:
            return 0
        known = self._find(receipt.link, receipt.message_ids, receipt.phone)
        values: dict[str, object] = {"state": receipt.state, "at_ms": receipt.at_ms}
        if known is not None:
            self._set(known, values)
            return int(known.outbox_id)
        smsc = self._smscs.of(receipt.link)
        row = {"smsc": smsc, "message_id": receipt.message_ids[0], "outbox_id": 0}
        speaks_of = str(Address.international(receipt.phone)) if receipt.phone else ""
        row["speaks_of"] = speaks_of
        fresh = inserting(self._connection, receipts).values(row | values)
        kept = fresh.on_conflict_do_nothing().returning(receipts.c.message_id)
        if self._connection.execute(kept).first() is None:
            known = self._find(receipt.link, receipt.message_ids, receipt.phone)
            if known is not None:  # expected beside us just now
                self._set(known, values)
                return int(known.outbox_id)
            return 0
        claimed = self._claimed(speaks_of) if speaks_of else []
        return next((one.id for one in claimed if one.message_id == receipt.message_ids[0]), 0)

    def known_at_last(self, ids: Sequence[int]) -> list[SettledReceipt]:
        """Of the numbers to which these messages went, which are settled by now: what their
        receipts tell that came before, by whichever gateway, and were nobody's."""
        numbers = sorted({row[0] for row in _CAME_BEFORE.rows(self._connection, ids)} - {""})
        return [one for number in numbers for one in self._claimed(number)]

    def _claimed(self, destination: str) -> list[SettledReceipt]:
        """A receipt whose name nobody knows is that of a message to this number of which nobody
        knew whether the SMSC had taken it, and which wanted one: the oldest. It had. Its name was
        in the answer that was lost; so the number alone tells. While another message, of which it
        may just as well speak, is not answered yet, it waits for that."""
        columns = outbox.c
        mine = select(columns.id, columns.receipt).where(columns.destination == destination)
        mine = mine.order_by(columns.id)
        # who settles one at this moment is waited for; or waits for us, and then finds the receipt
        leaving = self._connection.execute(mine.where(LEAVES).with_for_update()).all()
        doubtful = list(self._connection.execute(mine.where(UNKNOWN).with_for_update()))
        if not doubtful:
            return []
        unanswered = [*leaving, *self._connection.execute(mine.where(WAITING))]
        claimed = []
        for early in self._unclaimed(destination):
            always, upto = (
                self._smscs.tells_always(early.smsc),
                floor_at(early.at_ms / 1000 + CLOCKS),
            )
            spoken_of = [
                [one for one in some if one.id < upto and (always or one.receipt)]
                for some in (unanswered, doubtful)
            ]
            if spoken_of[0] or not spoken_of[1]:
                continue
            doubtful.remove(spoken_of[1][0])
            claimed.append(self._is_of(early, spoken_of[1][0].id))
        return claimed

    def _unclaimed(self, destination: str) -> Sequence[Row[Any]]:
        columns = receipts.c
        query = select(receipts).where(UNCLAIMED, columns.speaks_of == destination)
        return self._connection.execute(query.order_by(columns.at_ms, columns.message_id)).all()

    def _is_of(self, early: Row[Any], id: int) -> SettledReceipt:
        known = {"state": ACCEPTED, "reason": KNOWN_AT_LAST, "settled_ms": early.at_ms}
        self._connection.execute(update(outbox).where(outbox.c.id == id).values(known))
        self._set(early, {"outbox_id": id, "speaks_of": ""})
        return SettledReceipt(id, early.message_id, early.state)

    def _find(self, link: str, forms: Sequence[str], phone: str) -> Row[Any] | None:
        names = (self._smscs.of(link), link)  # before there were groups it was the link's name
        asked = {"names": names, "forms": forms}
        rows = {row.message_id: row for row in self._connection.execute(_KNOWN, asked)}
        fitting = (rows[form] for form in forms if form in rows)
        return next((row for row in fitting if _is_for(row.destination, phone)), None)

    def _set(self, known: Row[Any], values: dict[str, object]) -> None:
        self._change(known.smsc, known.message_id, values)

    def _change(self, smsc: str, message_id: str, values: dict[str, object]) -> None:
        same = (receipts.c.smsc == smsc) & (receipts.c.message_id == message_id)
        self._connection.execute(update(receipts).where(same).values(values))


def _is_for(destination: str | None, phone: str) -> bool:
    """Whether a message went to that number; yes, where one of the two is not known."""
    return not phone or destination is None or Address.parse(destination).digits.endswith(phone)
