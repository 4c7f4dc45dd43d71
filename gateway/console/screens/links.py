"""Links and calls: each bind and each exchange, the gateways, and what callers wait for."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from gateway.api.routes import links
from gateway.api.routes.links import CHANGE, READ, LinkOrderForm
from gateway.cluster.identity import read
from gateway.console.live import Region
from gateway.console.pages import Done, Outcome, Pages, ShownPage, Visit, Words
from gateway.console.watching.gateway_pages import Course, GatewayReading, Labels, Reading
from gateway.console.watching.hall_watch import watch_of
from gateway.console.watching.verdicts import link_states, reasons
from gateway.model.link_orders import LinkOrder, LinkState
from smpp.statuses import status_name

pages: Final = Pages()
_TAKEN: Final = "accepted"
_BUCKET: Final = "hallgate_answer_seconds_bucket"
_SHARES: Final = ("0.5", "0.95", "0.99")
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


class BindRow(NamedTuple):
    """Of one bind of one gateway. `window` 0: it only receives. `rate`: answered parts a second of
    the last minutes; `waited`, milliseconds, and `status` of the last answer; None: there was
    none."""

    link: str
    name: str
    gateway: str
    up: bool
    window: int
    used: int
    rate: float | None
    waited: float | None
    status: str | None


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
        "binds": bind_rows(now.course),
        "queues": queue_rows(last),
        "times_of": answer_times(now.course),
        "people": _people(now.course),
        "reasons": list(reasons(last)),
        "minutes": now.course.seconds / 60,
        "process_of": process_of,
    }


def process_of(holder: str) -> str:
    """A gateway by its machine and process, as somebody finds it; its whole name, if that says
    neither."""
    told = read(holder)
    return f"{told.host} · {told.pid}" if told.host and told.pid else holder


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


def answer_times(course: Course) -> dict[str, float]:
    """Milliseconds from a message to its answer within which so many of the last minutes' were
    answered, as far as the buckets of the gateways tell; beyond the last one: that."""
    last = course.last
    bounds = {labels["le"] for labels, _ in last.each(_BUCKET)} if last else set()
    counts = sorted((float(bound), course.grown(_BUCKET, le=bound)) for bound in bounds)
    if not counts or not (every := counts[-1][1]):
        return {}
    most = max(bound for bound, _ in counts if math.isfinite(bound))
    return {
        share: min(most, next(bound for bound, count in counts if count >= float(share) * every))
        * 1000
        for share in _SHARES
    }


def bind_rows(course: Course) -> list[BindRow]:
    """Each with its gateway, and of several processes behind one address with its process."""
    if course.last is None:
        return []
    return sorted(
        BindRow(
            named["link"], named["bind"],
            f"{gateway.address} #{named['process']}" if "process" in named else gateway.address,
            up > 0, int(told("window") or 0), int(told("window_used") or 0),
            _rate(course, gateway.address, labels),
            None if (waited := told("last_answer_seconds")) is None else waited * 1000,
            None if (status := told("last_status")) is None else status_name(int(status)),
        )
        for gateway in course.last.gateways
        for (name, labels), up in gateway.samples.items()
        if name == "hallgate_bind_up"
        for named, told in [(dict(labels), _of_bind(gateway, labels))]
    )  # fmt: skip


def _of_bind(gateway: GatewayReading, labels: Labels) -> Callable[[str], float | None]:
    return lambda what: gateway.samples.get((f"hallgate_bind_{what}", labels))


def _rate(course: Course, address: str, labels: Labels) -> float | None:
    """Of one gateway; None: it is not known yet, or nothing is sent by it."""
    alone = Course([one.of(address) for one in course.readings])
    last = alone.last
    if last is None or not list(last.each("hallgate_bind_answers_total", **dict(labels))):
        return None
    return alone.per_second("hallgate_bind_answers_total", **dict(labels))


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
