"""Logging in, with a password and a code; being logged in; logging out.

Whether the number, the password, the code or the state was wrong is told to nobody, neither by
words nor by time. Wrong ones count for the name and for the address, before they are looked at.
Where somebody has logged in lately, wrong ones from elsewhere do not count for their name: else
whoever knows a name could keep its owner out.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Final

from gateway.model.operators.audit import Actor
from gateway.model.operators.operators import Operator, OperatorSecrets
from gateway.security import operator_passwords, totp
from gateway.store.connection import Connection
from gateway.store.operators.accounts import SqlOperators
from gateway.store.operators.audit import SqlAudit
from gateway.store.operators.sessions import OperatorSession, SqlOperatorSessions
from gateway.store.ports.attempts import SqlStrikes
from gateway.store.store import Store

LOGIN: Final = "session.login"
REFUSED: Final = "refused"
_BY_PROVIDER: Final = "vouched for by the provider"
_NAME, _ADDRESS = "operator name", "operator address"
_AT_ONCE: Final = 2  # passwords that are compared: each takes 64 MiB
_NOBODYS: Final = OperatorSecrets("", "A" * 32)
_ID_OCTETS: Final = 32
_LATELY: Final = 30 * 24 * 3600  # seconds


class WrongLogin(Exception):
    """Something is wrong; which of all is not told."""


class LoginThrottled(Exception):
    """Too many were wrong; not looked at before so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many wrong logins: wait {seconds} seconds")
        self.seconds = seconds


class WeakPassword(Exception):
    """Somebody could guess the new password; the text says why."""


@dataclass(frozen=True, slots=True)
class LoginRules:
    """Seconds, and wrong logins within `window`. `local`: who may log in with a password; None:
    everybody."""

    by_name: int = 5
    by_address: int = 20
    window: int = 900
    idle: int = 1_800
    session: int = 43_200
    local: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class OpenLogin:
    """Somebody with an open session."""

    id: str  # of the session: a secret
    operator: Operator
    session: OperatorSession


class Logins:
    def __init__(self, store: Store, rules: LoginRules, clock: Callable[[], float]) -> None:
        self._store, self._rules, self._clock = store, rules, clock
        self._comparing = BoundedSemaphore(_AT_ONCE)

    def log_in(self, number: str, password: str, code: str, address: str) -> OpenLogin:
        """Raises WrongLogin, LoginThrottled."""
        with self._comparing:
            known, kept = self._attempt(number, address)
            fits = operator_passwords.fits(password, kept.password_hash)
            step = totp.step_of(kept.totp, code, self._clock(), kept.totp_step)
        with self._store.transaction() as connection:
            operators = SqlOperators(connection, self._store.seal)
            # as it is now: somebody may have been locked while the password was compared
            operator = operators.find(number) if known else None
            right = operator is not None and operator.active and fits and step > 0
            if operator is not None and right and operators.use_totp(number, step):
                return self._begin(connection, operator, address)
            self._note_wrong(connection, operator, address)
        raise WrongLogin

    def let_in(self, number: str, address: str) -> OpenLogin:
        """Whom a provider has vouched for: the roster says whether and as what they work here.
        Raises WrongLogin."""
        with self._store.transaction() as connection:
            operator = SqlOperators(connection, self._store.seal).find(number)
            if operator is not None and operator.active:
                return self._begin(connection, operator, address, _BY_PROVIDER)
            self._note_wrong(connection, operator, address, reason=_BY_PROVIDER)
        raise WrongLogin

    def must_not_wait(self, address: str) -> None:
        """Raises LoginThrottled for an address from which too many were wrong."""
        now, rules = int(self._clock()), self._rules
        with self._store.reading() as connection:
            self._look(connection, _ADDRESS, address, rules.by_address, now)

    def refuse(self, address: str, why: str) -> None:
        """Counts for the address, and is noted: who it was is not known."""
        with self._store.transaction() as connection:
            self._note_wrong(connection, None, address, reason=why)

    def who(self, id: str) -> OpenLogin | None:
        """Whose session it is, as they are now; None if it has ended. It goes on with this."""
        found, now = self.still(id), int(self._clock())
        if found is not None and found.session.seen_at <= now - 60:
            with self._store.transaction() as connection:
                SqlOperatorSessions(connection, self._store.seal).seen(id, now)
        return found

    def still(self, id: str) -> OpenLogin | None:
        """The same, for what a page asks by itself: nobody has to be there for that."""
        now = int(self._clock())
        with self._store.reading() as connection:
            session = SqlOperatorSessions(connection, self._store.seal).find(id)
            if session is None or self._over(session, now):
                return None
            operator = SqlOperators(connection, self._store.seal).find(session.operator)
        if operator is None or not operator.active:
            return None
        return OpenLogin(id, operator, session)

    def log_out(self, who: OpenLogin, address: str) -> None:
        with self._store.transaction() as connection:
            SqlOperatorSessions(connection, self._store.seal).end(who.id)
            entry = Actor(who.operator.number, address).did("session.logout", self._clock())
            SqlAudit(connection, self._store.seal).append(entry)

    def new_password(self, who: OpenLogin, old: str, new: str, address: str) -> None:
        """One's own; other sessions end. Raises WrongLogin, LoginThrottled, WeakPassword."""
        operator = who.operator
        if why := operator_passwords.weakness(new, operator.number, operator.name):
            raise WeakPassword(f"the new password can be guessed: {why}")
        with self._comparing:
            _, kept = self._attempt(operator.number, address)
            fits = operator_passwords.fits(old, kept.password_hash)
            hashed = operator_passwords.hashed(new) if fits and old != new else ""
        if fits and old == new:
            raise WeakPassword("the new password is the old one")
        with self._store.transaction() as connection:
            if not fits:
                self._note_wrong(connection, operator, address, "session.password")
            else:
                self._forgive(connection, operator.number, address)
                seal, now = self._store.seal, self._clock()
                SqlOperators(connection, seal).set_password(operator.number, hashed, initial=False)
                SqlOperatorSessions(connection, seal).end_all(operator.number, but=who.id)
                entry = Actor(operator.number, address).did("session.password", now)
                SqlAudit(connection, seal).append(entry)
        if not fits:
            raise WrongLogin

    def _attempt(self, number: str, address: str) -> tuple[bool, OperatorSecrets]:
        """Counts as wrong until it is found right, so that many at once are no way around."""
        now, rules = int(self._clock()), self._rules
        kept = None
        with self._store.transaction() as connection:
            name = self._name(connection, number, address)
            self._look(connection, _NAME, name, rules.by_name, now)
            self._look(connection, _ADDRESS, address, rules.by_address, now)
            SqlStrikes(connection).add(_NAME, name, now)
            if rules.local is None or number in rules.local:
                kept = SqlOperators(connection, self._store.seal).secrets(number)
        return kept is not None, kept or _NOBODYS

    def _look(self, connection: Connection, kind: str, key: str, most: int, now: int) -> None:
        """Raises LoginThrottled."""
        strikes, window = SqlStrikes(connection), self._rules.window
        if strikes.count(kind, key, now - window) >= most:
            raise LoginThrottled(max(1, strikes.last(kind, key) + window - now))

    def _begin(
        self, connection: Connection, operator: Operator, address: str, reason: str = ""
    ) -> OpenLogin:
        now, seal = int(self._clock()), self._store.seal
        id = secrets.token_urlsafe(_ID_OCTETS)
        session = OperatorSession(operator.number, address, now, now, now + self._rules.session)
        SqlOperatorSessions(connection, seal).begin(id, session)
        self._forgive(connection, operator.number, address)
        SqlAudit(connection, seal).append(
            Actor(operator.number, address).did(LOGIN, now, reason=reason)
        )
        return OpenLogin(id, operator, session)

    def _note_wrong(
        self, connection: Connection, operator: Operator | None, address: str,
        action: str = LOGIN, reason: str = "",
    ) -> None:  # fmt: skip
        """A name that is none may be a password in the wrong field: it is not kept."""
        now = int(self._clock())
        SqlStrikes(connection).add(_ADDRESS, address, now)
        actor = Actor(operator.number if operator else "?", address)
        SqlAudit(connection, self._store.seal).append(
            actor.did(action, now, reason=reason, result=REFUSED)
        )

    def _forgive(self, connection: Connection, number: str, address: str) -> None:
        SqlStrikes(connection).clear(_NAME, self._name(connection, number, address))

    def _name(self, connection: Connection, number: str, address: str) -> str:
        """Under which wrong logins are counted: a name here, where its owner is known; or a name
        everywhere else."""
        seal, since = self._store.seal, int(self._clock()) - _LATELY
        known = SqlAudit(connection, seal).did_here(LOGIN, number, address, since)
        return seal.mark("operator name", number, *([address] if known else []))

    def _over(self, session: OperatorSession, now: int) -> bool:
        return now >= session.until_at or now - session.seen_at >= self._rules.idle
