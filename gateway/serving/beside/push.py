"""USSD dialogues that we begin: a screen for somebody who has not dialled.

It is put where screens wait, by whatever process; a gateway that is up takes it from there. A menu
is opened as if it had been dialled, so the keys that answer it find it open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from gateway.config.settings import Settings
from gateway.model.address import Address
from gateway.model.message_id import MessageIds
from gateway.model.messages import NoteAct, ScreenAct, UssdInput, UssdNotice
from gateway.model.operators.audit import AuditEntry
from gateway.model.session_state import ANY_LINE
from gateway.ops.log import Log
from gateway.serving.batch import BatchServer
from gateway.serving.beside.counter import COPY, Outsider, counter_beside
from gateway.serving.work import Served
from gateway.store.open_binds import links_up
from gateway.store.store import Store
from menus.model.text_size import on_ussd


class Unreachable(Exception):
    """No gateway is up that could show a screen."""


class Unshowable(Exception):
    """A text that is no screen."""


class Push:
    """`counter` does what a desk would do."""

    def __init__(
        self,
        counter: BatchServer,
        outsider: Outsider,
        settings: Settings,
        wall: Callable[[], float],
    ) -> None:
        self._counter = counter
        self._outsider = outsider
        self._settings = settings
        self._ids = MessageIds(COPY, wall)

    def ask(self, phone: str, by: AuditEntry) -> str:
        """Open the menu on a phone; the screen that it will show. `by`: who does it, and why.
        Raises Unreachable."""
        code = self._settings.service.ussd_code
        served = self._serve(
            UssdInput(
                id := self._ids.next(),
                0,  # by no bind: nobody sends it again
                self._link(),
                id.to_bytes(8, "big"),
                phone,
                Address.international(phone),
                Address.service(code.strip("*#")),
                ScreenAct.BEGIN,
                ANY_LINE,
                code,
            ),
            replace(by, action="subscribers.screen", subscriber=phone),
        )
        return served.answers[0].text

    def notify(self, phone: str, text: str, by: AuditEntry) -> None:
        """Show a text; by SMS, if the phone cannot show it now. Raises Unreachable, or Unshowable
        for a text that is not one screen."""
        size = on_ussd(text)
        if not text.strip():
            raise Unshowable("the text is empty: there is nothing to show")
        if not size.fits:
            raise Unshowable(f"the text takes {size}: one screen has no room for it; shorten it")
        entry = replace(by, action="subscribers.screen", subscriber=phone)
        self._serve(UssdNotice(self._ids.next(), self._link(), phone, text), entry)

    def _serve(self, work: UssdInput | UssdNotice, by: AuditEntry) -> Served:
        """In one transaction with its audit row."""
        served, _ = self._counter.serve([work, NoteAct(by)])
        assert isinstance(served, Served)
        return served

    def _link(self) -> str:
        """One that is up and carries USSD."""
        without = {link.name for link in self._settings.smpp.links if link.ussd == "off"}
        with self._counter.store.transaction() as connection:
            for link, self._outsider.own in links_up(connection):
                if link not in without:
                    return link
        raise Unreachable("no gateway is up with a link that carries USSD")


@contextmanager
def pushing(settings: Settings, store: Store, wall: Callable[[], float]) -> Iterator[Push]:
    """Beside a gateway that runs on the same store."""
    outsider = Outsider()
    with counter_beside(settings, store, wall, Log(), outsider) as counter:
        yield Push(counter, outsider, settings, wall)
