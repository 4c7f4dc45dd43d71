"""Links to SMSCs as people see them: what is ordered of each, and who orders otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gateway.model.link_orders import HIGHEST_RATE, LinkOrder, LinkState
from gateway.model.operators.refusals import ActRefusal, NothingSuch
from gateway.store.connection import Connection
from gateway.store.open_binds import links_up
from gateway.store.operators.link_orders import SqlLinkOrders


class LinkView(NamedTuple):
    """`gateways`: the slots of those that have a bind open. `order` None: nothing was ordered."""

    name: str
    gateways: tuple[int, ...]
    order: LinkOrder | None


def links_seen(connection: Connection, configured: Iterable[str]) -> list[LinkView]:
    """Those of the configuration that we know, those of other gateways, those of an order."""
    up = links_up(connection)
    orders = SqlLinkOrders(connection).all()
    names = {*configured, *orders, *(link for link, _ in up)}
    return [
        LinkView(name, tuple(sorted({slot for link, slot in up if link == name})), orders.get(name))
        for name in sorted(names)
    ]


def order_link(
    connection: Connection,
    seen: Iterable[LinkView],
    wanted: LinkOrder,
) -> LinkOrder:
    """Gateways obey within seconds. Raises ActRefusal."""
    if not any(one.name == wanted.link for one in seen):
        known = ", ".join(one.name for one in seen)
        raise NothingSuch(f"there is no link '{wanted.link}'; there are: {known or 'none'}")
    if not wanted.reason:
        raise ActRefusal("say why: the reason is kept in the audit")
    if not 0 <= wanted.rate <= HIGHEST_RATE:
        raise ActRefusal(f"a rate lies between 0 and {HIGHEST_RATE} parts a second")
    SqlLinkOrders(connection).put(wanted)
    return wanted


def changed(
    before: LinkOrder | None, state: LinkState | None, rate: int | None
) -> tuple[LinkState, int]:
    """State and rate, of which one may stay as it is."""
    was_state = before.state if before else LinkState.OPEN
    was_rate = before.rate if before else 0
    return was_state if state is None else state, was_rate if rate is None else rate


def told(order: LinkOrder) -> str:
    """For the audit."""
    rate = f", {order.rate} parts a second" if order.rate else ""
    return f"{order.link}: {order.state.value}{rate}"
