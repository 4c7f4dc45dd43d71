"""Codes that change every 30 seconds."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.security import totp

# RFC 6238, appendix B: the key, and the last six of its eight digits
KEY = base64.b32encode(b"12345678901234567890").decode()
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("moment", "code"), VECTORS)
def test_the_codes_of_the_standard(moment: int, code: str) -> None:
    assert totp.code_of(KEY, totp.step_at(moment)) == code
    assert totp.step_of(KEY, code, moment, 0) == totp.step_at(moment)


def test_clocks_may_differ_by_half_a_minute_and_no_more() -> None:
    for moment, code in VECTORS[1:]:
        assert totp.step_of(KEY, code, moment + 30, 0)
        assert totp.step_of(KEY, code, moment - 30, 0)
        assert not totp.step_of(KEY, code, moment + 61, 0)
        assert not totp.step_of(KEY, code, moment - 61, 0)


def test_a_code_that_was_used_is_none() -> None:
    moment, code = VECTORS[2]
    step = totp.step_of(KEY, code, moment, 0)
    assert totp.step_of(KEY, code, moment, step) == 0
    assert totp.step_of(KEY, code, moment, step - 1) == step


@given(st.text(max_size=8))
def test_what_is_typed_is_never_more_than_wrong(typed: str) -> None:
    moment, _ = VECTORS[1]
    assert bool(totp.step_of(KEY, typed, moment, 0)) == (
        typed in {totp.code_of(KEY, totp.step_at(moment) + n) for n in (-1, 0, 1)}
    )


def test_a_new_secret_is_what_an_app_takes() -> None:
    secret = totp.new_secret()
    assert len(base64.b32decode(secret)) == 20
    assert secret != totp.new_secret()
    assert f"secret={secret}" in totp.address(secret, "8001")
    assert totp.code_of(f"{secret[:4]} {secret[4:].lower()}", 1) == totp.code_of(secret, 1)


@pytest.mark.parametrize("written", ["", "AAAA", "not base32!", "1" * 32])
def test_what_is_no_secret_is_said_to_be_none(written: str) -> None:
    with pytest.raises(ValueError, match="base32"):
        totp.code_of(written, 1)
