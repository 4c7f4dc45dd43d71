"""The conf/ that is in force, as a folder, for who reads some file of it: verbs, the console."""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack
from typing import Final

from gateway.config.editions.conf_files import at_folder, laid_out
from gateway.config.editions.edition import files_of
from gateway.config.settings import Settings
from gateway.store.editions.editions import SqlEditions
from gateway.store.store import Store

_READ: Final = 2  # folders that somebody may still be reading


class ConfInForce:
    """`settings` have that folder as their conf/; until something is published they are as `own`,
    with which the process was started. Raises BadFile."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings = self.own = settings
        self._store = store
        self._folders: deque[ExitStack] = deque()
        self.version = ""  # empty: the files of `own`
        self.look()

    def look(self) -> bool:
        """Whether another edition is in force than when it was looked last. Raises BadFile."""
        with self._store.reading() as connection:
            editions = SqlEditions(connection)
            last = editions.last_decision()
            if last is None or last.version == self.version:
                return False
            edition = editions.find(last.version)
        if edition is None:
            return False
        laid = ExitStack()
        folder = laid.enter_context(laid_out(files_of(edition, self.own)))
        self._folders.append(laid)
        self.settings, self.version = at_folder(self.own, folder), edition.version
        while len(self._folders) > _READ:
            self._folders.popleft().close()
        return True

    def close(self) -> None:
        while self._folders:
            self._folders.pop().close()
