"""The overview: is the hall well, what needs somebody, and today beside the same day a week ago."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import orjson

from gateway.api.guard import Needs
from gateway.api.problems import Problem
from gateway.api.routes import figures, tickets
from gateway.api.routes.figures import ReportTold
from gateway.console.live import Region
from gateway.console.pages import Done, Outcome, Pages, ShownPage, Visit, Words
from gateway.console.watching.hall_watch import HallNow, watch_of
from gateway.console.watching.verdicts import reasons
from gateway.model.operators.rights import Right
from gateway.model.ticket_record import LIVE_ONES, NOBODY, TicketFilter
from gateway.store.operators.taken_alarms import SqlTakenAlarms
from gateway.store.tickets import ticket_lists

pages: Final = Pages()
LINKS: Final = Right("read", "links")
_HOURS: Final = "分小时"
_ASKED: Final = "请求数"
_COMPARED: Final = {
    "请求数": Words("请求", "requests"),
    "完成数": Words("完成", "answered"),
    "未理解数": Words("未理解", "not understood"),
    "拒绝数": Words("拒绝", "refused"),
    "故障数": Words("故障", "failed"),
    "通话数": Words("通话", "calls"),
}


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
    counted: str | None

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
    today, then = figures.day(act, day), figures.day(act, day - timedelta(days=7))
    rows = [
        Beside(words, _sum(today, name, hour), _sum(then, name, hour))
        for name, words in _COMPARED.items()
    ]
    return Today(f"{hour:02}:00", rows, _chart(today, then, day), today.counted_until)


def _course(report: ReportTold, name: str) -> dict[int, float]:
    """By hours; only those that were counted."""
    for section in report.sections:
        if section.title == _HOURS:
            at = next((i for i, one in enumerate(section.figures) if one.name == name), -1)
            known = {int(row.of[0]): row.values[at] for row in section.rows} if at >= 0 else {}
            return {hour: float(v) for hour, v in known.items() if isinstance(v, int | float)}
    return {}


def _sum(report: ReportTold, name: str, until: int) -> float | None:
    known = [value for hour, value in _course(report, name).items() if hour < until]
    return sum(known) if known else None


def _chart(today: ReportTold, then: ReportTold, day: date) -> str:
    now, before = _course(today, _ASKED), _course(then, _ASKED)
    if not any(now.values()) and not any(before.values()):
        return ""
    hours = range(24)
    drawn = {
        "x": list(hours),
        "names": [f"{hour:02}" for hour in hours],
        "axis": "时",
        "series": [
            {"name": f"{day:%m-%d}", "values": [now.get(hour) for hour in hours]},
            {
                "name": f"{day - timedelta(days=7):%m-%d}",
                "values": [before.get(hour) for hour in hours],
                "faint": True,
            },
        ],
    }
    return orjson.dumps(drawn).decode()
