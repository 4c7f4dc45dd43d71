"""What takes seconds to read of conf/ is read before anybody asks for it: when the process begins,
and when something has been published. People wait for no reading but of what they write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

from gateway.api.in_force import ConfParts
from gateway.config.checked_yaml import BadFile
from gateway.config.editions.edition import before
from gateway.editions.last_read import ReadingBusy
from gateway.editions.publishing import UnknownEdition, in_force
from gateway.ops.log import Log
from gateway.serving.beside.doors import Doors
from gateway.store.connection import StoreFailure
from gateway.store.editions.editions import SqlEditions
from gateway.store.store import Store


class ReadingAhead:
    """In whatever thread; what cannot be read is told to who asks for it."""

    def __init__(
        self, conf: ConfParts, doors: Doors, store: Store, clock: Callable[[], float], log: Log
    ) -> None:
        self._conf, self._doors, self._store = conf, doors, store
        self._clock, self._log = clock, log

    def __call__(self) -> None:
        """What pages of many show comes first."""
        for read in self._conf.reads():
            with suppress(BadFile):
                read()
        self._editions()
        try:
            self._doors.warm()
        except BadFile as bad:
            self._log.event("door closed", findings=list(map(str, bad.findings)))
        except StoreFailure as error:
            self._log.event("door closed", error=error)

    def _editions(self) -> None:
        """Those that messages are walked again on, and drafts compared with."""
        with suppress(StoreFailure):
            for version in self._held():
                with suppress(BadFile, UnknownEdition, ReadingBusy):
                    self._conf.editions.get(version)

    def _held(self) -> Iterator[str]:
        """In force, tried out, and in force before."""
        with self._store.reading() as connection:
            editions = SqlEditions(connection)
            decisions = editions.decisions()
            held = in_force(editions, int(self._clock()))
        tried = decisions[-1].canary if decisions else ""
        yield from filter(None, (held, tried, before(decisions)))
