"""Health, readiness and counters, asked over a real port."""

from __future__ import annotations

import http.client
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
import pytest_twisted
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.threads import deferToThread
from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from zope.interface import provider

from gateway.ops.http import Reasons, site
from gateway.ops.metrics import Metrics


@pytest.fixture
def reactor() -> Any:
    """The real one, which pytest-twisted runs."""
    from twisted.internet import reactor

    return reactor


@asynccontextmanager
async def serving(
    reactor: Any, reasons: Reasons, counts: Metrics | None = None
) -> AsyncIterator[int]:
    """The site on a port of its own."""
    port = reactor.listenTCP(0, site(counts or Metrics(), reasons), interface="127.0.0.1")
    try:
        yield port.getHost().port
    finally:
        await port.stopListening()


async def get(port: int, path: str) -> tuple[int, str, bytes]:
    """Status, type and body, as the standard library's client reads them."""

    def ask() -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.headers["Content-Type"], response.read()
        finally:
            connection.close()

    return await deferToThread(ask)


def ready() -> Deferred[list[str]]:
    return succeed([])


@pytest_twisted.ensureDeferred
async def test_a_process_that_lives_is_healthy(reactor: Any) -> None:
    """Even when it cannot work."""
    async with serving(reactor, lambda: succeed(["no link"])) as port:
        code, kind, body = await get(port, "/healthz")
    assert (code, kind) == (200, "application/json")
    assert orjson.loads(body) == {"alive": True}


@pytest_twisted.ensureDeferred
async def test_ready_is_who_has_no_reason_not_to_be(reactor: Any) -> None:
    """The balancer sends work."""
    async with serving(reactor, ready) as port:
        code, _, body = await get(port, "/readyz")
    assert code == 200
    assert orjson.loads(body) == {"ready": True, "reasons": []}


@pytest_twisted.ensureDeferred
async def test_who_is_not_ready_says_why(reactor: Any) -> None:
    """All reasons at once, as JSON."""
    why = ["the store does not answer: OperationalError", "link smsc-a is not up: refused"]
    async with serving(reactor, lambda: succeed(why)) as port:
        code, kind, body = await get(port, "/readyz")
    assert (code, kind) == (503, "application/json")
    assert orjson.loads(body) == {"ready": False, "reasons": why}


@pytest_twisted.ensureDeferred
async def test_more_may_be_told_beside(reactor: Any) -> None:
    """Of other gateways, while there are any."""
    about: dict[str, object] = {"cluster": {"members": 2}}
    port = reactor.listenTCP(0, site(Metrics(), ready, lambda: about), interface="127.0.0.1")
    _, _, body = await get(port.getHost().port, "/readyz")
    await port.stopListening()
    assert orjson.loads(body) == {"ready": True, "reasons": [], "cluster": {"members": 2}}


@pytest_twisted.ensureDeferred
async def test_readiness_is_asked_anew_each_time(reactor: Any) -> None:
    """And the answer may take a while: the store is asked in a thread."""
    waiting: list[Deferred[list[str]]] = []

    def reasons() -> Deferred[list[str]]:
        waiting.append(Deferred())
        reactor.callLater(0, waiting[-1].callback, [f"reason {len(waiting)}"])
        return waiting[-1]

    async with serving(reactor, reasons) as port:
        answers = [await get(port, "/readyz") for _ in range(2)]
    assert [orjson.loads(body)["reasons"] for _, _, body in answers] == [["reason 1"], ["reason 2"]]


@pytest_twisted.ensureDeferred
async def test_who_hangs_up_early_is_not_answered(reactor: Any) -> None:
    """A late answer to nobody is no error, and the next one is served."""
    late: Deferred[list[str]] = Deferred()
    asked: Deferred[None] = Deferred()

    def reasons() -> Deferred[list[str]]:
        if not asked.called:
            asked.callback(None)
            return late
        return succeed([])

    async with serving(reactor, reasons) as port:
        impatient = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        await deferToThread(impatient.request, "GET", "/readyz")
        await asked
        impatient.close()
        assert (await get(port, "/readyz"))[0] == 200
        late.callback([])
        assert (await get(port, "/readyz"))[0] == 200


@pytest_twisted.ensureDeferred
async def test_counters_are_served_as_prometheus_wants_them(reactor: Any) -> None:
    """With the version of the text in its type."""
    counts = Metrics()
    counts.arrived("smsc-a")
    async with serving(reactor, ready, counts) as port:
        code, kind, body = await get(port, "/metrics")
    assert (code, kind) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert b'hallgate_sms_in_total{link="smsc-a"} 1.0' in body


@pytest_twisted.ensureDeferred
async def test_there_is_nothing_else(reactor: Any) -> None:
    """A page that is not there is not found."""
    async with serving(reactor, ready) as port:
        assert (await get(port, "/"))[0] == 404
        assert (await get(port, "/nothing/here"))[0] == 404


@pytest_twisted.ensureDeferred
async def test_readiness_that_cannot_be_found_out_is_told(reactor: Any) -> None:
    """Whoever asks is not left waiting, and the mistake is logged."""
    logged: list[object] = []

    @provider(ILogObserver)
    def observe(event: LogEvent) -> None:
        if "log_failure" in event:
            logged.append(event["log_failure"].value)

    fault = ValueError("stumbled")
    globalLogPublisher.addObserver(observe)
    try:
        async with serving(reactor, lambda: fail(fault)) as port:
            status, _, body = await get(port, "/readyz")
    finally:
        globalLogPublisher.removeObserver(observe)
    assert status == 503
    assert orjson.loads(body)["reasons"] == ["it could not be found out: ValueError"]
    assert logged == [fault]
