"""USSD dialogues that we begin: a screen for somebody who has not dialled.

It is put where screens wait, by whatever process; a gateway that is up takes it from there. A menu
is opened as if it had been dialled, so the keys that answer it find it open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from gateway.config.settings import Settings
from gateway.dialogue.snapshot import open_snapshot
from gateway.editions.edition_follower import EditionFollower
from gateway.model.address import Address
from gateway.model.audit import AuditEntry
from gateway.model.cluster_view import SLOTS, ClusterView
from gateway.model.message_id import MessageIds
from gateway.model.messages import NoteAct, ScreenAct, UssdInput, UssdNotice
from gateway.model.session_state import ANY_LINE
from gateway.model.smsc_groups import SmscGroups
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.security.random_digits import SystemRandomDigits
from gateway.serving.batch import BatchServer
from gateway.serving.rate_limit import HourlyQuota
from gateway.serving.redelivery import Redelivery
from gateway.serving.work import Served
from gateway.store.open_binds import links_up
from gateway.store.retention import DAY, Retention
from gateway.store.sessions import RedisSessions, StoreSessions
from gateway.store.store import Store
from menus.model.text_size import on_ussd

COPY: Final = SLOTS  # no gateway's, so that no id is given twice


class Unreachable(Exception):
    """No gateway is up that could show a screen."""


class Unshowable(Exception):
    """A text that is no screen."""


class Outsider:
    """gateway.model.cluster_view.Member: a process that sends nothing itself. What it writes for a
    slot its holder finds in the store; if it has none by then, whoever takes it next."""

    own = 0  # the slot of the gateway that is to send

    @contextmanager
    def batch(self) -> Iterator[ClusterView]:
        yield ClusterView(own=self.own, held={}, alone=False)

    def holds(self, _connection: object, _view: ClusterView, _used: frozenset[int]) -> bool:
        return True


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
    redis = settings.sessions.url != "store"
    sessions = RedisSessions(settings.sessions.url) if redis else StoreSessions()
    log, outsider = Log(), Outsider()
    retention = Retention(
        settings.retention.metadata_days * DAY, settings.retention.content_days * DAY
    )
    counter = BatchServer(
        store,
        sessions,
        EditionFollower(store, wall, log).arranged(open_snapshot(settings)),
        HourlyQuota(settings.limits.queries_per_hour),
        SystemRandomDigits(),
        Redelivery(settings.limits.redelivery, wall, SmscGroups()),
        retention,
        Metrics(),
        log,
        outsider,
        message_lines=False,
    )
    try:
        yield Push(counter, outsider, settings, wall)
    finally:
        if isinstance(sessions, RedisSessions):
            sessions.close()
