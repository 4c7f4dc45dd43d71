"""The server stood still in the moment of a commit, and goes on later: what comes again is
known."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Connection, event

from gateway.config.time_zone import OperatorCalendar
from gateway.model.messages import LoadOutbox
from gateway.serving.desk import Unavailable
from gateway.store.store import Store
from gateway.store.tables import inbox, orders
from tests.gateway.conftest import SEAL
from tests.gateway.hall import Office
from tests.gateway.store.test_postgresql import waiting_for_a_standby
from tests.services import PostgresServer

pytestmark = pytest.mark.service
WAITED_FOR = 5.0  # seconds within which somebody must ask what the stopped one decides


@pytest.fixture
def office(postgres_url: str) -> Iterator[Office]:
    """With a store that is not waited for long."""
    store = Store(postgres_url, SEAL, OperatorCalendar(), threads=4, patience=1.0)
    store.prepare()
    yield Office(store)
    store.close()


def stopped_at_the_commit(store: Store) -> list[int]:
    """From now on the next commit finds a server that stands still; its process, once there."""
    stopped: list[int] = []

    def stop(connection: Connection) -> None:
        if stopped:
            return
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        os.kill(pid, signal.SIGSTOP)
        stopped.append(pid)

    event.listen(store.engine, "commit", stop)
    return stopped


def goes_on_when_asked_for(url: str, pid: int) -> threading.Thread:
    """Once somebody waits for what that process is about to decide."""

    def look() -> None:
        asks = "SELECT 1 FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
            until = time.monotonic() + WAITED_FOR
            while not admin.execute(asks, (pid,)).fetchall() and time.monotonic() < until:
                pass
        os.kill(pid, signal.SIGCONT)

    thread = threading.Thread(target=look)
    thread.start()
    return thread


def test_a_commit_that_goes_through_after_all_is_waited_for(
    office: Office, postgres_url: str
) -> None:
    """The SMSC was asked to keep the message; by its repetition nothing is done twice."""
    office.hears("KTEDU40")
    yes = office.arrived("是")
    stopped = stopped_at_the_commit(office.store)
    with pytest.raises(Unavailable):
        office.serve(yes)
    (pid,) = stopped
    thread = goes_on_when_asked_for(postgres_url, pid)
    try:
        assert office.answers(office.again(yes)) == []  # what it was answered waits already
    finally:
        thread.join()
    assert sum("办理成功" in message.text for message in office.deliver()) == 1
    assert [row["state"] for row in office.rows(orders)] == ["done"]
    first, second = office.rows(inbox)[-2:]
    assert (first["id"], second["same_as"]) == (yes.id, yes.id)


def test_a_commit_that_never_came_is_served_anew(office: Office) -> None:
    """It ended with the server's process."""
    office.hears("KTEDU40")
    yes = office.arrived("是")
    stopped = stopped_at_the_commit(office.store)
    with pytest.raises(Unavailable):
        office.serve(yes)
    # a process that is ended this way ends by itself: the others go on
    os.kill(stopped[0], signal.SIGTERM)
    os.kill(stopped[0], signal.SIGCONT)
    office.answers(office.again(yes))
    assert [row["state"] for row in office.rows(orders)] == ["done"]


def test_nothing_leaves_because_of_what_only_this_server_knows(
    office: Office, postgres_server: PostgresServer
) -> None:
    """A primary that was replaced without knowing it answers as ever; it has no standby."""
    office.serve(office.arrived("YE"))
    with waiting_for_a_standby(postgres_server), pytest.raises(Unavailable):
        office.serve(LoadOutbox(10, int(office.bag.now * 1000)))
    assert len(office.deliver()) == 1
