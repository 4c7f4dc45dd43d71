"""Logins that were begun here and are to be finished by a provider's answer, each once."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert

from gateway.security.encryption import Seal
from gateway.store.tables import begun_logins


class SqlBegunLogins:
    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def keep(self, state: str, cookie: str, until: int) -> None:
        row = {"state_mark": self._mark(state, cookie), "until_at": until}
        self._connection.execute(insert(begun_logins), row)

    def take(self, state: str, cookie: str, now: int) -> bool:
        """Whether it was begun with this cookie, and nobody has taken it before."""
        mine = begun_logins.c.state_mark == self._mark(state, cookie)
        here = mine & (begun_logins.c.until_at > now)
        return self._connection.execute(delete(begun_logins).where(here)).rowcount == 1

    def forget_old(self, now: int) -> None:
        old = begun_logins.c.until_at <= now
        self._connection.execute(delete(begun_logins).where(old))

    def _mark(self, state: str, cookie: str) -> str:
        return self._seal.mark("oidc state", state, cookie)
