"""Tickets: what is due, taken and put back, moved on step by step, and who else looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from gateway.api.act import REVEAL
from gateway.api.guard import Runs
from gateway.api.problems import Problem
from gateway.api.routes import tickets
from gateway.api.routes.tickets import CHANGE, ESCALATE, READ
from gateway.api.ticket_models import (
    TicketAppointment,
    TicketAssignment,
    TicketDone,
    TicketNote,
    TicketReason,
    TicketSearch,
    TicketToJoin,
    TicketToOpen,
    TicketWhy,
)
from gateway.console.frame import language_of
from gateway.console.live import Region
from gateway.console.pages import Done, Outcome, Pages, ShownPage, Visit, Words
from gateway.console.watching.lookers import lookers_of
from gateway.model.operators.rights import Right
from gateway.model.ticket_record import LIVE_ONES, TicketFilter
from gateway.store.tickets import ticket_lists
from gateway.store.tickets.ticket_rows import TicketRows
from tariffs.bilingual_name import in_language

pages: Final = Pages()
ASSIGN: Final = Right("assign", "tickets")
_TITLE: Final = Words("工单", "Tickets")
_PAGE: Final = 50
_BLANK: Final = "blank-"  # begins the names of fields for a template's blanks
VIEWS: Final[dict[str, tuple[Words, dict[str, Any]]]] = {
    "untaken": (Words("待接单", "not taken"), {"held": False}),
    "mine": (Words("我的", "mine"), {}),
    "late": (Words("超时", "late"), {"late": True}),
    "live": (Words("未办结", "not done"), {}),
    "escalated": (Words("已升级", "escalated"), {"level": 1}),
    "all": (Words("全部", "all"), {"state": "all"}),
}


@pages.get("/tickets", READ, Runs.LOOKING)
def ticket_list(visit: Visit) -> Outcome:
    view = visit.query("view") if visit.query("view") in VIEWS else "untaken"
    asked = {name: visit.query(name) for name in ("kind", "region", "after")}
    found = tickets.search_tickets(visit.act, _asked(visit, view, **asked))
    values = {
        "found": found,
        **_tabs(visit, view, visit.query("kind"), visit.query("region")),
        "kinds": tickets.list_kinds(visit.act),
        **_named(visit),
        "may_change": visit.may(CHANGE),
        "given_back": tickets.list_given_back(visit.act),
    }
    return ShownPage("tickets.html", _TITLE, values)


def _asked(visit: Visit, view: str, **narrower: str) -> TicketSearch:
    """What a view shows; empty: not narrowed down by that."""
    asked: dict[str, Any] = {"limit": _PAGE, **VIEWS[view][1]}
    if view == "mine":
        asked["holder"] = visit.act.operator.number
    asked |= {name: value for name, value in narrower.items() if value}
    return TicketSearch.model_validate(asked)


def _tabs(visit: Visit, view: str, kind: str, region: str) -> dict[str, Any]:
    """The views, with how many each has. That of all would be counted for long, and is not waited
    for."""
    act = visit.act
    counts = {
        name: ticket_lists.count(
            act.connection,
            tickets.wanted_tickets(act, _asked(visit, name, kind=kind, region=region)),
        )
        for name in VIEWS
        if name != "all"
    }
    views = {name: words for name, (words, _) in VIEWS.items()}
    return {"views": views, "counts": counts, "view": view, "kind": kind, "region": region}


def tabs_now(visit: Visit, view: str) -> Mapping[str, Any]:
    """So that who waits for tickets sees them come."""
    return _tabs(visit, view if view in VIEWS else "untaken", "", "")


TABS: Final = Region("ticket_tabs.html", READ, tabs_now)


@pages.get("/tickets/new", CHANGE)
def new_ticket_page(visit: Visit) -> Outcome:
    values = {"kinds": tickets.list_kinds(visit.act).kinds}
    return ShownPage("ticket_new.html", Words("登记工单", "A new ticket"), values)


@pages.post("/tickets/new", CHANGE)
def open_ticket(visit: Visit) -> Outcome:
    form = visit.form(TicketToOpen, "kind", "subscriber", "said", "category", "password", "reason")
    made = tickets.open_ticket(visit.act, form)
    return Done(to=f"/tickets/{made.number}", told="opened")


@pages.get("/tickets/{number:ticket}", READ, Runs.LOOKING)
def ticket(visit: Visit) -> Outcome:
    found = tickets.show_ticket(visit.act, visit.path("number"))
    return _ticket_page(visit, found)


@pages.post("/tickets/{number:ticket}/reveal", READ)
def reveal(visit: Visit) -> Outcome:
    """Shown in the answer itself: it is in full this once."""
    found = tickets.reveal_ticket(visit.act, visit.path("number"), _why(visit))
    return _ticket_page(visit, found)


@pages.get("/tickets/{number:ticket}/trace", READ, Runs.LOOKING)
def traced(visit: Visit) -> Outcome:
    number = visit.path("number")
    found = tickets.trace_subscriber(visit.act, number)
    values = {"number": number, "steps": list(reversed(found.steps))}
    return ShownPage("ticket_trace.html", Words("投诉溯源", "What went before"), values)


def _ticket_page(visit: Visit, found: Any) -> ShownPage:
    one, me = found.ticket, visit.act.operator.number
    book = visit.act.context.conf.tickets()
    colleague, language = bool(one.holder) and one.holder != me, language_of(visit.request)
    values = {
        "found": found,
        "one": one,
        "mine": one.holder == me,
        **_named(visit),
        "over": one.state in ("done", "rated", "joined"),
        "full": one.said is not None,
        "regions": list(book.region_names()),
        "may_change": visit.may(CHANGE),
        "may_move": visit.may(CHANGE) and (not colleague or visit.may(ASSIGN)),
        "may_assign": visit.may(ASSIGN),
        "may_escalate": visit.may(ESCALATE),
        "may_reveal": visit.may(REVEAL),
        "has_boss": visit.act.context.settings.boss is not None,
        "lookers": _looking(visit, one.number),
        "templates": tickets.list_templates(visit.act, one.kind).templates,
        "text_of": lambda code: book.rules.templates[code].with_names(language),
        "next": _next_of_mine(visit, one.number),
    }
    return ShownPage("ticket.html", Words(f"工单 {one.number}", f"Ticket {one.number}"), values)


def _next_of_mine(visit: Visit, number: str) -> str:
    """The one that is due next after this one, and after the last of them the first; empty: I have
    no other."""
    act = visit.act
    mine = TicketFilter(LIVE_ONES, holder=act.operator.number)
    found = ticket_lists.numbers(act.connection, mine, _PAGE)
    at = found.index(number) + 1 if number in found else 0
    return next((one for one in (*found[at:], *found[:at]) if one != number), "")


def _named(visit: Visit) -> dict[str, Callable[..., str]]:
    """Kinds, categories and regions as conf/ calls them in the reader's language."""
    book, language = visit.act.context.conf.tickets(), language_of(visit.request)
    regions = {str(one): in_language(one, language) for one in book.region_names()}

    def category(kind: str, code: str) -> str:
        found = book.rules.kind(kind).categories.get(code)
        return in_language(found.name, language) if found else code

    def region(name: str) -> str:
        return regions.get(name, name)

    return {
        "kind_named": lambda kind: in_language(book.rules.kind(kind).name, language),
        "category_named": category,
        "region_named": region,
    }


# -- the steps -----------------------------------------------------------------------------------


def _step(path: str, needs: Right, told: str, move: Callable[[Visit, str], object]) -> None:
    """A form of a ticket's page: what it does, and what is told then."""

    @pages.post(f"/tickets/{{number:ticket}}/{path}", needs)
    def moved(visit: Visit) -> Outcome:
        move(visit, visit.path("number"))
        return Done(to=f"/tickets/{visit.path('number')}", told=told)


def _reason(visit: Visit) -> TicketReason:
    return visit.form(TicketReason, "reason")


def _why(visit: Visit) -> TicketWhy:
    return visit.form(TicketWhy, reason=visit.field("reason"))


def _done(visit: Visit) -> TicketDone:
    """In words of one's own, or a template with its blanks."""
    if not visit.field("template"):
        return visit.form(TicketDone, result=visit.field("result"))
    blanks = [name for name in visit.fields if name.startswith(_BLANK)]
    values = {name.removeprefix(_BLANK): visit.field(name) for name in blanks}
    return visit.form(TicketDone, "template", values=values)


def _appointment(visit: Visit) -> TicketAppointment:
    at, until = (_there(visit, visit.field(name)) for name in ("at", "until"))
    return visit.form(TicketAppointment, "place", "reason", at=at, until=until)


def _there(visit: Visit, written: str) -> str:
    """A moment of a form, on the hall's clock; what is none is left for the API to refuse."""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=visit.act.context.zone).isoformat()
    except ValueError:
        return written


_step("accept", CHANGE, "taken", lambda v, n: tickets.accept_ticket(v.act, n, _reason(v)))
_step("release", CHANGE, "put_back", lambda v, n: tickets.release_ticket(v.act, n, _reason(v)))
_step(
    "assign", CHANGE, "assigned",
    lambda v, n: tickets.assign_ticket(
        v.act, n, v.form(TicketAssignment, "region", "operator", "reason")
    ),
)  # fmt: skip
_step(
    "appoint", CHANGE, "appointed", lambda v, n: tickets.appoint_ticket(v.act, n, _appointment(v))
)
_step(
    "done", CHANGE, "closed",
    lambda v, n: tickets.close_ticket(v.act, n, _done(v)),
)  # fmt: skip
_step(
    "join", CHANGE, "joined",
    lambda v, n: tickets.join_ticket(
        v.act, n, v.form(TicketToJoin, "reason", other=v.field("other"))
    ),
)  # fmt: skip
_step("reopen", CHANGE, "reopened", lambda v, n: tickets.reopen_ticket(v.act, n, _why(v)))
_step("escalate", ESCALATE, "escalated", lambda v, n: tickets.escalate_ticket(v.act, n, _why(v)))
_step(
    "note", CHANGE, "noted",
    lambda v, n: tickets.note_ticket(v.act, n, v.form(TicketNote, words=v.field("words"))),
)  # fmt: skip
_step(
    "hand-over", CHANGE, "handed_over",
    lambda v, n: tickets.hand_over_ticket(v.act, n, _reason(v)),
)  # fmt: skip


# -- who else looks ------------------------------------------------------------------------------


def _looking(visit: Visit, number: str) -> list[str]:
    me, now = visit.act.operator, visit.act.context.clock()
    return lookers_of(visit.request).look(f"ticket {number}", me.number, me.name, now)


def looking_values(visit: Visit, about: str) -> Mapping[str, Any]:
    """Whether somebody has taken it meanwhile is told as well."""
    with visit.act.store.reading() as connection:
        found = TicketRows(connection, visit.act.store.seal).find(about)
    if found is None:
        raise Problem(404, f"no ticket has the number {about[:20]}")
    me, now = visit.act.operator, visit.act.context.clock()
    others = lookers_of(visit.request).go_on(f"ticket {about}", me.number, me.name, now)
    return {"lookers": others, "holder": found.holder, "state": found.state}


LOOKING: Final = Region("ticket_looking.html", READ, looking_values, reads=False)
