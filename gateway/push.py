"""USSD dialogues that we begin: a screen for somebody who has not dialled.

It is put where screens wait, by whatever process; a gateway that is up takes it from there. A menu
is opened as if it had been dialled, so the keys that answer it find it open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import select

from gateway.batch import Counter, Served
from gateway.book import open_book
from gateway.chance import SystemChance
from gateway.counts import Counts
from gateway.housekeeping import DAY, Retention
from gateway.ids import COPY_BITS, Ids
from gateway.log import Log
from gateway.mail import Act, Arrived, CloseTicket, Notice, Turn
from gateway.menus.librarian import Librarian
from gateway.quota import HourlyQuota
from gateway.redelivery import Unproven
from gateway.sessions import RedisSessions, StoreSessions
from gateway.settings import Settings
from gateway.standing import ANY_LINE
from gateway.store.store import Store
from gateway.store.tables import binds
from menus.units import on_ussd

COPY: Final = (1 << COPY_BITS) - 1  # no gateway's, so that no id is given twice


class Unreachable(Exception):
    """No gateway is up that could show a screen."""


class Unshowable(Exception):
    """A text that is no screen."""


class Push:
    """`counter` does what a desk would do."""

    def __init__(self, counter: Counter, settings: Settings, wall: Callable[[], float]) -> None:
        self._counter = counter
        self._settings = settings
        self._ids = Ids(COPY, wall)

    def ask(self, phone: str) -> str:
        """Open the menu on a phone; the screen that it will show. Raises Unreachable."""
        code = self._settings.service.ussd_code
        served = self._serve(
            Arrived(
                id := self._ids.next(),
                0,  # by no bind: nobody sends it again
                self._link(),
                id.to_bytes(8, "big"),
                phone,
                f"1.1.86{phone}",
                f"0.1.{code.strip('*#')}",
                code,
                turn=Turn(Act.BEGIN, ANY_LINE),
            )
        )
        return served.answers[0].text

    def notify(self, phone: str, text: str) -> None:
        """Show a text; by SMS, if the phone cannot show it now. Raises Unreachable, or Unshowable
        for a text that is not one screen."""
        size = on_ussd(text)
        if not text.strip():
            raise Unshowable("the text is empty: there is nothing to show")
        if not size.fits:
            raise Unshowable(f"the text takes {size}: one screen has no room for it; shorten it")
        self._serve(Notice(self._ids.next(), self._link(), phone, text))

    def close_ticket(self, number: str, result: str) -> bool:
        """Somebody has looked after it: whoever opened it is told; false if it is not open."""
        return bool(self._serve(CloseTicket(self._ids.next(), number, result)).answers)

    def _serve(self, work: Arrived | Notice | CloseTicket) -> Served:
        (served,) = self._counter([work])
        assert isinstance(served, Served)
        return served

    def _link(self) -> str:
        """One that is up and carries USSD."""
        without = {link.name for link in self._settings.smpp.links if link.ussd == "off"}
        up = select(binds.c.link).where(binds.c.ended_ms == 0).order_by(binds.c.id.desc())
        with self._counter.store.transaction() as connection:
            for (link,) in connection.execute(up):
                if link not in without:
                    return str(link)
        raise Unreachable("no gateway is up with a link that carries USSD")


@contextmanager
def pushing(settings: Settings, store: Store, wall: Callable[[], float]) -> Iterator[Push]:
    """Beside a gateway that runs on the same store."""
    redis = settings.sessions.url != "store"
    sessions = RedisSessions(settings.sessions.url) if redis else StoreSessions()
    log = Log()
    retention = Retention(
        settings.retention.metadata_days * DAY, settings.retention.content_days * DAY
    )
    counter = Counter(
        store,
        sessions,
        Librarian(store, wall, log).arranged(open_book(settings)),
        HourlyQuota(settings.limits.queries_per_hour),
        SystemChance(),
        Unproven(settings.limits.redelivery),
        retention,
        Counts(),
        log,
        message_lines=False,
    )
    try:
        yield Push(counter, settings, wall)
    finally:
        if isinstance(sessions, RedisSessions):
            sessions.close()
