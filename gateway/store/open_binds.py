"""Binds that gateways have open now, whichever they are."""

from __future__ import annotations

from sqlalchemy import Connection, select

from gateway.store.tables import binds


def smsc_of(connection: Connection, link: str) -> str:
    """The SMSC to which a link led when it was bound last, in whichever gateway; or empty."""
    last = select(binds.c.smsc).where(binds.c.link == link).order_by(binds.c.id.desc())
    return connection.execute(last.limit(1)).scalar() or ""


def links_up(connection: Connection) -> list[str]:
    """The links that have a bind; the one that was bound last first."""
    up = select(binds.c.link).where(binds.c.ended_ms == 0).order_by(binds.c.id.desc())
    return [str(link) for (link,) in connection.execute(up)]
