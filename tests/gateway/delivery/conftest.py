"""An outbox on a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.gateway.delivery.box import Box


@pytest.fixture
def box() -> Iterator[Box]:
    """Open and empty; at its end no timer is left."""
    box = Box().open()
    yield box
    box.outbox.stop()
    assert box.clock.getDelayedCalls() == []
