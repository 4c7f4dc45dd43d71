"""Whose delivery receipts are expected, and what became of those messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, case, select, update

from gateway.model.address import Address
from gateway.model.messages import ReceiptArrived, SendOutcome
from gateway.model.smsc_groups import SmscGroups
from gateway.store.engine import inserting
from gateway.store.messages import ACCEPTED
from gateway.store.tables import UNKNOWN, outbox, receipts
from smpp.messages.receipts import message_id_forms

KNOWN_AT_LAST: Final = "its receipt says that the SMSC had it"

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
                self._set(known, {"outbox_id": settled.id})
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
            set_={"outbox_id": settled.id, "state": early, "at_ms": settled.at_ms},
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
        fresh = inserting(self._connection, receipts).values(row | values)
        kept = fresh.on_conflict_do_nothing().returning(receipts.c.message_id)
        if self._connection.execute(kept).first() is None:
            known = self._find(receipt.link, receipt.message_ids, receipt.phone)
            if known is not None:  # expected beside us just now
                self._set(known, values)
                return int(known.outbox_id)
            return 0
        if id := self._known_at_last(receipt):
            self._change(smsc, receipt.message_ids[0], {"outbox_id": id})
        return id

    def _known_at_last(self, receipt: ReceiptArrived) -> int:
        """A message to that number of which nobody knew whether the SMSC had taken it, and for
        which it wanted a receipt, the oldest: it had. Its name was in the answer that was lost; so
        the number alone tells. 0: there is none."""
        columns = outbox.c
        mine = columns.destination == str(Address.international(receipt.phone or "0"))
        query = select(columns.id).where(UNKNOWN, mine, columns.receipt)
        id = self._connection.execute(query.order_by(columns.id).limit(1)).scalar()
        if id is None:
            return 0
        known = {"state": ACCEPTED, "reason": KNOWN_AT_LAST, "settled_ms": receipt.at_ms}
        self._connection.execute(update(outbox).where(columns.id == id).values(known))
        return int(id)

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
