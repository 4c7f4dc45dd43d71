"""/healthz, /readyz and /metrics of several gateways on one machine, as of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import orjson
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample
from twisted.internet.defer import Deferred, DeferredList
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.client import Agent, HTTPConnectionPool, readBody
from twisted.web.pages import notFound
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request, Site

_log = Logger()
WITHIN: Final = 8.0
"""Seconds in which a process must answer; its own checks take five."""


class PageAnswer(NamedTuple):
    """What a process answered."""

    status: int  # 0: nothing in time
    body: bytes


Pages = Mapping[int, PageAnswer]
"""By the number of the process."""
Joined = Callable[[Pages], tuple[int, bytes, bytes]]
"""All pages as one: status, type and body."""


def joint_health(pages: Pages) -> tuple[int, bytes, bytes]:
    """This process lives, whatever the others do; how they are is told."""
    alive = {str(number): page.status == 200 for number, page in sorted(pages.items())}
    return 200, b"application/json", orjson.dumps({"alive": True, "processes": alive}) + b"\n"


def joint_readiness(pages: Pages) -> tuple[int, bytes, bytes]:
    """Work can be done if one of them can do it; why the others cannot is told all the same."""
    reasons: list[str] = []
    for number, page in sorted(pages.items()):
        reasons += [f"process {number}: {reason}" for reason in _reasons_of(page)]
    ready = any(page.status == 200 for page in pages.values())
    told = orjson.dumps({"ready": ready, "reasons": reasons}) + b"\n"
    return 200 if ready else 503, b"application/json", told


async def reasons_not_to_serve(reader: PageReader) -> list[str]:
    """Empty as soon as one of them can do its work."""
    pages = await reader.read("/readyz")
    if any(page.status == 200 for page in pages.values()):
        return []
    return [f"process {number}: {reason}" for number, page in sorted(pages.items())
            for reason in _reasons_of(page)]  # fmt: skip


def _reasons_of(page: PageAnswer) -> list[str]:
    if page.status == 0:
        return ["it does not answer"]
    try:
        told = orjson.loads(page.body)
        return [str(reason) for reason in told["reasons"]]
    except (ValueError, TypeError, KeyError):
        return ["it answers what nobody understands"]


def joint_metrics(pages: Pages) -> tuple[int, bytes, bytes]:
    """Every figure of every process, told apart by a label."""
    registry = CollectorRegistry()
    registry.register(_AllOf(pages))
    return 200, b"text/plain; version=0.0.4; charset=utf-8", generate_latest(registry)


class _AllOf(Collector):
    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def collect(self) -> Iterator[Metric]:
        up = "1 if the process answers"
        answers = GaugeMetricFamily("hallgate_process_up", up, labels=["process"])
        families: dict[str, Metric] = {}
        for number, page in sorted(self._pages.items()):
            answers.add_metric([str(number)], float(page.status == 200))
            for family in _families(page):
                joined = families.setdefault(
                    family.name, Metric(family.name, family.documentation, family.type)
                )
                joined.samples += [_of(sample, number) for sample in family.samples]
        yield answers
        yield from families.values()


def _families(page: PageAnswer) -> Iterable[Metric]:
    if page.status != 200:
        return []
    try:
        return list(text_string_to_metric_families(page.body.decode()))
    except ValueError:  # cut off in the middle
        return []


def _of(sample: Sample, number: int) -> Sample:
    return sample._replace(labels={"process": str(number), **sample.labels})


class JointPage(Resource):
    """Asks every process for its own page, and answers with all of them."""

    isLeaf = True

    def __init__(self, ask: Callable[[], Deferred[Pages]], joined: Joined) -> None:
        Resource.__init__(self)
        self._ask = ask
        self._joined = joined

    def render_GET(self, request: Request) -> int:
        gone: list[Failure] = []
        request.notifyFinish().addErrback(gone.append)

        def answer(pages: Pages) -> None:
            status, kind, body = self._joined(pages)
            if not gone:
                request.setResponseCode(status)
                request.setHeader(b"Content-Type", kind)
                request.write(body)
                request.finish()

        def failed(failure: Failure) -> None:
            _log.failure("pages of several processes could not be joined", failure)
            if not gone:
                request.setResponseCode(500)
                request.finish()

        self._ask().addCallback(answer).addErrback(failed)
        return NOT_DONE_YET


class PageReader:
    """Reads pages of processes on this machine."""

    def __init__(self, reactor: Any, ports: Callable[[], Mapping[int, int]]) -> None:
        """`ports`: of those that live, by their numbers; 0: it does not live."""
        self._reactor = reactor
        self._ports = ports
        self._agent = Agent(reactor, connectTimeout=WITHIN, pool=HTTPConnectionPool(reactor, False))

    def read(self, path: str) -> Deferred[Pages]:
        numbers: Sequence[tuple[int, int]] = sorted(self._ports().items())
        all_of_them = DeferredList(
            [self._page(port, path) for _, port in numbers], consumeErrors=True
        )

        def told(results: Sequence[tuple[bool, Any]]) -> Pages:
            return {
                number: page if answered else PageAnswer(0, b"")
                for (number, _), (answered, page) in zip(numbers, results, strict=True)
            }

        return all_of_them.addCallback(told)

    def _page(self, port: int, path: str) -> Deferred[PageAnswer]:
        return Deferred.fromCoroutine(self._asked(port, path)).addTimeout(WITHIN, self._reactor)

    async def _asked(self, port: int, path: str) -> PageAnswer:
        if not port:
            return PageAnswer(0, b"")
        answer = await self._agent.request(b"GET", f"http://127.0.0.1:{port}{path}".encode())
        return PageAnswer(int(answer.code), await readBody(answer))


def joint_site(reader: PageReader) -> Site:
    root = notFound()
    for path, joined in _JOINED.items():
        root.putChild(path.encode(), JointPage(partial(reader.read, f"/{path}"), joined))
    return Site(root)


_JOINED: Final[Mapping[str, Joined]] = {
    "healthz": joint_health,
    "readyz": joint_readiness,
    "metrics": joint_metrics,
}
