"""Putting sample interfaces into a store, as new, however often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import delete, select

from gateway.model.doors import DoorInterface, InterfaceKey
from gateway.store.doors.interfaces import SqlInterfaces
from gateway.store.store import Store
from gateway.store.tables import interface_keys, interfaces


class SampleInterface(NamedTuple):
    """With a key that everybody knows."""

    interface: DoorInterface
    key: str  # the part that is no secret
    secret: str


def has_interfaces(store: Store) -> bool:
    with store.reading() as connection:
        return connection.execute(select(interfaces.c.number).limit(1)).first() is not None


def put_interfaces(store: Store, samples: Sequence[SampleInterface], now: int) -> None:
    with store.transaction() as connection:
        kept = SqlInterfaces(connection, store.seal)
        for made, key, secret in samples:
            number = made.number
            connection.execute(delete(interfaces).where(interfaces.c.number == number))
            connection.execute(delete(interface_keys).where(interface_keys.c.interface == number))
            kept.add(replace(made, created_at=now, changed_at=now))
            kept.add_key(InterfaceKey(key, number, now), secret)
