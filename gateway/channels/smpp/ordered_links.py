"""What people have ordered of links, obeyed by this gateway within a second or two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from gateway.channels.smpp.links import SmppLinks
from gateway.delivery.outbox import Outbox
from gateway.model.hall_reactor import IHallReactor, in_thread
from gateway.model.link_orders import LinkOrder, LinkState
from gateway.ops.log import Log
from gateway.store.connection import StoreFailure
from gateway.store.operators.link_orders import SqlLinkOrders
from gateway.store.store import Store

LOOK: Final = 1.0  # seconds between looks; one costs the store a tenth of a millisecond
Orders = Mapping[str, LinkOrder]


class OrderedLinks:
    def __init__(
        self,
        reactor: IHallReactor,
        store: Store,
        links: SmppLinks,
        outbox: Outbox,
        senders: Callable[[], int],
        log: Log,
    ) -> None:
        """`senders`: how many gateways can send, with this one: each has its share of a rate."""
        self._reactor, self._store, self._log = reactor, store, log
        self._links, self._outbox = links, outbox
        self._senders = senders
        self._known: Orders = {}

    def look(self) -> Deferred[None]:
        """While the store is away, what was ordered last holds."""
        looked = in_thread(self._reactor, self._read)
        return looked.addCallbacks(self._obey, self._away)

    def _read(self) -> Orders:
        with self._store.reading() as connection:
            return SqlLinkOrders(connection).all()

    def _away(self, failure: Failure) -> None:
        """That the store is away, the desk tells."""
        failure.trap(StoreFailure)

    def _obey(self, orders: Orders) -> None:
        for link, order in orders.items():
            if self._known.get(link) != order:
                facts = {"link": link, "state": order.state.value, "rate": order.rate}
                self._log.event("link ordered", **facts, by=order.operator)
        self._known = orders
        self._outbox.throttled.limits.order(self._rates(orders))
        drained = [one.link for one in orders.values() if one.state is LinkState.DRAINED]
        self._links.hold([link for link in drained if not self._outbox.links.in_flight(link)])

    def _rates(self, orders: Orders) -> dict[str, float]:
        share = 1 / max(1, self._senders())
        return {
            link: order.rate * share if order.state is LinkState.OPEN else 0.0
            for link, order in orders.items()
            if order.rate or order.state is not LinkState.OPEN
        }
