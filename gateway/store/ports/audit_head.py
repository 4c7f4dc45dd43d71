"""Where the audit ends: a row of `meta`, signed with the hall's key from a store's first moment."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Select, select

from gateway.model.operators.audit import AuditHead
from gateway.security.encryption import Seal
from gateway.store.engine import inserting
from gateway.store.tables import meta

HEAD: Final = "audit head"
START: Final = AuditHead(0, "")


def signed(seal: Seal, head: AuditHead) -> str:
    return f"{head}:{seal.link(HEAD, str(head).encode())}"


def opened(seal: Seal, value: str) -> AuditHead | None:
    """None: it was not signed with this key."""
    count, _, rest = value.partition(":")
    last, _, _ = rest.partition(":")
    if not count.isdigit():
        return None
    head = AuditHead(int(count), last)
    return head if signed(seal, head) == value else None


def head_row() -> Select[Any]:
    return select(meta.c.value).where(meta.c.name == HEAD)


def begin_audit(connection: Connection, seal: Seal) -> None:
    """Once in a store's life: whoever takes away all of the audit later cannot sign that."""
    put_head(connection, signed(seal, START))


def put_head(connection: Connection, value: str) -> None:
    """Where there is none."""
    row = inserting(connection, meta).values(name=HEAD, value=value)
    connection.execute(row.on_conflict_do_nothing())
