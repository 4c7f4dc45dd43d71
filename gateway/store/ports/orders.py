"""commands.model.hall.PlacedOrders: changes that wait for their confirm, and the consent that was
given."""

from __future__ import annotations

import orjson
from sqlalchemy import ColumnElement, Connection, insert, select, update

from commands.model.orders import PlacedOrder
from commands.model.request import Arguments, Channel, Secret
from gateway.security.encryption import Seal
from gateway.store.messages import words_of
from gateway.store.tables import orders, outbox

WAITING, DONE, DECLINED = "waiting", "done", "declined"


class SqlOrders:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def propose(self, order: PlacedOrder) -> None:
        self._connection.execute(
            insert(orders),
            {
                "id": order.id,
                "action": order.action,
                "phone": int(order.phone or 0),  # none is shown
                "subject": int(order.subject),
                "args_sealed": self._seal.seal(packed(order.args)),
                "channel": order.channel.value,
                "interface": order.interface,
                "level": order.level,
                "proposed_at": order.proposed_at,
                "expires_at": order.expires_at,
                "operator": order.operator,
                "shown_at": order.shown_at,
            },
        )

    def shown(self, order: int, text: str, now: int) -> None:
        """Keep the very words that the subscriber was asked to confirm, and when he had them."""
        values = {"shown_sealed": self._seal.seal(text), "shown_at": now}
        self._connection.execute(update(orders).where(orders.c.id == order).values(values))

    def taken(self, order: int, message: int, now: int) -> None:
        """The network took a message of the outbox that asks for it: its words are what is agreed
        to, behind those of the screens before it. What is answered keeps what it was answered
        to."""
        text = select(outbox.c.text_sealed).where(outbox.c.id == message).scalar_subquery()
        query = select(orders.c.shown_sealed, text).where(self._waits(order))
        row = self._connection.execute(query).first()
        if row is None or row[1] is None:
            return
        words, before = words_of(self._seal.open(row[1])), row[0] and self._seal.open(row[0])
        if before and words in before:
            words = before
        elif before:
            words = f"{before}\n{words}"
        values = {"shown_sealed": self._seal.seal(words), "shown_at": now}
        self._connection.execute(update(orders).where(self._waits(order)).values(values))

    @staticmethod
    def _waits(order: int) -> ColumnElement[bool]:
        return (orders.c.id == order) & (orders.c.state == WAITING)

    def consume(self, order: int, answer: str, now: int) -> PlacedOrder | None:
        # One statement takes it: whoever comes second finds it taken, whatever the two have read
        # before.
        seen = orders.c.shown_at > 0
        taken = self._answer(order, DONE, answer, now, orders.c.expires_at > now, seen)
        return self._closed(order) if taken else None

    def decline(self, order: int, answer: str, now: int) -> PlacedOrder | None:
        return self._closed(order) if self._answer(order, DECLINED, answer, now) else None

    def ended(self, order: int, result: str) -> None:
        mine = orders.c.id == order
        self._connection.execute(update(orders).where(mine).values(outcome=result))

    def find(self, order: int) -> PlacedOrder | None:
        return self._read(order, orders.c.state == WAITING)

    def waiting(self, subject: str, action: str, now: int) -> PlacedOrder | None:
        columns = orders.c
        query = (
            select(columns.id)
            .where(columns.phone == int(subject), columns.action == action)
            .where(columns.state == WAITING, columns.expires_at > now)
            .order_by(columns.id.desc())
        )
        found = self._connection.execute(query).scalar()
        return self._read(found) if found else None

    def _answer(self, order: int, state: str, answer: str, now: int, *conditions: object) -> bool:
        result = self._connection.execute(
            update(orders)
            .where(orders.c.id == order, orders.c.state == WAITING, *conditions)  # type: ignore[arg-type]
            .values(state=state, answer=answer, answered_at=now)
        )
        return result.rowcount == 1

    def _closed(self, order: int) -> PlacedOrder | None:
        """The order for the last time whole: its secrets are not kept any longer than it waits."""
        closed = self._read(order)
        if closed is not None and any(isinstance(v, Secret) for v in closed.args.values()):
            plain = {name: v for name, v in closed.args.items() if not isinstance(v, Secret)}
            values = {"args_sealed": self._seal.seal(packed(plain))}
            self._connection.execute(update(orders).where(orders.c.id == order).values(values))
        return closed

    def _read(self, order: int, *conditions: object) -> PlacedOrder | None:
        query = select(orders).where(orders.c.id == order, *conditions)  # type: ignore[arg-type]
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return PlacedOrder(
            row.id,
            row.action,
            str(row.phone or ""),
            str(row.subject),
            unpacked(self._seal.open(row.args_sealed)),
            Channel(row.channel),
            row.interface,
            row.level,
            row.proposed_at,
            row.expires_at,
            row.operator,
            row.shown_at,
        )


def packed(args: Arguments) -> str:
    """Secrets keep their type: {"card": {"secret": "…"}}. The whole is sealed before it is
    stored."""
    plain = {
        name: {"secret": value.reveal()} if isinstance(value, Secret) else value
        for name, value in args.items()
    }
    return orjson.dumps(plain).decode()


def unpacked(packed: str) -> Arguments:
    return {
        name: Secret(value["secret"]) if isinstance(value, dict) else value
        for name, value in orjson.loads(packed).items()
    }
