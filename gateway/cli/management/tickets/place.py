"""Where the verbs of `hallgate tickets` work: a store, conf/tickets.yaml, and who acts."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo

from gateway.cli.acting import CommandLineAct, acting
from gateway.cli.conf_in_force import settings_in_force
from gateway.config.roles import read_roles
from gateway.config.settings import Settings
from gateway.config.tickets.ticket_book import TicketBook, read_ticket_book
from gateway.model.operators.rights import Right, may
from gateway.model.ticket_record import TicketRecord
from gateway.store.opening import prepared_store
from gateway.store.operators.accounts import SqlOperators
from gateway.store.store import Store
from gateway.tickets.handling import TicketHandling
from gateway.tickets.refusals import StepForbidden, TicketRefusal, UnprovenSubscriber


@dataclass(frozen=True, slots=True)
class TicketPlace:
    settings: Settings
    store: Store
    book: TicketBook
    act: CommandLineAct
    handling: TicketHandling

    def must(self, verb: str) -> None:
        """Raises StepForbidden."""
        if not self.handling.may(verb):
            raise StepForbidden(f"this takes the right tickets.{verb}")


@contextmanager
def ticket_place(chosen: argparse.Namespace) -> Iterator[TicketPlace]:
    """In one transaction. Whoever has a shell may do everything; an operator who is named, what
    his role may. Raises TicketRefusal after it is in the audit."""
    settings = settings_in_force(chosen)
    book, roles = read_ticket_book(settings), read_roles(settings.conf)
    with prepared_store(settings) as store:
        unproven: UnprovenSubscriber | None = None
        try:
            with acting(chosen, store) as act:
                found = SqlOperators(act.connection, store.seal).find(chosen.operator)
                role = found.role if chosen.operator and found else ""

                def allowed(verb: str) -> bool:
                    return not role or may(roles, role, Right(verb, "tickets"))

                handling = TicketHandling(
                    act.connection, store.seal, book, act.actor, allowed, act.now
                )
                try:
                    yield TicketPlace(settings, store, book, act, handling)
                except UnprovenSubscriber as refusal:  # that it was wrong is kept
                    unproven = refusal
        except TicketRefusal as refusal:
            _note(chosen, store, refusal)
            raise
        if unproven is not None:
            _note(chosen, store, unproven)
            raise unproven


def moved(
    chosen: argparse.Namespace, move: Callable[[TicketPlace], TicketRecord], told: str = ""
) -> int:
    """One step, and how the ticket stands then."""
    with ticket_place(chosen) as place:
        ticket = move(place)
    has = f", {ticket.holder} has it" if ticket.holder and not ticket.over else ""
    print(f"{ticket.number}: {ticket.state}{has}{told}")
    return 0


def moment(written: str, zone: tzinfo) -> int:
    """Raises TicketRefusal."""
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        raise TicketRefusal(f"'{written}' is no moment: write 2026-12-01T09:00") from None
    return int((read if read.tzinfo else read.replace(tzinfo=zone)).timestamp())


def _note(chosen: argparse.Namespace, store: Store, refusal: TicketRefusal) -> None:
    with acting(chosen, store) as act:
        whose = (refusal.about,) if refusal.about else ()
        act.note("tickets.change", *whose, result=f"refused: {refusal}")
