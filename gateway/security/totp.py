"""Codes of six digits that change every 30 seconds (TOTP, RFC 6238), as authenticator apps show
them: SHA-1, a secret of 160 bits, written in base32."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from typing import Final
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

PERIOD: Final = 30  # seconds
DIGITS: Final = 6
_OCTETS: Final = 20
_ASTRAY: Final = 1  # periods that the two clocks may differ


def new_secret() -> str:
    return base64.b32encode(os.urandom(_OCTETS)).decode()


def step_at(now: float) -> int:
    return int(now) // PERIOD


def code_of(secret: str, step: int) -> str:
    """Raises ValueError for what is no secret."""
    try:
        key = base64.b32decode(secret.replace(" ", "").upper())
        return HOTP(key, DIGITS, SHA1()).generate(step).decode()
    except (binascii.Error, ValueError) as error:
        raise ValueError("a TOTP secret is base32 of 128 bits or more") from error


def step_of(secret: str, code: str, now: float, after: int) -> int:
    """The step whose code it is; 0: it is none of now, or not later than step `after`, which has
    been used. Always compares all of them."""
    here, found = step_at(now), 0
    for step in range(here - _ASTRAY, here + _ASTRAY + 1):
        same = hmac.compare_digest(code_of(secret, step).encode(), code.encode())
        if same and step > after:
            found = step
    return found


def address(secret: str, number: str) -> str:
    """What an app reads from a picture (otpauth://)."""
    who = quote(f"Hallgate:{number}")
    return f"otpauth://totp/{who}?secret={secret}&issuer=Hallgate&period={PERIOD}&digits={DIGITS}"
