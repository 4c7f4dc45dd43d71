"""commands.model.tickets.OneTimeLinks: one-time links, by the marks of their tokens."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert

from commands.model.one_time_links import OneTimeLink
from commands.model.request import Secret
from gateway.security.encryption import Seal
from gateway.store.tables import links


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
            .where(mine, links.c.until_at > now)
            .returning(links.c.kind, links.c.msisdn, links.c.month)
        )
        row = self._connection.execute(taken).first()
        return OneTimeLink(row.kind, str(row.msisdn), row.month) if row else None

    def _mark(self, token: Secret) -> str:
        return self._seal.mark("link", token.reveal())
