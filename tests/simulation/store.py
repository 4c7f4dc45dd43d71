"""A store that is away, slow, full, or dies at the worst moment; and with it who works on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from gateway.config.settings import Settings
from gateway.config.time_zone import OperatorCalendar
from gateway.security.encryption import Seal
from gateway.security.master_key import master_key
from gateway.store.engine import READING
from gateway.store.sqlite import sqlite_file
from gateway.store.store import Store
from tests.simulation.world import Killed, Process


@dataclass
class StoreTrouble:
    """What goes wrong with a store, for all who use it."""

    chance: Random
    away: bool = False
    cut_off: dict[str, float] = field(default_factory=dict)  # by the name of a process, until when
    full: float = 0.0  # the share of commits that are refused
    doubtful: float = 0.0  # the share of commits that are kept and yet reported as failed
    dies_before: dict[str, int] = field(default_factory=dict)
    """By the name of a process: at so many commits from now it dies, and nothing was kept."""
    dies_after: dict[str, int] = field(default_factory=dict)
    """The same, and all was kept."""

    doubts_after: dict[str, int] = field(default_factory=dict)
    """The same: it is told that nothing was kept, and lives on."""

    doubted: list[float] = field(default_factory=list)  # when it did so

    def clear(self) -> None:
        self.away, self.full, self.doubtful = False, 0.0, 0.0
        self.cut_off.clear()
        self.dies_before.clear()
        self.dies_after.clear()
        self.doubts_after.clear()


class TroubledStore(Store):
    def __init__(self, settings: Settings, process: Process, trouble: StoreTrouble) -> None:
        key = master_key(settings, sqlite_file(settings.store.url))
        calendar = OperatorCalendar(settings.service.timezone)
        super().__init__(settings.store.url, Seal(key), calendar)
        _share_statements(self.engine)
        self._process = process
        self._trouble = trouble
        self._reader: Connection | None = None  # that nobody reads by

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        trouble = self._trouble
        self._answers()
        with super().transaction() as connection:
            yield connection
            if self._is_up(trouble.dies_before):
                self._die("dies before the commit")
            if trouble.chance.random() < trouble.full:
                raise _problem("database or disk is full")
        if self._is_up(trouble.dies_after):
            self._die("dies after the commit")
        doubts = self._is_up(trouble.doubts_after)
        if doubts or trouble.chance.random() < trouble.doubtful:
            trouble.doubted.append(self._process.world.now)
            self._process.world.tell("store", f"keeps what {self._process.name} did, and fails")
            raise _problem("disk I/O error")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """By one connection, which is not given back: a look costs half as much."""
        self._answers()
        reader, self._reader = self._reader, None
        if reader is None:
            reader = self.engine.connect().execution_options(**{READING: True})
        try:
            with reader.begin():
                yield reader
        except BaseException:
            reader.close()
            raise
        self._reader = reader

    def close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        super().close()

    def _answers(self) -> None:
        if not self._process.alive:
            raise Killed
        until = self._trouble.cut_off.get(self._process.name, 0.0)
        if self._trouble.away or until > self._process.world.now:
            raise _problem("unable to open database file")

    def _is_up(self, countdowns: dict[str, int]) -> bool:
        left = countdowns.get(self._process.name)
        if left is None:
            return False
        countdowns[self._process.name] = left - 1
        if left > 0:
            return False
        del countdowns[self._process.name]
        return True

    def _die(self, how: str) -> None:
        self._process.world.tell(self._process.name, how)
        self._process.kill()
        raise Killed


_FIRST: Final[list[Engine]] = []


def _share_statements(engine: Engine) -> None:
    """What one gateway has compiled is so for all of them, in every story of this process: that
    costs more than all that is asked."""
    if not _FIRST:
        engine.connect().close()  # now its dialect knows the store
        _FIRST.append(engine)
    engine.dialect, engine._compiled_cache = _FIRST[0].dialect, _FIRST[0]._compiled_cache


def _problem(what: str) -> OperationalError:
    return OperationalError("a statement", None, Exception(what))
