"""Tickets: listed masked, taken, and moved on. Who has one sees its words; others for a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Final

from fastapi import Query

from commands.model.request import Secret
from gateway.api.act import REVEAL, Act
from gateway.api.guard import Routes, Runs
from gateway.api.models import moment
from gateway.api.problems import KeptRefusal, Problem
from gateway.api.ticket_models import (
    KindCode,
    KindShown,
    KindsShown,
    TemplateShown,
    TemplatesShown,
    TicketAppointment,
    TicketAssignment,
    TicketDone,
    TicketGivenBack,
    TicketNote,
    TicketNumber,
    TicketReason,
    TicketSearch,
    TicketsGivenBack,
    TicketShown,
    TicketsShown,
    TicketToJoin,
    TicketToOpen,
    TicketWhy,
    TicketWithSteps,
    TracedStep,
    TracedSteps,
    shown,
    step_shown,
)
from gateway.model.operators.rights import Right, may
from gateway.model.ticket_record import NOBODY, TicketFilter, TicketRecord
from gateway.store.tickets import ticket_lists
from gateway.store.tickets.giving_back import given_back, goes_back_at
from gateway.store.tickets.subscriber_trace import trace
from gateway.tickets.handling import TicketHandling
from gateway.tickets.opening import NewTicket, open_for
from gateway.tickets.refusals import UnprovenSubscriber
from gateway.tickets.templates import answer_from
from gateway.tickets.views import promised

routes = Routes("tickets")
READ, CHANGE, ESCALATE = (Right(verb, "tickets") for verb in ("read", "change", "escalate"))
AskedKind = Annotated[KindCode | None, Query(description="which fit such tickets")]
_A_DAY: Final = 24 * 3600  # seconds
Hours = Annotated[int, Query(ge=1, le=744, description="before it was opened")]


@routes.get("/tickets/kinds", READ)
def list_kinds(act: Act) -> KindsShown:
    """As conf/tickets.yaml has them, and the regions of conf/regions.yaml."""
    book = act.context.conf.tickets()
    return KindsShown(
        kinds=[
            KindShown(
                code=code,
                name=str(kind.name),
                name_en=kind.name.en,
                due=promised(kind.due),
                categories={one: str(each.name) for one, each in kind.categories.items()},
                urgent=kind.urgent,
                joins=kind.joins,
                password=kind.password,
                hand_over=kind.hand_over,
            )
            for code, kind in book.rules.kinds.items()
        ],
        regions=list(map(str, book.region_names())),
    )


@routes.get("/tickets/templates", READ)
def list_templates(act: Act, kind: AskedKind = None) -> TemplatesShown:
    """Answers to pick, as conf/tickets.yaml has them."""
    return TemplatesShown(
        templates=[
            TemplateShown(
                code=code,
                name=str(one.name),
                name_en=one.name.en,
                kinds=sorted(one.kinds),
                categories=sorted(one.categories),
                blanks=list(one.blanks),
                blank_names={blank: one.blank_named(blank, "zh") for blank in one.blanks},
                blank_names_en={blank: one.blank_named(blank, "en") for blank in one.blanks},
                zh=str(one.text),
                en=one.text.en,
            )
            for code, one in act.context.conf.tickets().rules.templates.items()
            if not kind or one.fits(kind)
        ]
    )


@routes.get("/tickets/given-back", READ)
def list_given_back(act: Act) -> TicketsGivenBack:
    """What went back by itself from oneself within a day, because nothing was done with it."""
    found = given_back(act.connection, act.operator.number, act.now - _A_DAY)
    return TicketsGivenBack(
        tickets=[TicketGivenBack(number=one.number, at=moment(one.at)) for one in found],
        after_minutes=act.context.conf.tickets().rules.give_back // 60,
    )


@routes.post("/tickets/search", READ, Runs.LOOKING, shows_subscriber=True, refusals=(404,))
def search_tickets(act: Act, form: TicketSearch) -> TicketsShown:
    """Masked, the most urgent first."""
    handling = _handling(act)
    wanted, after = wanted_tickets(act, form), (0, 0)
    if form.after:
        last = handling.find(form.after or "")
        after = (last.due_at, last.id)
    page = replace(wanted, after=after)
    found = ticket_lists.page(act.connection, act.store.seal, page, form.limit)
    states = ticket_lists.counts_by_state(act.connection, wanted)
    act.note(subscriber=form.subscriber or "", result=f"{len(found)} rows")
    return TicketsShown(
        tickets=[shown(one, handling.book, act.now, full=False) for one in found],
        total=sum(states.values()),
        states=states,
        next=found[-1].number if len(found) == form.limit else None,
    )


@routes.post("/tickets", CHANGE, status_code=201, refusals=(409,))
def open_ticket(act: Act, form: TicketToOpen) -> TicketShown:
    """For a subscriber, who hears its number by SMS."""
    handling = _handling(act)
    password = Secret(form.password.get_secret_value()) if form.password else None
    wanted = NewTicket(
        form.kind, form.subscriber, form.said, form.category or "", password, form.reason
    )
    try:
        made = open_for(handling, act.store, wanted)
    except UnprovenSubscriber as unproven:  # that it was wrong is kept, with this row
        act.note(action="tickets.open", subscriber=form.subscriber, reason=form.reason,
                 result=f"refused: {unproven}")  # fmt: skip
        raise KeptRefusal(403, str(unproven)) from None
    act.noted += 1
    return shown(made, handling.book, act.now, full=False)


@routes.get("/tickets/{number}", READ, Runs.LOOKING, refusals=(404,))
def show_ticket(act: Act, number: TicketNumber) -> TicketWithSteps:
    """With every step of it: in full for who has it, else masked."""
    found = _handling(act).find(number)
    return _with_steps(act, found, f"ticket {number}", full=_has(act, found))


@routes.post("/tickets/{number}/reveal", READ, shows_subscriber=True, refusals=(404,))
def reveal_ticket(act: Act, number: TicketNumber, form: TicketWhy) -> TicketWithSteps:
    """In full, for a reason (right subscribers.reveal)."""
    act.must(REVEAL)
    found = _handling(act).find(number)
    act.must_reveal(found.phone)
    return _with_steps(act, found, form.reason, full=True)


@routes.get("/tickets/{number}/trace", READ, Runs.LOOKING, refusals=(404,))
def trace_subscriber(act: Act, number: TicketNumber, hours: Hours = 72) -> TracedSteps:
    """投诉溯源: what its subscriber did at the hall before, masked."""
    found = _handling(act).find(number)
    lines = trace(act.connection, act.store.seal, found, hours)
    act.note(subscriber=found.phone, reason=f"ticket {number}", result=f"{len(lines)} rows")
    return TracedSteps(
        steps=[
            TracedStep(
                at=moment(line.at), what=line.what, channel=line.channel, action=line.action,
                result=line.result, words=line.words,
            )
            for line in lines
        ]
    )  # fmt: skip


@routes.post("/tickets/{number}/accept", CHANGE, refusals=(404, 409))
def accept_ticket(act: Act, number: TicketNumber, form: TicketReason) -> TicketShown:
    """Take it. 409 says who has it, if somebody was quicker."""
    return _moved(act, lambda handling: handling.accept(number, form.reason))


@routes.post("/tickets/{number}/release", CHANGE, refusals=(404, 409))
def release_ticket(act: Act, number: TicketNumber, form: TicketReason) -> TicketShown:
    """Put it back."""
    return _moved(act, lambda handling: handling.put_back(number, form.reason))


@routes.post("/tickets/{number}/assign", CHANGE, refusals=(404, 409))
def assign_ticket(act: Act, number: TicketNumber, form: TicketAssignment) -> TicketShown:
    """To the number's home region, to another one, or (right tickets.assign) to a colleague."""
    return _moved(
        act,
        lambda handling: handling.assign(number, form.region, form.operator or "", form.reason),
    )


@routes.post("/tickets/{number}/appoint", CHANGE, refusals=(404, 409))
def appoint_ticket(act: Act, number: TicketNumber, form: TicketAppointment) -> TicketShown:
    """Agreed on with the subscriber, who is told by SMS."""
    at, until = int(form.at.timestamp()), int(form.until.timestamp())
    return _moved(
        act, lambda handling: handling.appoint(number, at, until, form.place, form.reason)
    )


@routes.post("/tickets/{number}/done", CHANGE, refusals=(404, 409))
def close_ticket(act: Act, number: TicketNumber, form: TicketDone) -> TicketShown:
    """Whoever opened it is told the result by SMS."""

    def move(handling: TicketHandling) -> TicketRecord:
        result = form.result
        if form.template:
            result = answer_from(handling, number, form.template, form.values)
        return handling.done(number, result, form.reason)

    return _moved(act, move)


@routes.post("/tickets/{number}/join", CHANGE, refusals=(404, 409))
def join_ticket(act: Act, number: TicketNumber, form: TicketToJoin) -> TicketShown:
    """It is the same as another, and ends with that one."""
    return _moved(act, lambda handling: handling.join(number, form.other, form.reason))


@routes.post("/tickets/{number}/reopen", CHANGE, refusals=(404, 409))
def reopen_ticket(act: Act, number: TicketNumber, form: TicketWhy) -> TicketShown:
    """It was not done well: with a new promise."""
    return _moved(act, lambda handling: handling.reopen(number, form.reason))


@routes.post("/tickets/{number}/escalate", ESCALATE, refusals=(404, 409))
def escalate_ticket(act: Act, number: TicketNumber, form: TicketWhy) -> TicketShown:
    return _moved(act, lambda handling: handling.escalate(number, form.reason))


@routes.post("/tickets/{number}/notes", CHANGE, refusals=(404, 409))
def note_ticket(act: Act, number: TicketNumber, form: TicketNote) -> TicketShown:
    """For colleagues: the subscriber hears nothing of it."""
    return _moved(act, lambda handling: handling.note(number, form.words))


@routes.post("/tickets/{number}/hand-over", CHANGE, refusals=(404, 409))
def hand_over_ticket(act: Act, number: TicketNumber, form: TicketReason) -> TicketShown:
    """To the operator's own system, which answers when it is done."""
    if act.context.settings.boss is None:
        raise Problem(409, "there is no boss.url in the configuration to hand it over to")
    return _moved(act, lambda handling: handling.hand_over(number, form.reason))


def _handling(act: Act) -> TicketHandling:
    roles, role = act.context.conf.roles(), act.operator.role
    return TicketHandling(
        act.connection, act.store.seal, act.context.conf.tickets(), act.actor,
        lambda verb: may(roles, role, Right(verb, "tickets")), act.now,
    )  # fmt: skip


def _moved(act: Act, move: Callable[[TicketHandling], TicketRecord]) -> TicketShown:
    """Raises Problem."""
    handling = _handling(act)
    ticket = move(handling)
    act.noted += 1
    return shown(ticket, handling.book, act.now, full=False)


def _has(act: Act, ticket: TicketRecord) -> bool:
    return ticket.holder == act.operator.number and may(
        act.context.conf.roles(), act.operator.role, CHANGE
    )


def _with_steps(act: Act, ticket: TicketRecord, reason: str, *, full: bool) -> TicketWithSteps:
    """With its audit row."""
    handling = _handling(act)
    action = str(REVEAL if full else READ)
    act.note(action=action, subscriber=ticket.phone, reason=reason)
    rows = handling.rows
    steps = rows.steps(ticket.id)
    back = goes_back_at(ticket, steps, handling.book.rules)
    return TicketWithSteps(
        ticket=shown(ticket, handling.book, act.now, full=full),
        joined=[one.number for one in rows.joined(ticket.number)],
        history=[step_shown(step, act.context.zone, full=full) for step in steps],
        goes_back_at=moment(back) if back else None,
    )


def wanted_tickets(act: Act, form: TicketSearch) -> TicketFilter:
    """Those that are asked for, on whatever page."""
    since, until = (int(one.timestamp()) if one else 0 for one in (form.since, form.until))
    region = act.context.conf.tickets().region_named(form.region) or form.region
    holder = NOBODY if form.held is False else form.holder or ""
    return TicketFilter(
        str(form.state), form.kind or "", form.category or "", region, holder,
        form.subscriber or "", since, until, act.now if form.late else 0, form.level,
    )  # fmt: skip
