"""What changes while one looks: one stream of events for all regions of a page.

GET /live?show=strip&show=ticket:4711 ──▶ event: strip, data: the HTML of that region, …
                                          event: beat, each few seconds, so that silence is seen
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gateway.api.act import Act
from gateway.api.context import address_of, context_of
from gateway.api.guard import COOKIE
from gateway.api.problems import Problem
from gateway.console import frame
from gateway.console.pages import Visit
from gateway.model.operators.rights import Right, may
from gateway.store.connection import StoreFailure

EVERY: Final = 3.0  # seconds between two looks
MOST: Final = 200  # streams at once
MOST_EACH: Final = 20  # of one operator: nobody takes them all
_STEP: Final = 0.25  # seconds after which an end is noticed
_REGIONS: Final = 6  # of one page
_NAME: Final = re.compile("[a-z]{1,20}(:[A-Za-z0-9_-]{1,30})?")

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a page that is drawn anew. `values` is given what stands behind the colon."""

    template: str
    needs: Right | None
    values: Callable[[Visit, str], Values]
    reads: bool = True  # it asks the store, within a transaction of the stream


class Live:
    """The streams of one process. `ending`: it is about to stop."""

    def __init__(self, regions: Mapping[str, Region]) -> None:
        self._regions = regions
        self._open: Counter[str] = Counter()  # by operator

    async def stream(self, request: Request) -> Response:
        asked = request.query_params.getlist("show")[:_REGIONS]
        shown = [name for name in asked if _NAME.fullmatch(name)]
        act = await run_in_threadpool(self._act, request)
        if act is None:
            return Response(status_code=401)
        who = act.operator.number
        if self._open.total() >= MOST or self._open[who] >= MOST_EACH:
            return Response(status_code=503, headers={"Retry-After": "30"})
        events = self._events(request, who, shown)
        headers = {"X-Accel-Buffering": "no", "Content-Security-Policy": frame.POLICY}
        return StreamingResponse(events, media_type="text/event-stream", headers=headers)

    async def _events(self, request: Request, who: str, shown: list[str]) -> AsyncIterator[bytes]:
        self._open[who] += 1
        sent: dict[str, str] = {}
        try:
            yield b"retry: 5000\n\n"
            while not self._ends(request) and not await request.is_disconnected():
                drawn = await run_in_threadpool(self._drawn, request, shown)
                if drawn is None:
                    yield _event("over", "")
                    return
                for name, html in drawn.items():
                    if sent.get(name) != html:
                        sent[name] = html
                        yield _event(name, html)
                yield _event("beat", "")
                await self._pause(request)
        finally:
            self._open[who] -= 1

    async def _pause(self, request: Request) -> None:
        for _ in range(int(EVERY / _STEP)):
            if self._ends(request):
                return
            await asyncio.sleep(_STEP)

    def _ends(self, request: Request) -> bool:
        ending: Callable[[], bool] = getattr(request.app.state, "ending", lambda: False)
        return ending()

    def _act(self, request: Request) -> Act | None:
        """A page that is only open keeps nobody logged in."""
        context = context_of(request)
        id = request.cookies.get(COOKIE, "")
        try:
            who = context.logins.still(id) if id else None
        except StoreFailure:
            return None
        return Act(context, address_of(request), "live", who) if who else None

    def _drawn(self, request: Request, shown: list[str]) -> dict[str, str] | None:
        """None: nobody is logged in there any more."""
        act = self._act(request)
        return dict(self._each(request, act, shown)) if act else None

    def _each(self, request: Request, act: Act, shown: list[str]) -> Iterator[tuple[str, str]]:
        for name in shown:
            kind, _, about = name.partition(":")
            region = self._regions.get(kind)
            if region is None or not _may(act, region):
                continue
            try:
                yield name, _html(request, act, region, about)
            except (StoreFailure, Problem):
                continue  # it stays as it was, and the page says since when


def _html(request: Request, act: Act, region: Region, about: str) -> str:
    visit = Visit(act, request)
    if not region.reads:
        return frame.part(request, act, region.template, region.values(visit, about))
    with act.store.reading() as connection:
        act.within(connection)
        return frame.part(request, act, region.template, region.values(visit, about))


def _may(act: Act, region: Region) -> bool:
    return region.needs is None or may(act.context.conf.roles(), act.operator.role, region.needs)


def _event(name: str, text: str) -> bytes:
    lines = "".join(f"data: {line}\n" for line in text.splitlines() or [""])
    return f"event: {name}\n{lines}\n".encode()
