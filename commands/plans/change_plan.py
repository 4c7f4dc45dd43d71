"""TCBG, KTQQT58: another main plan from next month on; QXBG: the wish taken back before then.

A service that the new plan excludes must be given up for it: that is said first, and one 是 agrees
to both.
"""

from __future__ import annotations

from dataclasses import dataclass

from commands.model.accounts import SubscriberAccount
from commands.model.hall import Hall
from commands.model.numbered_list import numbered_rows
from commands.model.request import Arguments, Refusal, Reply, Request
from commands.model.subscriber_lookup import account, not_sold, ready_to_order, running
from tariffs import rules
from tariffs.calendar import month_end
from tariffs.catalogue import Plan, Service


@dataclass(frozen=True, slots=True)
class _Move:
    """What would be done."""

    account: SubscriberAccount
    old: Plan
    new: Plan
    begins: int
    ends: tuple[Service, ...]  # what must be given up for it
    instead: Plan | None = None  # a plan that was to come, and will not
    again: tuple[Service, ...] = ()  # what was given up for that one, and need not be

    def terms(self) -> dict[str, str]:
        """What the subscriber agrees to besides the plan itself."""
        ends = ",".join(service.code for service in self.ends)
        instead = self.instead.code if self.instead else ""
        terms = {"fee": str(self.new.fee_fen), "ends": ends, "begins": str(self.begins)}
        return terms | {"instead": instead}


def choices(request: Request, hall: Hall) -> Reply:
    """TCBG alone: the plans one may change to, by number."""
    found = account(request, hall)
    plans = [p for p in _open_to(found, hall) if p.code != found.plan]
    rows = [({"name": plan.name, "fee": plan.fee_fen}, f"TCBG#{plan.code}") for plan in plans]
    lines, items = numbered_rows(rows, request.channel)
    return Reply("pl.choices" if lines else "pl.choices.none", {"lines": lines}, opens=items)


def _open_to(found: SubscriberAccount, hall: Hall) -> list[Plan]:
    plans = hall.catalogue.plans.values()
    catalogue = hall.catalogue
    return [
        plan for plan in plans if plan.on_sale and rules.within_reach(plan, found.brand, catalogue)
    ]


def propose(request: Request, hall: Hall) -> Reply:
    move = _move(request, hall)
    text = "sv.conflict.change" if move.ends else "sv.confirm.change"
    return Reply(text, _facts(move, hall))


def terms(request: Request, hall: Hall) -> Arguments:
    return _move(request, hall).terms()


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """Nothing is charged now: the new plan's fee is the new month's."""
    move, subject = _move(request, hall), request.subject
    if any(request.args.get(name) != value for name, value in move.terms().items()):
        raise Refusal("sv.err.changed", {"name": move.new.name})
    for service in move.ends:
        hall.services.close(subject, service.code, move.begins, request.id)
    for service in move.again:
        hall.services.reopen(subject, service.code, request.now, request.id)
    _settle(request, hall)
    hall.accounts.set_next_plan(subject, move.new.code, move.begins, request.id)
    return (Reply("sv.ok.change", _facts(move, hall)),)


def _settle(request: Request, hall: Hall) -> None:
    """Write down a plan that came into effect meanwhile, before another wish takes its place."""
    kept, now = hall.accounts.find(request.subject), account(request, hall)
    if kept is not None and kept.plan != now.plan:
        hall.accounts.change_plan(request.subject, now.plan, now.brand)


def _facts(move: _Move, hall: Hall) -> dict[str, object]:
    return {
        "old": move.old.name,
        "name": move.new.name,
        "fee": move.new.fee_fen,
        "local": move.new.local,
        "includes": hall.catalogue.amounts(move.new.includes),
        "begins": move.begins,
        "ends": [service.name for service in move.ends],
        "instead": move.instead.name if move.instead else "",
        "again": [service.name for service in move.again],
    }


def _move(request: Request, hall: Hall) -> _Move:
    """Whether it can be done, and what it takes. Raises Refusal."""
    found = ready_to_order(request, hall)
    code = str(request.args["plan"])
    new = hall.catalogue.plans.get(code)
    if new is None:
        raise Refusal("pl.err.unknown", {"plan": code})
    if code in (found.plan, found.next_plan):
        text = "pl.err.same" if code == found.plan else "pl.err.coming"
        raise Refusal(text, {"name": new.name, "begins": found.next_plan_at})
    if not rules.within_reach(new, found.brand, hall.catalogue):
        raise Refusal("pl.err.hall", {"brand": hall.catalogue.brands[new.brand].name})
    if not new.on_sale:
        raise not_sold(new, request, hall)
    held = [one.service for one in running(request, hall) if not one.until]
    begins = month_end(request.now, hall.catalogue.zone)
    ends = rules.must_end(new, held, hall.catalogue)
    instead = hall.catalogue.plans.get(found.next_plan)
    before = _given_up(found, request, hall) if instead else ()
    codes = [service.code for service in before]
    still = rules.must_end(new, codes, hall.catalogue)
    again = tuple(service for service in before if service not in still)
    return _Move(found, hall.catalogue.plans[found.plan], new, begins, ends, instead, again)


# -- the wish taken back ---------------------------------------------------------------------------


def propose_undo(request: Request, hall: Hall) -> Reply:
    return Reply("pl.undo.confirm", _undone(request, hall))


def undo(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """What was given up for it is had again; both are said when it is asked for."""
    facts = _undone(request, hall)
    for service in _given_up(account(request, hall), request, hall):
        hall.services.reopen(request.subject, service.code, request.now, request.id)
    hall.accounts.set_next_plan(request.subject, "", 0, request.id)
    return (Reply("pl.undo.ok", facts),)


def _undone(request: Request, hall: Hall) -> dict[str, object]:
    """Raises Refusal if nothing is to come: what has begun can only be changed again."""
    found, plans = account(request, hall), hall.catalogue.plans
    coming = plans.get(found.next_plan)
    if coming is None:
        raise Refusal("pl.undo.none")
    again = [service.name for service in _given_up(found, request, hall)]
    return {"name": coming.name, "old": plans[found.plan].name, "again": again}


def _given_up(found: SubscriberAccount, request: Request, hall: Hall) -> tuple[Service, ...]:
    """What ends at the very moment the plan begins, because of it."""
    ending = [o.service for o in running(request, hall) if o.until == found.next_plan_at]
    return rules.must_end(hall.catalogue.plans[found.next_plan], ending, hall.catalogue)
