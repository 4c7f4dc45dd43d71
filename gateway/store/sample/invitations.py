"""Putting what waits for sample subscribers to agree to into a store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import delete

from commands.number import vnet_join
from gateway.config.sample.people import Persona
from gateway.model.message_id import floor_at
from gateway.store.ports.orders import SqlOrders
from gateway.store.store import Store
from gateway.store.tables import orders

INTERFACE: Final = "60"  # the group's, in conf/sample/interfaces.yaml


def put_invitations(store: Store, personas: Iterable[Persona], now: int) -> None:
    """As new: an invitation that was answered before may be answered again."""
    with store.transaction() as connection:
        kept = SqlOrders(connection, store.seal)
        for place, persona in enumerate(personas):
            if persona.invited is None:
                continue
            number, invited = persona.account.msisdn, persona.invited
            mine = (orders.c.phone == int(number)) & (orders.c.action == vnet_join.INVITED)
            connection.execute(delete(orders).where(mine))
            id = floor_at(now) + place  # below the ids of messages that come at this very moment
            kept.propose(
                vnet_join.invitation(
                    id, now, INTERFACE, invited.group, number, invited.short_number
                )
            )
