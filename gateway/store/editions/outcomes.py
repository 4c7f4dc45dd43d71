"""The counts of gateway/model/edition_outcomes.py in the store: by minute, version and channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, func, select

from gateway.model.editions.edition_outcomes import EditionOutcome, Outcome
from gateway.model.message_id import floor_at
from gateway.store.engine import inserting
from gateway.store.tables import edition_counts, tickets

_COMPLAINT: Final = "complaint"  # of conf/tickets.yaml
_TEXTS: Final = "sms"  # what comes of these is known at once
_OF_WALKS: Final = [Outcome.BEGUN.value, Outcome.REACHED.value]
_C = edition_counts.c


class SqlOutcomes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, counts: Mapping[EditionOutcome, int]) -> None:
        """In one order everywhere, so that two gateways cannot wait for each other."""
        rows = [
            {**one._asdict(), "what": one.what.value, "times": times}
            for one, times in sorted(counts.items())
        ]
        if not rows:
            return
        fresh = inserting(self._connection, edition_counts)
        more = fresh.on_conflict_do_update(
            index_elements=["minute", "version", "channel", "what"],
            set_={"times": _C.times + fresh.excluded.times},
        )
        self._connection.execute(more, rows)

    def since(
        self, moment: int, walks_until: int | None = None
    ) -> dict[tuple[str, str], dict[Outcome, int]]:
        """By version and channel, in all minutes from that one on; of walks on screens and calls
        only those that began in minutes that were over at `walks_until`."""
        query = (
            select(_C.version, _C.channel, _C.what, func.sum(_C.times))
            .where(_C.minute >= moment // 60)
            .group_by(_C.version, _C.channel, _C.what)
        )
        if walks_until is not None:
            text, walk = _C.channel == _TEXTS, _C.what.in_(_OF_WALKS)
            query = query.where(text | ~walk | (_C.minute < walks_until // 60))
        found: dict[tuple[str, str], dict[Outcome, int]] = {}
        for version, channel, what, times in self._connection.execute(query):
            found.setdefault((version, channel), {})[Outcome(what)] = int(times)
        return found

    def complaints_since(self, moment: int) -> list[str]:
        """The number of each, however it was made."""
        query = select(tickets.c.phone).where(
            tickets.c.id >= floor_at(moment), tickets.c.kind == _COMPLAINT
        )
        return [str(phone) for phone in self._connection.execute(query).scalars()]
