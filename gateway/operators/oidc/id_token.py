"""An ID token: who somebody is, signed by a provider (OpenID Connect Core 1.0 §3.1.3.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from gateway.model.operators.operators import NUMBER

ALGORITHMS: Final = [f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)]
"""Signatures by a key that the provider alone has: no `none`, nothing with a shared secret."""
LEEWAY: Final = 60  # seconds by which its clock and ours may differ
_SIGNS: Final = ("RSA", "EC")


class BadIdToken(Exception):
    """It proves nothing; the text says why."""


class UnknownSigningKey(BadIdToken):
    """Signed with a key that the provider has not told us, perhaps because it is new."""


@dataclass(frozen=True, slots=True)
class ExpectedToken:
    """What a token that is for us says; `claim` is where it says the 工号."""

    issuer: str
    client_id: str
    nonce: str
    claim: str


def signing_keys(jwks: object) -> KeySet:
    """Of what a provider tells, the keys that sign. Raises BadIdToken."""
    told = jwks.get("keys") if isinstance(jwks, dict) else None
    found = [
        one
        for one in (told if isinstance(told, list) else [])
        if isinstance(one, dict) and one.get("kty") in _SIGNS and one.get("use", "sig") == "sig"
    ]
    try:
        return KeySet.import_key_set({"keys": found})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise BadIdToken(f"the provider's keys cannot be read: {type(error).__name__}") from None


def operator_of(token: str, keys: KeySet, expected: ExpectedToken, now: float) -> str:
    """The 工号 that a token proves. Raises BadIdToken."""
    claims = _claims(token, keys, now)
    if claims.get("iss") != expected.issuer:
        raise BadIdToken("another issuer")
    _for_us(claims, expected.client_id)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not compare_digest(nonce.encode(), expected.nonce.encode()):
        raise BadIdToken("another login's nonce, or none")
    number = claims.get(expected.claim)
    if isinstance(number, int) and not isinstance(number, bool):
        number = str(number)
    if not isinstance(number, str) or not re.fullmatch(NUMBER, number):
        raise BadIdToken(f"no 工号 in its claim '{expected.claim}'")
    return number


def _claims(token: str, keys: KeySet, now: float) -> dict[str, Any]:
    """What is signed and of this time. Raises BadIdToken."""
    try:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        there: ClaimsOption = {"essential": True}
        checked = JWTClaimsRegistry(
            int(now), LEEWAY, iss=there, sub=there, aud=there, exp=there, iat=there
        )
        checked.validate(claims)
    except InvalidKeyIdError:
        raise UnknownSigningKey("signed with an unknown key") from None
    except JoseError as error:
        raise BadIdToken(error.error) from None
    except (ValueError, TypeError, AttributeError, OverflowError) as error:  # no token at all
        raise BadIdToken(f"no token: {type(error).__name__}") from None
    return claims


def _for_us(claims: dict[str, Any], client_id: str) -> None:
    """Raises BadIdToken. With several audiences, `azp` says for whom it was made (§2)."""
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    if client_id not in several:
        raise BadIdToken("for another client")
    if (len(several) > 1 or "azp" in claims) and claims.get("azp") != client_id:
        raise BadIdToken("made for another client")
