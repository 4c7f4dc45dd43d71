"""Passwords of operators: made, looked at, hashed with Argon2id (RFC 9106), compared.

A hash says with which parameters it was made, so they can be raised without a new password.
"""

from __future__ import annotations

import os
import secrets
from typing import Final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

SHORTEST: Final = 10  # characters
LONGEST: Final = 200
_PASSES: Final = 3
_KIB: Final = 64 * 1024  # RFC 9106 §4, the second choice: 64 MiB
_LANES: Final = 1  # with more, several at once in one process wait for each other for ever
_NOBODYS: Final = (  # 32 noughts, which no password is known to give
    f"$argon2id$v=19$m={_KIB},t={_PASSES},p={_LANES}$bm9ib2R5J3Mgc2FsdCE$" + "A" * 43
)
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none like another
_COMMON: Final = ("password", "123456", "qwerty", "hallgate", "10086", "abcdef", "111111")


def hashed(password: str) -> str:
    """A quarter of a second and 64 MiB, on purpose."""
    argon = Argon2id(
        salt=os.urandom(16), length=32, iterations=_PASSES, lanes=_LANES, memory_cost=_KIB
    )
    return argon.derive_phc_encoded(password.encode())


def fits(password: str, kept: str) -> bool:
    """Whether it is the one that was hashed. Where there is none, it takes as long to say no."""
    try:
        Argon2id.verify_phc_encoded(password.encode(), kept or _NOBODYS)
    except InvalidKey:
        return False
    return bool(kept)


def new_password() -> str:
    """Sixteen signs that can be read aloud, in groups of four: 92 bits."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def weakness(password: str, number: str, name: str = "") -> str:
    """Why somebody could guess it; empty if they could not."""
    lower = password.lower()
    if len(password) < SHORTEST:
        return f"it has fewer than {SHORTEST} characters"
    if len(password) > LONGEST:
        return f"it has more than {LONGEST} characters"
    if len(set(password)) < 5:
        return "it has hardly two different characters"
    if number.lower() in lower or (name and name.lower() in lower):
        return "the operator's number or name stands in it"
    if any(common in lower for common in _COMMON):
        return "a word that everybody tries first stands in it"
    return ""
