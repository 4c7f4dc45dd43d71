"""Parts of long messages, kept until all have come."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from gateway.model.message_id import floor_at, moment_of
from gateway.model.messages import ShortMessage
from gateway.model.smsc_groups import SmscGroups
from gateway.security.encryption import Seal
from gateway.store.tables import fragments
from smpp.messages.segmentation import Fragment


class SqlParts:
    """Parts of one message may come by any binds to its SMSC, of any gateways."""

    def __init__(
        self, connection: Connection, seal: Seal, patience: int, smscs: SmscGroups
    ) -> None:
        self._connection = connection
        self._seal = seal
        self._patience = patience  # seconds
        self._smscs = smscs

    def keep(self, part: ShortMessage, fragment: Fragment) -> list[Fragment]:
        """Keep a part; the whole message's parts once all are there, else none. A repeated part
        takes the place of the first."""
        smsc = self._smscs.of(part.link)
        mine = (
            # what was kept before there were groups has the link's name
            fragments.c.smsc.in_((smsc, part.link))
            & (fragments.c.source == str(part.source))
            & (fragments.c.port == str(part.port))
            & (fragments.c.reference == fragment.reference)
            & (fragments.c.bits == fragment.bits)
            & (fragments.c.total == fragment.total)
        )
        # a reference comes round again: parts that waited too long belong to another message
        stale = fragments.c.inbox_id < floor_at(moment_of(part.id) - self._patience)
        replaced = (fragments.c.number == fragment.number) | stale
        self._connection.execute(delete(fragments).where(mine, replaced))
        self._connection.execute(
            insert(fragments),
            {
                "smsc": smsc,
                "source": str(part.source),
                "port": str(part.port),
                "reference": fragment.reference,
                "bits": fragment.bits,
                "total": fragment.total,
                "number": fragment.number,
                "inbox_id": part.id,
                "data_coding": fragment.data_coding,
                "octets_sealed": self._seal.seal(fragment.octets.hex()),
            },
        )
        rows = self._connection.execute(
            select(fragments).where(mine).order_by(fragments.c.number)
        ).all()
        if len(rows) < fragment.total:
            return []
        self._connection.execute(delete(fragments).where(mine))
        return [self._fragment(row) for row in rows]

    def _fragment(self, row: Row[Any]) -> Fragment:
        octets = bytes.fromhex(self._seal.open(row.octets_sealed))
        return Fragment(row.reference, row.total, row.number, octets, row.data_coding, row.bits)
