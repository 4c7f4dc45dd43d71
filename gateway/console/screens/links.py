"""Links and calls: each bind and each exchange, the gateways, and what callers wait for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from gateway.api.routes import links
from gateway.api.routes.links import CHANGE, READ, LinkOrderForm
from gateway.console.live import Region
from gateway.console.pages import Done, Outcome, Pages, ShownPage, Visit, Words
from gateway.console.watching.gateway_pages import Course, Reading
from gateway.console.watching.hall_watch import watch_of
from gateway.console.watching.verdicts import link_states, reasons
from gateway.model.link_orders import LinkOrder, LinkState

pages: Final = Pages()
_TAKEN: Final = "accepted"
_PEOPLE: Final = {
    "answered": Words("人工已接", "answered"),
    "answered_in_15_seconds": Words("15 秒内接起", "of them within 15 s"),
    "hung_up": Words("等待中挂机", "hung up"),
    "nobody_there": Words("无人可接", "nobody there"),
    "left_by_key": Words("按键返回", "went back"),
    "wanted": Words("要求人工", "wanted a person"),
}


class LinkRow(NamedTuple):
    """Of one link. Rates are messages a second of the last minutes; None: not known yet."""

    name: str
    kind: str
    up: bool
    order: LinkOrder | None
    came: float | None
    went: float | None
    refused: float  # parts that the SMSC did not take, within the window
    unanswered: float
    receipts: float


class QueueRow(NamedTuple):
    """Of one queue of one exchange, over all gateways. `longest` in seconds."""

    pbx: str
    queue: str
    waiting: int
    longest: float


@pages.get("/links", READ)
def links_page(visit: Visit) -> Outcome:
    told = links.list_links(visit.act).links
    values = {"orders": told, "may_change": visit.may(CHANGE), "states": list(LinkState)}
    title = Words("链路与通话", "Links and calls")
    return ShownPage("links.html", title, {**links_values(visit, ""), **values})


@pages.post("/links/order", CHANGE)
def order(visit: Visit) -> Outcome:
    form = visit.form(
        LinkOrderForm, "state", "rate", link=visit.field("link"), reason=visit.field("reason")
    )
    links.order(visit.act, form)
    return Done(to="/links", told="ordered")


def links_values(visit: Visit, _about: str) -> Mapping[str, Any]:
    now = watch_of(visit.request).now()
    last = now.course.last
    return {
        "now": now,
        "last": last,
        "links": _links(visit, now.course, now.look.orders if now.look else {}),
        "queues": queue_rows(last),
        "times_of": _quantiles(last),
        "people": _people(now.course),
        "reasons": list(reasons(last)),
        "minutes": now.course.seconds / 60,
    }


LINKS: Final = Region("links_now.html", READ, links_values, reads=False)


def _links(visit: Visit, course: Course, orders: Mapping[str, LinkOrder]) -> list[LinkRow]:
    last = course.last
    if last is None:
        return []
    exchanges = {one.name for one in visit.act.context.settings.ivr.asterisk}
    texts = {labels.get("link") for labels, _ in last.each("hallgate_sms_in_total")}
    texts |= {one.name for one in visit.act.context.settings.smpp.links}
    return [
        LinkRow(
            name,
            "Asterisk" if name in exchanges or (name not in texts and "pbx" in name) else "SMPP",
            up,
            orders.get(name),
            course.per_second("hallgate_sms_in_total", link=name),
            course.per_second("hallgate_sms_out_total", link=name),
            _not_taken(course, name),
            course.grown("hallgate_sms_unanswered_total", link=name),
            course.grown("hallgate_receipts_total", link=name),
        )
        for name, up in sorted(link_states(last).items())
    ]


def _not_taken(course: Course, link: str) -> float:
    last = course.last
    kinds = (
        {labels["treatment"] for labels, _ in last.each("hallgate_sms_out_total")} if last else ()
    )
    return sum(
        course.grown("hallgate_sms_out_total", link=link, treatment=kind)
        for kind in kinds
        if kind != _TAKEN
    )


def _quantiles(last: Reading | None) -> dict[str, float]:
    """Milliseconds from a message to its answer, of the slowest gateway."""
    found: dict[str, float] = {}
    for labels, value in last.each("hallgate_answer_seconds") if last else ():
        quantile = labels.get("quantile", "")
        found[quantile] = max(found.get(quantile, 0.0), value * 1000)
    return found


def queue_rows(last: Reading | None) -> list[QueueRow]:
    """The one that is waited in longest first."""
    waiting: Counter[tuple[str, str]] = Counter()
    longest: dict[tuple[str, str], float] = {}
    for labels, value in last.each("hallgate_queue_waiting") if last else ():
        waiting[labels["pbx"], labels["queue"]] += int(value)
    for labels, value in last.each("hallgate_queue_longest_wait_seconds") if last else ():
        where = labels["pbx"], labels["queue"]
        longest[where] = max(longest.get(where, 0.0), value)
    rows = [QueueRow(*where, count, longest.get(where, 0.0)) for where, count in waiting.items()]
    return sorted(rows, key=lambda row: -row.longest)


def _people(course: Course) -> list[tuple[Words, float]]:
    """What became of callers who wanted a person, within the window."""
    last = course.last
    kinds = (
        sorted({labels["what"] for labels, _ in last.each("hallgate_people_total")}) if last else []
    )
    return [
        (_PEOPLE.get(kind, Words(kind, kind)), course.grown("hallgate_people_total", what=kind))
        for kind in kinds
    ]
