"""What the process has read of conf/: once, and anew on SIGHUP, all of it in this one place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from gateway.config.checked_yaml import BadFile
from gateway.config.roles import read_roles
from gateway.config.settings import Settings
from gateway.config.tickets.ticket_book import TicketBook, read_ticket_book
from gateway.dialogue.snapshot import HallSnapshot
from gateway.editions.conf_in_force import ConfInForce
from gateway.editions.last_read import LastRead
from gateway.editions.served_editions import ServedEditions
from gateway.figures.names import FigureNames, read_figure_names
from gateway.model.operators.rights import Roles
from gateway.notices.world import NoticeWorld, read_notice_world
from gateway.operators.code_names import CodeNames, read_code_names
from gateway.operators.hall_names import read_hall_names
from gateway.operators.interfaces import HallNames
from gateway.ops.log import Log
from gateway.store.store import Store

Value = TypeVar("Value")


class InForce(Generic[Value]):
    """What was read last. The first who asks waits until it is read; any thread may ask."""

    def __init__(self, read: Callable[[], Value], instead: Value | None = None) -> None:
        """`instead`: what stands for it if it cannot be read at first."""
        self._read, self._instead = read, instead
        self._value: Value | None = None
        self._reading = Lock()

    def __call__(self) -> Value:
        """Raises BadFile if nothing was read before, and nothing stands for it."""
        if self._value is None:
            with self._reading:
                if self._value is None:
                    self._value = self._first()
        return self._value

    def _first(self) -> Value:
        try:
            return self._read()
        except BadFile:
            if self._instead is None:
                raise
            return self._instead

    def reload(self) -> None:
        """What nobody has asked for is not read. Raises BadFile: then it stays as it was."""
        with self._reading:
            if self._value is not None:
                self._value = self._read()


class ConfParts:
    """Each part of the conf/ in force that a route asks for; call it to have it as it is now."""

    def __init__(self, folder: ConfInForce, store: Store, log: Log) -> None:
        self._folder = folder
        self.last_read = LastRead(
            lambda version, ahead: log.event("edition read", version=version, ahead=ahead)
        )
        self.editions = ServedEditions(store, lambda: folder.own, self.last_read)
        self.roles: InForce[Roles] = InForce(lambda: read_roles(self.settings.conf))
        self.tickets: InForce[TicketBook] = InForce(lambda: read_ticket_book(self.settings))
        self.hall_names: InForce[HallNames] = InForce(lambda: read_hall_names(self.settings.conf))
        self.figure_names: InForce[FigureNames] = InForce(
            lambda: read_figure_names(self.settings.conf)
        )
        self.code_names: InForce[CodeNames] = InForce(
            lambda: read_code_names(self.settings.conf), {}
        )
        self.notices: InForce[NoticeWorld] = InForce(lambda: read_notice_world(self.settings))
        self.hall: InForce[HallSnapshot] = InForce(
            lambda: self.editions.get(folder.version).snapshot
        )

    @property
    def settings(self) -> Settings:
        """With the conf/ that is in force."""
        return self._folder.settings

    @property
    def own(self) -> Path:
        """The folder that the process was started with: it has the sample, and no edition has."""
        return self._folder.own.conf

    def reads(self) -> Sequence[Callable[[], object]]:
        """How each part is had, those first that most pages show. Each raises BadFile."""
        return (
            self.roles, self.tickets, self.code_names, self.figure_names, self.notices,
            self.hall_names, self.hall,
        )  # fmt: skip

    def reloads(self) -> Sequence[Callable[[], None]]:
        """How each part is read anew, the roles first. Each raises BadFile."""
        return (
            self.roles.reload, self.tickets.reload, self.hall_names.reload,
            self.figure_names.reload, self.code_names.reload, self.notices.reload,
            self.hall.reload,
        )  # fmt: skip
