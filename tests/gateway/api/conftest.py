"""One console for each kind of store, for all tests that ask it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.gateway.api.console import Browser, Console, console


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)]
)
def hall(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Console]:
    """With an operator of each role: agent, leader, business …"""
    folder = tmp_path_factory.mktemp("console")
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{folder / 'hall.db'}"
        else:
            server = request.getfixturevalue("postgres_server")
            url = stack.enter_context(server.fresh_database())
        running = stack.enter_context(
            console(url, folder, "console.requests_per_minute=10000000")  # all roles, all routes
        )
        for role in (
            "agent",
            "leader",
            "business",
            "marketing",
            "operations",
            "boss",
            "auditor",
            "admin",
        ):
            running.hire(role, role, name=f"the {role}")
        yield running


@pytest.fixture(scope="module")
def logged_in(hall: Console) -> dict[str, Browser]:
    """A session for each role."""
    return {number: hall.log_in(number) for number in hall.people}


@pytest.fixture
def agent(logged_in: dict[str, Browser]) -> Browser:
    return logged_in["agent"]


@pytest.fixture
def admin(logged_in: dict[str, Browser]) -> Browser:
    return logged_in["admin"]


@pytest.fixture
def auditor(logged_in: dict[str, Browser]) -> Browser:
    return logged_in["auditor"]
