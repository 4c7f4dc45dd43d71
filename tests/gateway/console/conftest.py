"""One console for all tests of its pages, with an operator of each role."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.gateway.api.console import ROLES, Browser, Console, console
from tests.gateway.console.visitors import Desk, desk


@pytest.fixture(scope="session")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    folder = tmp_path_factory.mktemp("pages")
    store = f"sqlite:///{folder / 'hall.db'}"
    options = ("console.requests_per_minute=10000000", "http.listen=off")
    with console(store, folder, *options) as running:
        for role in ROLES:
            running.hire(role, role, name=f"某{role}")
        running.hire("agent2", "agent", name="同事")
        yield running


@pytest.fixture(scope="session")
def logged_in(hall: Console) -> dict[str, Browser]:
    return {number: hall.log_in(number) for number in hall.people}


@pytest.fixture
def leader(logged_in: dict[str, Browser]) -> Browser:
    return logged_in["leader"]


@pytest.fixture
def agent(logged_in: dict[str, Browser]) -> Browser:
    return logged_in["agent"]


@pytest.fixture(scope="session")
def screen(hall: Console) -> Iterator[Desk]:
    with desk(hall) as opened:
        yield opened
