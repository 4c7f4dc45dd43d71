"""Recordings that tickets name: these are kept as long as somebody may have to hear them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from gateway.store.store import Store
from gateway.store.tables import tickets

_SOME: Final = 500  # names that the store is asked for at once


def recordings_sent(store: Store, names: Sequence[str], since: int) -> set[str]:
    """Of these recordings, those that a ticket names whose id is not older than `since`."""
    found: set[str] = set()
    with store.reading() as connection:
        for first in range(0, len(names), _SOME):
            some = tickets.c.recording.in_(names[first : first + _SOME])
            query = select(tickets.c.recording).where(tickets.c.id >= since, some)
            found.update(connection.execute(query).scalars())
    return found
