"""Passwords of operators."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from gateway.security import operator_passwords as passwords


def test_a_hash_says_how_it_was_made_and_nothing_else() -> None:
    one, other = passwords.hashed("correct horse"), passwords.hashed("correct horse")
    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert one != other
    assert passwords.fits("correct horse", one)
    assert not passwords.fits("correct Horse", one)


def test_where_there_is_none_nothing_fits() -> None:
    assert not passwords.fits("", "")
    assert not passwords.fits("anything", "")


def test_a_hash_of_other_parameters_still_fits() -> None:
    """So they can be raised."""
    kept = "$argon2id$v=19$m=4096,t=2,p=1$c29tZXNhbHQ$"
    made = Argon2id(
        salt=b"somesalt", length=32, iterations=2, lanes=1, memory_cost=4096
    ).derive_phc_encoded(b"correct horse")
    assert made.startswith(kept)
    assert passwords.fits("correct horse", made)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "fewer than 10"),
        ("x" * 201, "more than 200"),
        ("aaaaaaaaabbb", "hardly two different"),
        ("my8001secret", "number or name"),
        ("secretwangfang", "number or name"),
        ("Password2026!", "everybody tries"),
        ("华为中兴烽火大唐长江黄", ""),
        ("correct horse", ""),
    ],
)
def test_what_can_be_guessed(password: str, why: str) -> None:
    found = passwords.weakness(password, "8001", "WangFang")
    assert why in found
    assert bool(found) == bool(why)


def test_one_that_is_made_is_strong_and_new() -> None:
    made = {passwords.new_password() for _ in range(50)}
    assert len(made) == 50
    assert [one for one in made if passwords.weakness(one, "8001", "Wang")] == []


def test_several_can_be_compared_at_once() -> None:
    """In one process: OpenSSL's Argon2 with several lanes stands still then."""
    kept = passwords.hashed("correct horse")
    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(lambda _: passwords.fits("correct horse", kept), range(12)))
