"""An SMSC bound to a gateway whose desk does as the test says."""

from __future__ import annotations

import pytest

from tests.gateway.channels.smsc_peer import SmscPeer


@pytest.fixture
def smsc() -> SmscPeer:
    """Bound; what the desk was told of it is done."""
    smsc = SmscPeer()
    smsc.desk.all_done()
    return smsc
