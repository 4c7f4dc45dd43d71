"""ID tokens made by hand (RFC 7515, RFC 7518 §3.3), and every way to make a wrong one."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any, Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

Claims = dict[str, Any]
HOUR: Final = 3_600


class SigningKey:
    """An RSA key, its name, and what of it is public."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)

    def jwk(self) -> dict[str, str]:
        numbers = self._key.public_key().public_numbers()
        n, e = (
            coded(number.to_bytes((number.bit_length() + 7) // 8, "big"))
            for number in (numbers.n, numbers.e)
        )
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.name, "n": n, "e": e}

    def pem(self) -> bytes:
        kind = serialization.PublicFormat.SubjectPublicKeyInfo
        return self._key.public_key().public_bytes(serialization.Encoding.PEM, kind)

    def signature(self, octets: bytes) -> bytes:
        return self._key.sign(octets, padding.PKCS1v15(), hashes.SHA256())


def coded(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def signed(
    claims: Claims, key: SigningKey, *, header: Claims | None = None,
    sign: Callable[[bytes], bytes] | None = None,
) -> str:  # fmt: skip
    header = {"alg": "RS256", "typ": "JWT", "kid": key.name} | (header or {})
    first = ".".join(coded(json.dumps(part).encode()) for part in (header, claims))
    return f"{first}.{coded((sign or key.signature)(first.encode()))}"


def _changed(**instead: Any) -> Callable[[Claims, SigningKey], str]:
    """A token that is signed well and says something else; None leaves a claim out."""

    def make(claims: Claims, key: SigningKey) -> str:
        found = claims | instead
        return signed({name: value for name, value in found.items() if value is not None}, key)

    return make


def _late(claims: Claims, key: SigningKey) -> str:
    return signed(claims | {"iat": claims["iat"] - 2 * HOUR, "exp": claims["exp"] - 2 * HOUR}, key)


def _early(claims: Claims, key: SigningKey) -> str:
    return signed(claims | {"iat": claims["iat"] + HOUR}, key)


def _unsigned(claims: Claims, key: SigningKey) -> str:
    return signed(claims, key, header={"alg": "none"}, sign=lambda _: b"")


def _by_public_key(claims: Claims, key: SigningKey) -> str:
    """As if what everybody knows were a secret that both share."""
    return signed(
        claims, key, header={"alg": "HS256"},
        sign=lambda octets: hmac.digest(key.pem(), octets, "sha256"),
    )  # fmt: skip


def _by_other(claims: Claims, key: SigningKey) -> str:
    return signed(claims, key, sign=SigningKey(key.name).signature)


def _own_key(claims: Claims, key: SigningKey) -> str:
    """It brings along the key that it is to be checked with."""
    own = SigningKey("mine")
    return signed(claims, own, header={"jwk": own.jwk()})


def _forged(claims: Claims, key: SigningKey) -> str:
    """Another's name under a signature that was made for this one."""
    first, _, last = signed(claims, key).split(".")
    return f"{first}.{coded(json.dumps(claims | {'preferred_username': 'admin'}).encode())}.{last}"


WRONG: Final[dict[str, Callable[[Claims, SigningKey], str]]] = {
    "alg_none": _unsigned,
    "alg_hs256": _by_public_key,
    "other_key": _by_other,
    "own_key": _own_key,
    "forged": _forged,
    "expired": _late,
    "from_the_future": _early,
    "other_audience": _changed(aud="another"),
    "two_audiences": _changed(aud=["hallgate", "another"]),
    "other_party": _changed(azp="another"),
    "other_issuer": _changed(iss="https://evil.example"),
    "other_nonce": _changed(nonce="0" * 64),
    "no_nonce": _changed(nonce=None),
    "no_expiry": _changed(exp=None),
    "no_subject": _changed(sub=None),
    "no_name": _changed(preferred_username=None),
    "name_list": _changed(preferred_username=["admin"]),
    "no_token": lambda _claims, _key: "not.a.token",
}
"""By name: what each says is in the name."""
