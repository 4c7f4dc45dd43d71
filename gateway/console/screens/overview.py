"""The overview: is the hall well, what needs somebody, and today beside the same day a week ago."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import orjson

from gateway.api.act import Act
from gateway.api.guard import Needs
from gateway.api.problems import Problem
from gateway.api.routes import figures, tickets
from gateway.console.frame import language_of
from gateway.console.live import Region
from gateway.console.pages import Done, Outcome, Pages, ShownPage, Visit, Words
from gateway.console.watching.hall_watch import HallNow, watch_of
from gateway.console.watching.verdicts import reasons
from gateway.figures import measures
from gateway.figures.basics import Value
from gateway.figures.course import course_of
from gateway.figures.measures import Measure
from gateway.model.operators.rights import Right
from gateway.model.ticket_record import LIVE_ONES, NOBODY, TicketFilter
from gateway.store.operators.taken_alarms import SqlTakenAlarms
from gateway.store.tickets import ticket_lists

pages: Final = Pages()
LINKS: Final = Right("read", "links")
_WEEK: Final = timedelta(days=7)
_COMPARED: Final = {
    measures.REQUESTS: Words("请求", "requests"),
    measures.COMPLETED: Words("完成", "answered"),
    measures.UNCLEAR: Words("未理解", "not understood"),
    measures.REFUSED: Words("拒绝", "refused"),
    measures.FAILED: Words("故障", "failed"),
    measures.CALLS: Words("通话", "calls"),
}
Course = Mapping[int, Mapping[Measure, Value]]


class Beside(NamedTuple):
    """A figure until now, and what it was a week ago by then; None: it cannot be had."""

    name: Words
    today: float | None
    then: float | None

    @property
    def change(self) -> float | None:
        """In per cent."""
        if not self.then or self.today is None:
            return None
        return 100 * (self.today - self.then) / self.then


class Today(NamedTuple):
    """Up to the last whole hour, which `until` is. `chart`: requests by hour, as JSON."""

    until: str
    rows: list[Beside]
    chart: str

    @property
    def known(self) -> bool:
        return any(row.today is not None or row.then is not None for row in self.rows)


class Load(NamedTuple):
    """Tickets that are not done."""

    live: int
    late: int
    untaken: int
    mine: int


@pages.get("/", Needs.LOGIN)
def overview(visit: Visit) -> Outcome:
    values: dict[str, Any] = {
        "strip": strip_values(visit, "") if visit.may(LINKS) else None,
        "today": _today(visit) if visit.may(figures.READ) else None,
        "load": _load(visit) if visit.may(tickets.READ) else None,
    }
    return ShownPage("overview.html", Words("总览", "Overview"), values)


def strip_values(visit: Visit, _about: str) -> Mapping[str, Any]:
    now = watch_of(visit.request).now()
    taken = now.look.taken if now.look else {}
    return {
        "now": now,
        "taken": taken,
        "alarms": alarms(now),
        "reasons": list(reasons(now.course.last)),
    }


def alarms(now: HallNow) -> list[tuple[Any, float]]:
    """What is not well, and since when; the gravest first."""
    found = [(one, now.since[one.key]) for one in now.verdicts if one.alarms]
    return sorted(found, key=lambda pair: (pair[0].level, pair[1]))


@pages.post("/alarms/{key:alarm}/take", LINKS)
def take_alarm(visit: Visit) -> Outcome:
    """Others see who sees to it."""
    key, act = visit.path("key"), visit.act
    if key not in {one.key for one, _ in alarms(watch_of(visit.request).now())}:
        raise Problem(409, "it is over already")
    who = SqlTakenAlarms(act.connection).take(key, act.operator.number, act.now)
    if who.operator != act.operator.number:
        raise Problem(409, f"{who.name} has taken this alarm")
    act.note(action="links.alarm", result=f"done: {key}")
    watch_of(visit.request).forget()
    return Done(to="/", told="alarm")


STRIP: Final = Region("strip.html", LINKS, strip_values, reads=False)


def _load(visit: Visit) -> Load:
    connection, me = visit.act.connection, visit.act.operator.number

    def count(**wanted: Any) -> int:
        return ticket_lists.count(connection, TicketFilter(LIVE_ONES, **wanted))

    return Load(count(), count(late_at=visit.act.now), count(holder=NOBODY), count(holder=me))


def _today(visit: Visit) -> Today:
    act = visit.act
    there = act.store.calendar.at(act.now)
    day, hour = there.date(), there.hour
    today, then = _course(act, day), _course(act, day - _WEEK)
    rows = [
        Beside(words, _sum(today, measure, hour), _sum(then, measure, hour))
        for measure, words in _COMPARED.items()
    ]
    chart = _chart(today, then, day, language_of(visit.request))
    return Today(f"{hour:02}:00", rows, chart)


def _course(act: Act, day: date) -> Course:
    return course_of(act.store, act.connection, day, tuple(_COMPARED))


def _sum(course: Course, measure: Measure, until: int) -> float | None:
    known = [
        value
        for hour, values in course.items()
        if hour < until and isinstance(value := values[measure], int | float)
    ]
    return sum(known) if known else None


def _chart(today: Course, then: Course, day: date, language: str) -> str:
    """Requests by hour."""
    now, before = (
        [course[hour][measures.REQUESTS] if hour in course else None for hour in range(24)]
        for course in (today, then)
    )
    if not any(now) and not any(before):
        return ""
    drawn = {
        "x": list(range(24)),
        "names": [f"{hour:02}" for hour in range(24)],
        "axis": Words("时", "h").said(language),
        "series": [
            {"name": f"{day:%m-%d}", "values": now},
            {"name": f"{day - _WEEK:%m-%d}", "values": before, "faint": True},
        ],
    }
    return orjson.dumps(drawn).decode()
