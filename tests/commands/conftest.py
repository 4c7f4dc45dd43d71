"""What tests of commands share: a hall without a BOSS, and a phone in it."""

from __future__ import annotations

import pytest

from tests.commands.fakes import HallWorld, world
from tests.commands.phone import Phone


@pytest.fixture
def hall() -> HallWorld:
    return world()


@pytest.fixture
def phone(hall: HallWorld) -> Phone:
    """Zhang's: real-named, with a strong password."""
    return Phone(hall, "13800138001")
