"""Logging in through a provider: authorization code with PKCE, state and nonce.

browser ── begin ──▶ to the provider, with a cookie that only this browser has
browser ◀── state, code ── provider
browser ── finish, with the cookie ──▶ we ask the provider who it is ──▶ a session

A state is good once, for minutes, with its cookie. Nonce and verifier are made from the cookie, so
that a code which somebody else was given is worth nothing here.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gateway.config.sections.console_settings import OidcSettings
from gateway.operators.logins import Logins, OpenLogin, WrongLogin
from gateway.operators.oidc.id_token import (
    BadIdToken,
    ExpectedToken,
    UnknownSigningKey,
    operator_of,
)
from gateway.operators.oidc.provider import Provider, ProviderRefused
from gateway.store.operators.begun_logins import SqlBegunLogins
from gateway.store.store import Store

CALLBACK: Final = "/api/v1/session/oidc/callback"
MINUTES: Final = 600  # seconds in which a login is to be finished
_OCTETS: Final = 32


@dataclass(frozen=True, slots=True)
class BegunLogin:
    """`address`: the provider's, where the browser goes; `cookie` is a secret."""

    address: str
    cookie: str


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """What a browser brings back: a code, or the error that the provider tells (RFC 6749 §4.1.2,
    RFC 9207)."""

    state: str
    code: str
    error: str
    issuer: str


class ProviderLogins:
    """`origin` is what browsers call us."""

    def __init__(
        self, settings: OidcSettings, store: Store, logins: Logins, provider: Provider,
        origin: str, clock: Callable[[], float],
    ) -> None:  # fmt: skip
        self._settings, self._store, self._logins = settings, store, logins
        self._provider, self._clock = provider, clock
        self.redirect = origin + CALLBACK

    @property
    def issuer(self) -> str:
        return self._settings.issuer

    def begin(self) -> BegunLogin:
        """Raises ProviderAway."""
        state, cookie = (secrets.token_urlsafe(_OCTETS) for _ in range(2))
        address = self._provider.login_address(
            {
                "response_type": "code",
                "client_id": self._settings.client_id,
                "redirect_uri": self.redirect,
                "scope": self._settings.scope,
                "state": state,
                "nonce": self._nonce(cookie),
                "code_challenge": _challenge(self._verifier(cookie)),
                "code_challenge_method": "S256",
            }
        )
        now = int(self._clock())
        with self._store.transaction() as connection:
            begun = SqlBegunLogins(connection, self._store.seal)
            begun.forget_old(now)
            begun.keep(state, cookie, now + MINUTES)
        return BegunLogin(address, cookie)

    def finish(self, answer: ProviderAnswer, cookie: str, address: str) -> OpenLogin:
        """Raises WrongLogin, LoginThrottled, ProviderAway."""
        self._logins.must_not_wait(address)
        with self._store.transaction() as connection:
            begun = SqlBegunLogins(connection, self._store.seal)
            ours = begun.take(answer.state, cookie, int(self._clock()))
        try:
            if not ours:
                raise BadIdToken("nobody began this login here, or it was finished before")
            number = self._number(answer, cookie)
        except (BadIdToken, ProviderRefused) as error:
            self._logins.refuse(address, f"provider: {error}")
            raise WrongLogin from error
        return self._logins.let_in(number, address)

    def _number(self, answer: ProviderAnswer, cookie: str) -> str:
        """Raises BadIdToken, ProviderRefused, ProviderAway."""
        if answer.issuer and answer.issuer != self._settings.issuer:
            raise BadIdToken("the answer of another issuer")
        if answer.error or not answer.code:
            raise ProviderRefused(answer.error[:100] or "no code")
        token = self._provider.id_token(answer.code, self._verifier(cookie), self.redirect)
        expected = ExpectedToken(
            self._settings.issuer, self._settings.client_id, self._nonce(cookie),
            self._settings.claim,
        )  # fmt: skip
        try:
            return operator_of(token, self._provider.keys(), expected, self._clock())
        except UnknownSigningKey:
            keys = self._provider.keys(anew=True)
            return operator_of(token, keys, expected, self._clock())

    def _nonce(self, cookie: str) -> str:
        return self._store.seal.mark("oidc nonce", cookie)

    def _verifier(self, cookie: str) -> str:
        return self._store.seal.mark("oidc verifier", cookie)


def _challenge(verifier: str) -> str:
    """RFC 7636 §4.2."""
    hashed = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(hashed).rstrip(b"=").decode()
