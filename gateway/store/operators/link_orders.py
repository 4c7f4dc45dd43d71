"""What people have ordered of links, for gateways that look."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select

from gateway.model.link_orders import LinkOrder, LinkState
from gateway.store.engine import inserting
from gateway.store.tables import link_orders

_COLUMNS: Final = ("link", "state", "rate", "operator", "reason", "changed_at")
_ALL: Final = select(*[link_orders.c[name] for name in _COLUMNS])


class SqlLinkOrders:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> dict[str, LinkOrder]:
        """By link; those of which nothing was ever ordered are not there."""
        return {
            link: LinkOrder(link, LinkState(state), int(rate), operator, reason, int(at))
            for link, state, rate, operator, reason, at in self._connection.execute(_ALL)
        }

    def put(self, order: LinkOrder) -> None:
        """Instead of what was ordered of it before."""
        values = order._asdict() | {"state": order.state.value}
        instead = {name: value for name, value in values.items() if name != "link"}
        made = inserting(self._connection, link_orders).values(values)
        put = made.on_conflict_do_update(index_elements=["link"], set_=instead)
        self._connection.execute(put)
