"""How long each page of the console takes with a million messages of history, in both languages:
when it is asked for first after the process has begun, and when it is asked for again.

Pages are found as people find them, by the links of others, from the overview on."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from gateway.console.pages import LANGUAGES
from gateway.console.site import all_pages
from gateway.model.figures import LocalDays
from gateway.store.figures.roll_up import DueCount, RollUp
from tests.gateway.api.console import Browser, Console
from tests.gateway.api.served import ZHANG, desk_beside, said
from tests.gateway.console.test_pages_guarded import fits
from tests.gateway.console.visitors import Forms, ask, send
from tests.scale.millions import MILLION, put_messages, put_subscribers
from tests.scale.processes import still, work_of

ROLES = ("leader", "business", "auditor", "admin")  # who see all pages together
HISTORY = int(os.environ.get("HISTORY", MILLION))
WITHIN = 200.0  # milliseconds
_ALIKE = 3  # pages of one kind that are asked for


WORK = 100.0  # milliseconds of a core that the console takes for a page: a busy machine does not
# change them


class Took(NamedTuple):
    """In milliseconds, until the answer was there; `work` of a core."""

    wall: float
    work: float


class TimedPage(NamedTuple):
    language: str
    path: str
    first: Took
    again: Took

    @property
    def work(self) -> float:
        return max(self.first.work, self.again.work)

    @property
    def wall(self) -> float:
        return max(self.first.wall, self.again.wall)


def console_pages(hall: Console, groups: object) -> None:
    _fill(hall, groups)
    people = {role: hall.log_in(role) for role in ROLES}
    _write(hall, people)
    still(hall.process.pid)
    seen: set[str] = set()
    timed = [
        page
        for language in LANGUAGES
        for role in ROLES
        for page in _walked(hall, people[role], language, seen)
    ]
    for page in sorted(timed, key=lambda one: -one.work)[:20]:
        times = (f"{name} {took.wall:.0f} ms, work {took.work:.0f} ms"
                 for name, took in (("first", page.first), ("again", page.again)))  # fmt: skip
        print(f"  {page.language} {page.path}: {'; '.join(times)}")
    late, heavy = (sum(over) for over in zip(
        *((page.wall > WITHIN, page.work > WORK) for page in timed), strict=True))  # fmt: skip
    print(
        f"{len(timed)} pages; {heavy} take more than {WORK:.0f} ms of a core, {late} were not there"
        f" within {WITHIN:.0f} ms",
        flush=True,
    )


def _fill(hall: Console, groups: object) -> None:
    put_subscribers(hall.store, 300_000)
    yesterday = date.today() - timedelta(1)
    put_messages(hall.store, yesterday, HISTORY)
    roll_up = RollUp(hall.store, groups, time.time, lambda: None)  # type: ignore[arg-type]
    begins = LocalDays(hall.store.calendar.zone).begins(yesterday)
    roll_up.do(DueCount(begins, yesterday, whole=True))


def _write(hall: Console, people: dict[str, Browser]) -> None:
    """One of each thing that a page is about."""
    with desk_beside(hall) as desk:
        for text in ("YE", "流量还有多少", "KTLL30", "Y"):
            said(desk, text)
    leader, business = people["leader"], people["business"]
    send(hall, "/tickets/new", leader, kind="suggestion", subscriber=ZHANG, said="希望有更多套餐")
    send(hall, "/lists/30/entries", leader, numbers=ZHANG, reason="x")
    send(hall, "/conf/drafts/new", business, name="一月")
    send(hall, "/subscribers", leader, number=ZHANG, reason="x")


def _walked(hall: Console, by: Browser, language: str, seen: set[str]) -> Iterator[TimedPage]:
    looked = send(hall, "/subscribers", by, number=ZHANG, reason="x")
    waiting = ["/", *([looked.headers["location"]] if looked.status == 303 else [])]
    kinds: dict[str, int] = {}
    while waiting:
        path = waiting.pop(0)
        kind = _kind(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        if f"{language}{path}" in seen or kinds[kind] > _ALIKE:
            continue
        seen.add(f"{language}{path}")
        links, first = _timed(hall, by, path, language)
        again = _timed(hall, by, path, language)[1]
        yield TimedPage(language, path, first, again)
        waiting += [one for one in links if one.startswith("/") and "/language/" not in one]


def _kind(path: str) -> str:
    plain = path.partition("?")[0]
    found = [page.path for page in all_pages() if page.method == "GET" and fits(page.path, plain)]
    return next(iter(found), plain)


def _timed(hall: Console, by: Browser, path: str, language: str) -> tuple[list[str], Took]:
    """What it leads to, its pieces that load by themselves as well, and how long it took."""
    cookies = f"hallgate_session={by.cookie}; hallgate_language={language}"
    begun, before = time.perf_counter(), work_of(hall.process.pid)
    answer = ask(hall, "GET", path, Cookie=cookies)
    wall, work = time.perf_counter() - begun, work_of(hall.process.pid) - before
    took = Took(wall * 1000, work * 1000)
    assert answer.status in (200, 303), (path, answer.status)
    if "text/html" not in answer.headers.get("content-type", ""):
        return [], took
    page = Forms(answer.body.decode())
    pieces = [str(told["hx-get"]) for _, told in page.tags if told.get("hx-trigger") == "load"]
    return [*page.links, *pieces], took
