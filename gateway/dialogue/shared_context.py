"""What all turns of a batch share: what is in force, the hall of this transaction, the seal."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from commands.model.hall import Hall
from commands.model.turn import TurnContext
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.dialogue.menu_run import MenuContext, SealsSecrets
from gateway.dialogue.snapshot import HallSnapshot
from gateway.model.message_id import moment_of
from gateway.model.messages import SubscriberInput
from gateway.model.session_state import OpenMenu, SessionState
from menus.model.book import Book


class SharedContext(NamedTuple):
    """On one edition; `hall` goes by it."""

    editions: EditionsInForce
    snapshot: HallSnapshot
    hall: Hall
    secrets: SealsSecrets

    # -- on which edition ------------------------------------------------------------------------

    def begins(self, phone: str) -> SharedContext:
        """As it is for a new dialogue of this subscriber."""
        return self if self.editions.alone else self.on(self.editions.begins(phone))

    def goes_on(self, version: str) -> SharedContext | None:
        """As it was when a dialogue began; None if that edition is gone."""
        if version == self.snapshot.version:
            return self
        found = self.editions.of(version)
        return self.on(found) if found is not None else None

    def on(self, snapshot: HallSnapshot) -> SharedContext:
        if snapshot is self.snapshot:
            return self
        return self._replace(snapshot=snapshot, hall=hall_on(self.hall, snapshot))

    def at_number(self, digits: str) -> SharedContext:
        """As it is where this service number is asked. To be said before the edition is."""
        return self._with(self.editions.at_number(digits))

    def at_code(self, dialled: str) -> SharedContext:
        """As it is where this is dialled. To be said before the edition is."""
        return self._with(self.editions.at_code(dialled))

    def _with(self, editions: EditionsInForce) -> SharedContext:
        if editions is self.editions:
            return self
        base = editions.base
        return self._replace(editions=editions, snapshot=base, hall=hall_on(self.hall, base))

    @property
    def number(self) -> str:
        """The service number that is asked, if it is another than the hall's own."""
        return self.snapshot.number if self.snapshot.asked else ""

    def opened(self, state: SessionState, now: int) -> tuple[SharedContext, OpenMenu] | None:
        """The menu that is open, on the edition that it was opened on."""
        at = state.menu
        if at is None or at.until <= now:
            return None
        there = self.goes_on(at.position.version)
        return (there, at) if there is not None else None

    # -- for a turn ------------------------------------------------------------------------------

    @property
    def book(self) -> Book:
        """The menus."""
        return self.snapshot.menus.book

    def turn(self, message: SubscriberInput) -> TurnContext:
        channel = message.channel
        return TurnContext(
            message.id,
            int(moment_of(message.id)),
            channel,
            self.snapshot.register.interfaces[channel],
            message.phone,
            message.asserted and bool(message.phone),
        )

    def menu(self, context: TurnContext) -> MenuContext:
        return MenuContext(self.book, context, self.hall, self.secrets)


def hall_on(hall: Hall, snapshot: HallSnapshot) -> Hall:
    """The same hall, as an edition has it."""
    return replace(
        hall,
        catalogue=snapshot.catalogue,
        settings=snapshot.register.settings,
        regions=snapshot.regions,
        workdays=snapshot.holidays,
    )
