"""The counts of gateway.dialogue.observed.menu_usage in the store: by day, version and channel."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from gateway.model.menu_use import RECENT, MenuUse
from gateway.store.engine import inserting
from gateway.store.tables import menu_use

_DAY = 24 * 3600


class SqlUsage:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, counts: Mapping[MenuUse, int], day: int) -> None:
        """`day`: the operator's, as days since 1970. In one order everywhere, so that two copies
        cannot wait for each other."""
        rows = [
            {
                "day": day,
                "version": u.version,
                "channel": u.channel.value,
                "what": u.what,
                "times": n,
            }
            for u, n in sorted(counts.items())
        ]
        if not rows:
            return
        fresh = inserting(self._connection, menu_use)
        more = fresh.on_conflict_do_update(
            index_elements=["day", "version", "channel", "what"],
            set_={"times": menu_use.c.times + fresh.excluded.times},
        )
        self._connection.execute(more, rows)

    def totals(self, now: int, version: str = "") -> dict[str, dict[str, int]]:
        """Of the last days, by channel; of one version, or of all: options keep their names."""
        columns = menu_use.c
        query = (
            select(columns.what, columns.channel, func.sum(columns.times))
            .where(columns.day > now // _DAY - RECENT)
            .group_by(columns.what, columns.channel)
        )
        if version:
            query = query.where(columns.version == version)
        found: dict[str, dict[str, int]] = {}
        for what, channel, times in self._connection.execute(query):
            found.setdefault(what, {})[channel] = int(times)
        return found
