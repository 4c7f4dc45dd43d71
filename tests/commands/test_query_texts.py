"""Answers of queries are short."""

from __future__ import annotations

import pytest

from smpp.text import measure
from tests.commands.fakes import World, own_sample, world
from tests.commands.phone import Phone

QUERIES = [
    "CXYE", "CXHF", "CXZD", "CXYL", "CXLL", "CXWLAN", "CXTC", "CXJF", "CXXJ", "CXXY", "CXZT",
    "CXZL", "CXDSF", "CXFH", "CXZQ", "CXVW", "CXGD",
]  # fmt: skip


@pytest.fixture(scope="module")
def hall() -> World:
    return world()


@pytest.mark.parametrize("code", QUERIES)
def test_answers_are_short(hall: World, code: str) -> None:
    """With every tip, for every persona: two short messages, four in English."""
    for persona in own_sample().personas:
        for language, most in (("zh", 2), ("en", 4)):
            phone = Phone(hall, persona.account.msisdn, language=language)
            words = phone.sends(f"{code}#{persona.password.reveal()}")
            assert measure(words).parts <= most
