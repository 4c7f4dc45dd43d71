"""The stream of what is live, as a browser reads it."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from gateway.console.live import MOST_EACH
from tests.gateway.api.console import Browser, Console
from tests.gateway.console.visitors import PATIENCE, send


class Stream:
    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self._answer = answer

    def event(self) -> tuple[str, str]:
        """The next one: its name, and its data."""
        name, data = "", []
        while line := self._answer.readline().decode().rstrip("\n"):
            field, _, value = line.partition(": ")
            if field == "event":
                name = value
            if field == "data":
                data.append(value)
        return name, "\n".join(data)

    def until(self, wanted: str) -> str:
        for _ in range(50):
            name, data = self.event()
            if name == wanted:
                return data
        raise AssertionError(wanted)


@contextmanager
def stream(hall: Console, by: Browser, *shown: str) -> Iterator[Stream]:
    connection = http.client.HTTPConnection("127.0.0.1", hall.port, timeout=30)
    path = "/live?" + "&".join(f"show={name}" for name in shown)
    connection.request("GET", path, headers={"Cookie": f"hallgate_session={by.cookie}"})
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("content-type")) == (
        200, "text/event-stream; charset=utf-8",
    )  # fmt: skip
    try:
        yield Stream(answer)
    finally:
        connection.close()


def test_regions_come_with_a_beat(hall: Console, leader: Browser) -> None:
    with stream(hall, leader, "strip", "links") as live:
        assert "verdict" in live.until("strip")
        assert live.until("links")
        assert live.until("beat") == ""


def test_only_regions_that_one_may_see_come(hall: Console, agent: Browser) -> None:
    """And none that there is not, whatever its name holds."""
    odd = ("strip", "links", "nothing", "strip:%0Aevent:%20over", "../x", "ticket:99999999")
    with stream(hall, agent, *odd) as live:
        live.event()  # how soon to ask again
        assert live.event() == ("beat", "")


def test_it_ends_with_the_session(hall: Console) -> None:
    visitor = hall.log_in("agent2")
    with stream(hall, visitor, "phone") as live:
        live.until("beat")
        send(hall, "/logout", visitor)
        live.until("over")


def test_who_has_it_and_who_looks_come_by_it(
    hall: Console, agent: Browser, leader: Browser
) -> None:
    made = send(hall, "/tickets/new", agent, kind="suggestion", subscriber="13800138002", said="x")
    number = made.headers["location"].partition("?")[0].rpartition("/")[2]
    with stream(hall, leader, f"ticket:{number}") as one:
        assert "open:" in one.until(f"ticket:{number}")
        with stream(hall, agent, f"ticket:{number}") as two:
            assert "某leader" in two.until(f"ticket:{number}")
            assert "某agent" in one.until(f"ticket:{number}")
            send(hall, f"/tickets/{number}/accept", agent)
            assert "accepted:agent" in one.until(f"ticket:{number}")


def test_nobody_takes_all_streams(hall: Console, leader: Browser) -> None:
    """Who opens as many as one may gets no more; others do, and so does he when one has ended."""
    visitor = hall.log_in("agent2")
    with ExitStack() as stack:
        for _ in range(MOST_EACH):
            stack.enter_context(stream(hall, visitor, "phone")).until("beat")
        assert _status(hall, visitor) == 503
        with stream(hall, leader, "strip") as other:
            other.until("strip")
    until = time.monotonic() + PATIENCE
    while _status(hall, visitor) != 200:  # it is seen a moment later that the others are gone
        assert time.monotonic() < until


def _status(hall: Console, by: Browser) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", hall.port, timeout=30)
    headers = {"Cookie": f"hallgate_session={by.cookie}"}
    connection.request("GET", "/live?show=phone", headers=headers)
    try:
        return connection.getresponse().status
    finally:
        connection.close()
