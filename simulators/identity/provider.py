"""What a provider knows: its keys, who is logged in there, and the codes that it has given."""

from __future__ import annotations

import hashlib
import secrets
import time
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_plus, urlencode

from simulators.identity.tokens import HOUR, WRONG, Claims, SigningKey, coded, signed


@dataclass(frozen=True, slots=True)
class GivenCode:
    who: str
    nonce: str
    challenge: str
    redirect: str


@dataclass(slots=True)
class IdentityProvider:
    """One client. `wrong` is a name of `tokens.WRONG`; `careless` providers look at no verifier."""

    issuer: str
    client_id: str = "hallgate"
    client_secret: str = "sesame"
    claim: str = "preferred_username"
    wrong: str = ""
    careless: bool = False
    away: bool = False  # every answer is 503
    key: SigningKey = field(default_factory=lambda: SigningKey("first"))
    codes: dict[str, GivenCode] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)  # paths, in order

    def renew_key(self) -> None:
        self.key = SigningKey(f"after {self.key.name}")

    def description(self) -> dict[str, object]:
        """OpenID Connect Discovery 1.0 §3."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def keys(self) -> dict[str, object]:
        """A key that encrypts is among them, as with real ones."""
        other = {**self.key.jwk(), "kid": "encrypts", "use": "enc"}
        return {"keys": [other, {"kty": "new", "kid": "strange"}, self.key.jwk()]}

    def let_in(self, asked: Mapping[str, str], who: str) -> str:
        """Where a browser is sent once somebody has logged in here. Raises ValueError for what
        this client may not ask."""
        if asked.get("client_id") != self.client_id or asked.get("response_type") != "code":
            raise ValueError("no such client")
        if asked.get("code_challenge_method") != "S256":
            raise ValueError("a challenge is needed")
        code, redirect = secrets.token_urlsafe(16), asked["redirect_uri"]
        self.codes[code] = GivenCode(who, asked.get("nonce", ""), asked["code_challenge"], redirect)
        back = {"code": code, "state": asked.get("state", ""), "iss": self.issuer}
        return f"{redirect}?{urlencode(back)}"

    def exchange(self, form: Mapping[str, str], authorization: str) -> tuple[int, Claims]:
        """RFC 6749 §4.1.3; a code is good once."""
        if not self._is_client(form, authorization):
            return 401, {"error": "invalid_client"}
        given = self.codes.pop(form.get("code", ""), None)
        if given is None or given.redirect != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if not self.careless and coded(hashed) != given.challenge:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self._token(given)}

    def _is_client(self, form: Mapping[str, str], authorization: str) -> bool:
        if not self.client_secret:
            return form.get("client_id") == self.client_id
        scheme, _, pair = authorization.partition(" ")
        name, _, secret = b64decode(pair).decode().partition(":")
        shown = (scheme, unquote_plus(name), unquote_plus(secret))
        return shown == ("Basic", self.client_id, self.client_secret)

    def _token(self, given: GivenCode) -> str:
        now = int(time.time())
        claims: Claims = {
            "iss": self.issuer, "sub": f"subject of {given.who}", "aud": self.client_id,
            "iat": now, "exp": now + HOUR, "nonce": given.nonce, self.claim: given.who,
        }  # fmt: skip
        make = WRONG.get(self.wrong, signed)
        return make(claims, self.key)
