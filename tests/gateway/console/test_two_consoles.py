"""Two consoles on one store: people at either see who else looks, as if there were one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select

from gateway.console.watching.lookers import LASTS
from gateway.store.retention import Retention, tidy
from gateway.store.tables import lookers
from tests.gateway.api.console import Console, console
from tests.gateway.console.test_live import stream
from tests.gateway.console.visitors import ask, send, words_of

OPTIONS = ("console.requests_per_minute=10000000", "http.listen=off")
Halls = tuple[Console, Console]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def halls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Halls]:
    """Two processes, started as two machines would start them."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path / 'hall.db'}"
        else:
            server = request.getfixturevalue("postgres_server")
            url = stack.enter_context(server.fresh_database())
        folders = [tmp_path / "one", tmp_path / "two"]
        for folder in folders:
            folder.mkdir()
        one = stack.enter_context(console(url, folders[0], *OPTIONS))
        two = stack.enter_context(console(url, folders[1], *OPTIONS, samples=False))
        one.hire("agent", "agent", name="李雷")
        one.hire("leader", "leader", name="王芳")
        one.hire("business", "business", name="韩梅")
        yield one, two


def test_who_looks_at_a_ticket_at_another_console_is_seen(halls: Halls) -> None:
    """Two agents would else write to one subscriber. Who has gone is gone at both."""
    one, two = halls
    agent, leader = one.log_in("agent"), one.log_in("leader")
    made = send(one, "/tickets/new", agent, kind="suggestion", subscriber="13800138002", said="x")
    number = made.headers["location"].partition("?")[0].rpartition("/")[2]
    about = f"ticket:{number}"
    with stream(one, agent, about) as here:
        assert "也在看" not in here.until(about)
        with stream(two, leader, about) as there:
            assert "李雷" in there.until(about)
            assert "王芳" in here.until(about)
            assert "李雷 也在看这张工单" in words_of(
                ask(two, "GET", f"/tickets/{number}", by=leader)
            )
        assert "也在看" not in here.until(about)
    for hall in halls:
        assert "request failed" not in hall.log.read_text()


def test_who_looks_at_a_draft_at_another_console_is_seen(halls: Halls) -> None:
    one, two = halls
    business, leader = one.log_in("business"), one.log_in("leader")
    made = send(one, "/conf/drafts/new", business, name="一月")
    draft = made.headers["location"].partition("?")[0].rpartition("/")[2]
    with stream(one, business, f"draft:{draft}") as here:
        here.until(f"draft:{draft}")
        with stream(two, leader, f"draft:{draft}") as there:
            assert "韩梅" in there.until(f"draft:{draft}")
            assert "王芳" in here.until(f"draft:{draft}")


def test_what_is_over_leaves_the_store(halls: Halls) -> None:
    """A row for each ticket that anybody ever looked at would be a record of who works on what."""
    one, _ = halls
    agent = one.log_in("agent")
    made = send(one, "/tickets/new", agent, kind="suggestion", subscriber="13800138002", said="x")
    number = made.headers["location"].partition("?")[0].rpartition("/")[2]
    with stream(one, agent, f"ticket:{number}") as here:
        here.until("beat")
    count = select(func.count()).select_from(lookers)
    with one.store.transaction() as connection:
        until = connection.execute(select(func.max(lookers.c.until_at))).scalar_one()
        tidy(connection, until, Retention())
        assert connection.execute(count).scalar() == 1
        tidy(connection, until + int(LASTS), Retention())
        assert connection.execute(count).scalar() == 0
