"""Answers of queries are short."""

from __future__ import annotations

import pytest

from smpp.messages.segmentation import text_length
from tests.commands.fakes import HallWorld, own_sample, world
from tests.commands.phone import Phone

QUERIES = [
    "CXYE", "CXHF", "CXZD", "CXYL", "CXLL", "CXWLAN", "CXTC", "CXJF", "CXXJ", "CXXY", "CXZT",
    "CXZL", "CXDSF", "CXFH", "CXZQ", "CXVW", "CXGD",
]  # fmt: skip


@pytest.fixture(scope="module")
def hall() -> HallWorld:
    return world()


@pytest.mark.parametrize("code", QUERIES)
def test_answers_are_short(hall: HallWorld, code: str) -> None:
    """With every tip, for every persona: two short messages, four in English."""
    for persona in own_sample().personas:
        for language, most in (("zh", 2), ("en", 4)):
            phone = Phone(hall, persona.account.msisdn, language=language)
            words = phone.sends(f"{code}#{persona.password.reveal()}")
            assert text_length(words).parts <= most
