"""Health, readiness and counters over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import orjson
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.pages import notFound
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request, Site

from gateway.ops.metrics import Metrics

_log = Logger()
Reasons = Callable[[], Deferred[list[str]]]
About = Callable[[], dict[str, object]]


class HealthPage(Resource):
    """200 while the process lives."""

    isLeaf = True

    def __init__(self) -> None:
        Resource.__init__(self)

    def render_GET(self, request: Request) -> bytes:
        return _json(request, 200, {"alive": True})


class ReadinessPage(Resource):
    """200 only when work can be done; else 503 with the reasons. `about`: what is told beside."""

    isLeaf = True

    def __init__(self, reasons: Reasons, about: About) -> None:
        Resource.__init__(self)
        self._reasons = reasons
        self._about = about

    def render_GET(self, request: Request) -> int:
        gone: list[Failure] = []
        request.notifyFinish().addErrback(gone.append)

        def answer(reasons: list[str]) -> None:
            if gone:
                return
            status = 503 if reasons else 200
            told = {"ready": not reasons, "reasons": reasons, **self._about()}
            request.write(_json(request, status, told))
            request.finish()

        def failed(failure: Failure) -> None:
            """Whoever asks is told; the mistake is ours, and is logged."""
            _log.failure("readiness could not be found out", failure)
            answer([f"it could not be found out: {type(failure.value).__name__}"])

        self._reasons().addCallbacks(answer, failed)
        return NOT_DONE_YET


class MetricsPage(Resource):
    isLeaf = True

    def __init__(self, counts: Metrics) -> None:
        Resource.__init__(self)
        self._counts = counts

    def render_GET(self, request: Request) -> bytes:
        request.setHeader(b"Content-Type", b"text/plain; version=0.0.4; charset=utf-8")
        return self._counts.text()


def site(counts: Metrics, reasons: Reasons, about: About = dict) -> Site:
    root = notFound()
    root.putChild(b"healthz", HealthPage())
    root.putChild(b"readyz", ReadinessPage(reasons, about))
    root.putChild(b"metrics", MetricsPage(counts))
    return Site(root)


def _json(request: Request, status: int, content: object) -> bytes:
    request.setResponseCode(status)
    request.setHeader(b"Content-Type", b"application/json")
    return orjson.dumps(content) + b"\n"
