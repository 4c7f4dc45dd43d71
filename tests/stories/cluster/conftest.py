"""A store of each kind, and gateways on it that share the binds of one SMSC."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from simulators.smsc.smsc import Smsc
from tests.stories.cluster.gateways import Gateways
from tests.stories.deployment import Deployment, personas
from tests.stories.gateway_process import GatewayProcess

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.service)]


@pytest.fixture(params=KINDS)
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Deployment:
    """A furnished house, on a store of each kind."""
    if request.param == "sqlite":
        place: Deployment = request.getfixturevalue("place")
        return place
    house = Deployment(tmp_path, request.getfixturevalue("postgres_url"))
    house.configure([])
    house.move_in(personas().values())
    return house


@pytest.fixture
def gateways(
    shared: Deployment, smscs: Callable[..., Smsc], start: Callable[..., GatewayProcess]
) -> Callable[..., Gateways]:
    """On that store; `terms` are the SMSC's."""
    return lambda **terms: Gateways(shared, smscs(**terms), start)
