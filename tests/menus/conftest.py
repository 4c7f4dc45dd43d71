"""Dialogues in the small book."""

from __future__ import annotations

import pytest

from menus.model.wording import MenuChannel
from tests.menus.books import Dialogue
from tests.menus.small_book import BOOK


@pytest.fixture
def ussd() -> Dialogue:
    return Dialogue(BOOK)


@pytest.fixture
def call() -> Dialogue:
    return Dialogue(BOOK, MenuChannel.VOICE, "10086")
