"""Subscribers: masked, or for a reason and for minutes in full. Each look is in the audit."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, Field

from gateway.api.act import REVEAL, Act
from gateway.api.guard import Routes, Runs
from gateway.api.models import (
    Asked,
    AskedReason,
    Moment,
    Msisdn,
    Told,
    moment,
    moment_or_none,
    printable,
)
from gateway.api.problems import Problem
from gateway.model.operators.rights import Right, may
from gateway.operators.subscriber_view import FullView, SubscriberView, subscriber_view
from gateway.store.consents import Consent
from gateway.store.operators.history import TicketOfSubscriber
from gateway.store.operators.lookups import Lookup, SqlLookups

routes = Routes("subscribers")
READ = Right("read", "subscribers")
_KEPT = 12 * 3600  # seconds for which a look-up can be come back to
LookupId = Annotated[str, Path(pattern="^[A-Za-z0-9_-]{22}$")]


class LookupForm(Asked):
    number: Msisdn
    reason: Annotated[
        str,
        Field(
            max_length=300,
            description="with one, number, money and words are shown in full for some minutes; "
            "name the ticket's number in it if there is one",
        ),
        AfterValidator(printable),
    ] = ""


class RevealForm(Asked):
    reason: AskedReason


class ServiceTold(Told):
    code: str
    since: Moment
    until: Moment | None


class TicketTold(Told):
    number: str
    kind: str
    state: str
    opened_at: Moment
    due_at: Moment
    said: str
    result: str


class ConsentTold(Told):
    order: str
    action: str
    state: str
    channel: str
    interface: str
    operator: str
    proposed_at: Moment
    answered_at: Moment | None
    answer: str
    shown: str


class FullTold(Told):
    """What is shown for a reason only. Money is fen."""

    prepaid: bool
    real_named: bool
    language: str
    balance_fen: int
    used_fen: int
    past_due_fen: int
    points: int
    services: list[ServiceTold]
    tickets: list[TicketTold]
    consents: list[ConsentTold]


class LookupTold(Told):
    """`number` is masked while `full` is null."""

    id: str = Field(description="GET /api/v1/subscribers/lookups/{id} shows it again")
    number: str
    brand: str
    plan: str
    state: str
    star: int
    classes: list[str]
    services: list[str]
    open_tickets: int
    open_until: Moment | None = Field(description="in full until then")
    full: FullTold | None


@routes.post("/subscribers/lookups", READ, shows_subscriber=True, status_code=201, refusals=(404,))
def look_up(act: Act, form: LookupForm) -> LookupTold:
    """Look at a subscriber: masked, or in full with a reason (right subscribers.reveal)."""
    if form.reason:
        act.must_reveal(form.number)
    id = secrets.token_urlsafe(16)
    opened = act.now + act.context.settings.console.reveal if form.reason else 0
    lookup = Lookup(act.operator.number, form.number, form.reason, opened, act.now + _KEPT)
    told = _shown(act, id, lookup)
    SqlLookups(act.connection, act.store.seal).keep(id, lookup)
    return told


@routes.get("/subscribers/lookups/{id}", READ, Runs.LOOKING, refusals=(404,))
def look_again(act: Act, id: LookupId) -> LookupTold:
    """One's own look-up again; masked when its minutes are over, or the right to it."""
    return _shown(act, id, own_lookup(act, id))


@routes.post(
    "/subscribers/lookups/{id}/reveal", READ, shows_subscriber=True, status_code=201,
    refusals=(404,),
)  # fmt: skip
def reveal(act: Act, id: LookupId, form: RevealForm) -> LookupTold:
    """The same subscriber in full, for a reason (right subscribers.reveal)."""
    told: LookupTold = look_up(
        act, LookupForm(number=own_lookup(act, id).msisdn, reason=form.reason)
    )
    return told


def own_lookup(act: Act, id: str) -> Lookup:
    """Raises Problem."""
    lookup = SqlLookups(act.connection, act.store.seal).find(id, act.now)
    if lookup is None or lookup.operator != act.operator.number:
        raise Problem(404, "there is no such look-up of yours")
    return lookup


def is_open(act: Act, lookup: Lookup) -> bool:
    """Its minutes go on, and so does the right to it."""
    may_still = may(act.context.conf.roles(), act.operator.role, REVEAL)
    return act.now < lookup.open_until and may_still


def _shown(act: Act, id: str, lookup: Lookup) -> LookupTold:
    """With its audit row. Raises Problem."""
    full = is_open(act, lookup)
    view = subscriber_view(act.store, act.connection, lookup.msisdn, act.now, full=full)
    if view is None:
        raise Problem(404, "that number is nobody's here", about=lookup.msisdn)
    act.note(action=str(REVEAL if full else READ), subscriber=lookup.msisdn, reason=lookup.reason)
    return _told(id, lookup, view)


def _told(id: str, lookup: Lookup, view: SubscriberView) -> LookupTold:
    return LookupTold(
        id=id,
        number=view.number,
        brand=view.brand,
        plan=view.plan,
        state=view.state,
        star=view.star,
        classes=list(view.classes),
        services=list(view.services),
        open_tickets=view.open_tickets,
        open_until=moment(lookup.open_until) if view.full else None,
        full=_full(view.full) if view.full else None,
    )


def _full(view: FullView) -> FullTold:
    return FullTold(
        balance_fen=view.balance_fen,
        used_fen=view.used_fen,
        past_due_fen=view.past_due_fen,
        points=view.points,
        real_named=view.real_named,
        prepaid=view.prepaid,
        language=view.language,
        services=[
            ServiceTold(
                code=held.service, since=moment(held.since), until=moment_or_none(held.until)
            )
            for held in view.services
        ],
        tickets=[_ticket(ticket) for ticket in view.tickets],
        consents=[_consent(consent) for consent in view.consents],
    )


def _ticket(ticket: TicketOfSubscriber) -> TicketTold:
    return TicketTold(
        number=ticket.number,
        kind=ticket.kind,
        state=ticket.state,
        opened_at=moment(ticket.opened_at),
        due_at=moment(ticket.due_at),
        said=ticket.said,
        result=ticket.result,
    )


def _consent(consent: Consent) -> ConsentTold:
    return ConsentTold(
        order=str(consent.order),  # more than a JavaScript number holds
        action=consent.action,
        state=consent.state,
        channel=consent.channel,
        interface=consent.interface,
        operator=consent.operator,
        proposed_at=moment(consent.proposed_at),
        answered_at=moment_or_none(consent.answered_at),
        answer=consent.answer,
        shown=consent.shown,
    )
