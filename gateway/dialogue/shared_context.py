"""What all turns of a batch share: what is in force, the hall of this transaction, the seal."""

from __future__ import annotations

from typing import NamedTuple

from commands.model.hall import Hall
from commands.model.turn import TurnContext
from gateway.dialogue.menu_run import MenuContext, SealsSecrets
from gateway.dialogue.snapshot import HallSnapshot
from gateway.model.message_id import moment_of
from gateway.model.messages import SubscriberInput
from gateway.model.session_state import OpenMenu, SessionState
from menus.model.book import Book


class SharedContext(NamedTuple):
    snapshot: HallSnapshot
    hall: Hall
    secrets: SealsSecrets

    def at_number(self, digits: str) -> SharedContext:
        """As it is where this service number is asked."""
        return self._of(self.snapshot.at_number(digits))

    def at_code(self, dialled: str) -> SharedContext:
        """As it is where this is dialled."""
        return self._of(self.snapshot.at_code(dialled))

    def _of(self, snapshot: HallSnapshot) -> SharedContext:
        return self if snapshot is self.snapshot else self._replace(snapshot=snapshot)

    @property
    def number(self) -> str:
        """The service number that is asked, if it is another than the hall's own."""
        return self.snapshot.number if self.snapshot.asked else ""

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

    def menu(self, book: Book, context: TurnContext) -> MenuContext:
        return MenuContext(book, context, self.hall, self.secrets)

    def opened(self, state: SessionState, now: int) -> tuple[Book, OpenMenu] | None:
        """The menu that is open, and its book."""
        at = state.menu
        if at is None or at.until <= now:
            return None
        book = self.snapshot.in_force.of(at.position.version)
        return (book, at) if book is not None else None
