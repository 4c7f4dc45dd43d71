"""Binds that gateways have open now, whichever they are."""

from __future__ import annotations

from sqlalchemy import Connection, select

from gateway.store.tables import binds


def smsc_of(connection: Connection, link: str) -> str:
    """The SMSC to which a link led when it was bound last, in whichever gateway; or empty."""
    last = select(binds.c.smsc).where(binds.c.link == link).order_by(binds.c.id.desc())
    return connection.execute(last.limit(1)).scalar() or ""


def links_up(connection: Connection) -> list[tuple[str, int]]:
    """The links that have a bind, each with the slot of its gateway; the one that was bound last
    first."""
    columns = binds.c
    up = select(columns.link, columns.copy).where(columns.ended_ms == 0)
    found = connection.execute(up.order_by(columns.id.desc()))
    return [(str(link), int(slot)) for link, slot in found]
