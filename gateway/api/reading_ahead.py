"""What takes seconds to read of conf/ is read before anybody asks for it: when the process begins,
when something has been published, and when a gateway has found another conf/. People wait for no
reading but of what they write; and one edition is read once, whoever serves from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Lock

from gateway.api.in_force import ConfParts
from gateway.config.checked_yaml import BadFile
from gateway.config.editions.edition import before
from gateway.editions.last_read import reading_ahead
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
        self._seen: object = None
        self._over = False
        self._turn = Lock()

    def news(self) -> bool:
        """Whether the store says something else than when this was asked last, or read ahead.
        Raises StoreFailure."""
        before, self._seen = self._seen, self._look()
        return self._seen != before

    def stop(self) -> None:
        """What is being read is read to its end, and nothing after it."""
        self._over = True

    def __call__(self) -> None:
        """What pages of many show comes first."""
        with self._turn, reading_ahead():
            with suppress(StoreFailure):
                self._seen = self._look()
            self._editions()
            for read in (*self._conf.reads(), self._open_doors):
                if self._over:
                    return
                with suppress(BadFile, UnknownEdition, StoreFailure):
                    read()
        self._log.event("read ahead")

    def _look(self) -> object:
        with self._store.reading() as connection:
            editions = SqlEditions(connection)
            return editions.mark(), in_force(editions, int(self._clock()))

    def _editions(self) -> None:
        """Those that messages are walked again on, and drafts compared with."""
        with suppress(StoreFailure):
            for version in self._held():
                if self._over:
                    return
                with suppress(BadFile, UnknownEdition):
                    self._conf.editions.get(version)

    def _held(self) -> Iterator[str]:
        """In force, tried out, and in force before."""
        with self._store.reading() as connection:
            editions = SqlEditions(connection)
            decisions = editions.decisions()
            held = in_force(editions, int(self._clock()))
        tried = decisions[-1].canary if decisions else ""
        yield from filter(None, (held, tried, before(decisions)))

    def _open_doors(self) -> None:
        try:
            self._doors.warm()
        except BadFile as bad:
            self._log.event("door closed", findings=list(map(str, bad.findings)))
        except StoreFailure as error:
            self._log.event("door closed", error=error)
