"""commands.model.tickets.OneTimeLinks: one-time links, by the marks of their tokens."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from commands.model.one_time_links import OneTimeLink
from commands.model.request import Secret
from gateway.security.encryption import Seal
from gateway.store.tables import links

VIEW: Final = "view of "  # the kind of what a link was exchanged for


class SqlLinks:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def issue(self, token: Secret, link: OneTimeLink, until: int, now: int) -> None:
        older = (links.c.msisdn == int(link.msisdn)) & (links.c.kind == link.kind)
        self._connection.execute(delete(links).where(older))
        row = {"token_mark": self._mark(token), "kind": link.kind, "msisdn": int(link.msisdn)}
        more = {"month": link.month, "made_at": now, "until_at": until}
        self._connection.execute(insert(links), row | more)

    def use(self, token: Secret, now: int) -> OneTimeLink | None:
        mine = links.c.token_mark == self._mark(token)
        taken = (
            delete(links)
            .where(mine, links.c.until_at > now, ~links.c.kind.startswith(VIEW))
            .returning(links.c.kind, links.c.msisdn, links.c.month)
        )
        row = self._connection.execute(taken).first()
        return OneTimeLink(row.kind, str(row.msisdn), row.month) if row else None

    def look(self, token: Secret, now: int) -> OneTimeLink | None:
        """What it would open now; it stays as it is."""
        mine = (links.c.token_mark == self._mark(token)) & ~links.c.kind.startswith(VIEW)
        query = select(links.c.kind, links.c.msisdn, links.c.month)
        row = self._connection.execute(query.where(mine, links.c.until_at > now)).first()
        return OneTimeLink(row.kind, str(row.msisdn), row.month) if row else None

    def exchange(self, token: Secret, view: Secret, now: int) -> OneTimeLink | None:
        """Use it up for a view, which shows the same again and again as long as the link would have
        been good."""
        query = select(links.c.until_at).where(links.c.token_mark == self._mark(token))
        until = self._connection.execute(query).scalar()
        link = self.use(token, now)
        if link is not None and until is not None:
            self.issue(view, replace(link, kind=VIEW + link.kind), int(until), now)
        return link

    def view(self, view: Secret, now: int) -> OneTimeLink | None:
        """What was exchanged for it, until its minutes are over."""
        mine = (links.c.token_mark == self._mark(view)) & links.c.kind.startswith(VIEW)
        query = select(links.c.kind, links.c.msisdn, links.c.month)
        row = self._connection.execute(query.where(mine, links.c.until_at > now)).first()
        if row is None:
            return None
        return OneTimeLink(row.kind.removeprefix(VIEW), str(row.msisdn), row.month)

    def _mark(self, token: Secret) -> str:
        return self._seal.mark("link", token.reveal())
