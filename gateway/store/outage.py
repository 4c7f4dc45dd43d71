"""What failed: the store, Redis, or the message itself; and telling once that something is away.

By class and not by example: only what the driver says of the values it was given is a message's own
fault. All else is the store's state, whatever it is: away, full, read only, without its tables,
damaged, locked.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable
from threading import Lock
from typing import Final

import psycopg
from redis.exceptions import DataError as UnfitForRedis
from redis.exceptions import RedisError
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    InterfaceError,
    PendingRollbackError,
    ProgrammingError,
    ResourceClosedError,
    TimeoutError,
)

from gateway.ops.log import Log
from gateway.store.postgresql import NoPrimary, NotReplicated, StoreSilent
from gateway.store.sqlite import StoreMoved
from gateway.store.store import StoreProblem

_AWAY: Final = (
    TimeoutError,
    DisconnectionError,
    PendingRollbackError,  # the connection was lost, and is used again
    ResourceClosedError,
    StoreMoved,
    MemoryError,
    OSError,  # nothing but the store and the sessions is read or written in a transaction
    sqlite3.Error,  # what SQLAlchemy did not see
    psycopg.Error,
)

_UNREACHED: Final = (
    ("database .* does not exist", "there is no such database"),
    ("role .* does not exist", "there is no such user"),
    ("password authentication failed|no password supplied", "the password is wrong, or missing"),
    ("no pg_hba.conf entry", "the server lets nobody in from here (pg_hba.conf)"),
    ("Connection refused", "nobody listens there"),
    ("failed to resolve host|could not translate host name", "there is no such host"),
    ("[Tt]imeout", "no answer in time"),
)


def is_away(error: BaseException) -> bool:
    """Whether the store or Redis is to blame. What they refuse for what it is, such as a second
    booking of one order, is the message's own fault and would be refused for ever."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or not _of_its_own(error)
    if isinstance(error, RedisError):
        return not isinstance(error, UnfitForRedis)
    return isinstance(error, _AWAY)


def is_passing(error: BaseException) -> bool:
    """A deadlock, or transactions that could not be put in an order: the store has undone all of
    this one, and the same once more may go through."""
    return isinstance(error, DBAPIError) and _state(error) in ("40001", "40P01")


def named(error: BaseException) -> str:
    """What happened, in the driver's own word for it: SQLITE_FULL, ReadOnlySqlTransaction."""
    if isinstance(error, StoreMoved | StoreProblem):
        return str(error)
    told = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(told, StoreSilent | NoPrimary | NotReplicated):
        return str(told)
    if told is None:
        return type(error).__name__
    name = str(getattr(told, "sqlite_errorname", "") or type(told).__name__)
    return f"{name}: {why}" if (why := _unreached(told)) else name


def _unreached(told: object) -> str:
    """Why a connection to PostgreSQL did not come about, as far as its words are known; they hold
    names, and perhaps more, so they are told in ours. Empty: it is something else."""
    if not isinstance(told, psycopg.OperationalError):
        return ""
    said = str(told)
    return next((why for words, why in _UNREACHED if re.search(words, said)), "")


def _of_its_own(error: DBAPIError) -> bool:
    if isinstance(error, IntegrityError | DataError):
        return True
    state = _state(error)
    if isinstance(error, ProgrammingError | InterfaceError) and not state:
        # the driver would not take a value, and asked nobody; or its connection is closed
        return "closed" not in str(error.orig)
    return state.startswith("54")  # too large for an index, too many columns: program limits


def _state(error: DBAPIError) -> str:
    """PostgreSQL's SQLSTATE; empty elsewhere."""
    return str(getattr(error.orig, "sqlstate", "") or "")


class Outage:
    """Whether the store or the sessions are away, as far as we know; any thread may tell."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.what = ""  # empty: nothing is
        self.why = ""  # in the driver's own word
        self._latest = 0.0  # when something was refused
        self._clock = clock
        self._lock = Lock()

    def lately(self, seconds: float) -> str:
        """What the last batch within so many was refused for; empty if one was kept since."""
        return self.why if self._clock() - self._latest < seconds else ""

    def began(self, error: BaseException, log: Log) -> None:
        """Logged once, not for every batch that must wait."""
        with self._lock:
            self._latest = self._clock()
            if self.what:
                return
            self.what = "sessions" if isinstance(error, RedisError) else "store"
            self.why = named(error)
            log.event("away", what=self.what, error=type(error).__name__, reason=self.why)

    def over(self, log: Log) -> None:
        with self._lock:
            what, self.what, self.why = self.what, "", ""
            if what:
                log.event("back", what=what)
