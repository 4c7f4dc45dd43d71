"""The door for other interfaces, in the process of the API: their requests are served there, each
in a transaction of its own on the store that the gateways share.

A gateway that stands still, or that is killed, takes nothing from them, and they take nothing from
its desk. What they have to tell by SMS is a row of the outbox, which a gateway finds there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock

from gateway.config.settings import Settings
from gateway.model.cluster_view import ClusterView
from gateway.model.doors import DoorAnswer, DoorRequest, DoorWord
from gateway.model.message_id import MessageIds
from gateway.ops.log import Log
from gateway.serving.batch import BatchServer
from gateway.serving.beside.counter import AS_IT_IS, COPY, CounterReads, counter_beside
from gateway.store.connection import RowExists
from gateway.store.doors.interfaces import SqlInterfaces
from gateway.store.open_binds import links_up
from gateway.store.store import Store


class DoorMember:
    """gateway.model.cluster_view.Member: what is written here, a gateway that has a bind sends."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @contextmanager
    def batch(self) -> Iterator[ClusterView]:
        with self._store.reading() as connection:
            slots = [slot for _, slot in links_up(connection)]
        yield ClusterView(own=slots[0] if slots else 0, held={}, alone=False)

    def holds(self, _connection: object, _view: ClusterView, _used: frozenset[int]) -> bool:
        return True


class Doors:
    """Opened when somebody knocks for the first time: a console at which nobody does needs no
    conf/. Any thread may ask."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        wall: Callable[[], float],
        log: Log,
        reads: CounterReads = AS_IT_IS,
    ) -> None:
        self._settings, self._store, self._reads = settings, store, reads
        self._wall, self._log = wall, log
        self._ids = MessageIds(COPY, wall)
        self._lock = Lock()
        self._reading = Lock()
        self._open = ExitStack()
        self._counter: BatchServer | None = None

    def warm(self) -> None:
        """Where other interfaces are registered, the first of them need not wait for conf/ to be
        read. Raises BadFile, StoreFailure."""
        with self._store.reading() as connection:
            known = SqlInterfaces(connection, self._store.seal).all()
        if known:
            self._opened()

    def next_id(self) -> int:
        with self._lock:
            return self._ids.next()

    def serve(self, work: DoorRequest | DoorWord) -> DoorAnswer:
        """Raises DoorRefusal, BadFile, Unavailable, StoreFailure: then nothing was done."""
        counter = self._opened()
        try:
            return self._served(counter, work)
        except RowExists:  # the same key at the same moment: it has its answer by now
            message = work.message._replace(id=self.next_id())
            return self._served(counter, work._replace(message=message))

    def _served(self, counter: BatchServer, work: DoorRequest | DoorWord) -> DoorAnswer:
        answer = counter.serve([work])[0]
        assert isinstance(answer, DoorAnswer)
        return answer

    def _opened(self) -> BatchServer:
        if self._counter is not None:
            return self._counter
        with self._reading:
            if self._counter is None:
                self._counter = self._open.enter_context(self._new())
            return self._counter

    @contextmanager
    def _new(self) -> Iterator[BatchServer]:
        placed = (lambda: None) if self._settings.boss is not None else None
        with counter_beside(
            self._settings,
            self._store,
            self._wall,
            self._log,
            DoorMember(self._store),
            placed,
            self._reads,
        ) as counter:
            yield counter

    def reload(self) -> None:
        """conf/ as it is now, from the next request on. What runs goes on with what was, and so
        does who asks while it is read. Raises BadFile: then nothing changes."""
        with self._reading:
            if self._counter is None:
                return
            opened = self._open.enter_context(self._new())
            self._counter = opened

    def close(self) -> None:
        self._open.close()
