"""What every command asks first: who is it, and what do they have."""

from __future__ import annotations

from dataclasses import replace

from commands.model.accounts import NumberState, SubscriberAccount, Subscription
from commands.model.hall import Hall
from commands.model.request import Refusal, Request
from periods.period import seconds_at
from tariffs.catalogue import Catalogue, Plan, Service


def account(request: Request, hall: Hall) -> SubscriberAccount:
    """The account that the request is about, with the plan of its moment. Raises Refusal."""
    found = hall.accounts.find(request.subject)
    if found is None:
        raise Refusal("sys.no_account", {"number": request.subject})
    return in_effect(found, request.now, hall.catalogue)


def in_effect(account: SubscriberAccount, now: int, catalogue: Catalogue) -> SubscriberAccount:
    """A plan that was ordered for next month is the plan as soon as that month begins.

    Seen where it is read, it holds from the first second of the month for everybody: no job has to
    go through all subscribers at midnight, and none can be late."""
    if not account.next_plan or not 0 < account.next_plan_at <= now:
        return account
    plan = catalogue.plans.get(account.next_plan)
    brand = plan.brand if plan else account.brand
    fresh = replace(account, plan=account.next_plan, brand=brand, plan_until=0)
    return replace(fresh, next_plan="", next_plan_at=0)


def from_own_phone(request: Request) -> None:
    """Raises Refusal for another's number, or from a phone that nobody vouches for."""
    if not request.own:
        raise Refusal("sys.own_phone")


def running(request: Request, hall: Hall) -> list[Subscription]:
    """The services the subscriber has now, oldest first."""
    return list(hall.services.of(request.subject, request.now))


def ready_to_order(request: Request, hall: Hall) -> SubscriberAccount:
    """An account in normal state whose customer classes allow it. Raises Refusal."""
    found = account(request, hall)
    if found.state is not NumberState.NORMAL:
        raise Refusal("sv.err.status", {"state": found.state.value})
    check_class_rights(request, found, hall)
    return found


def check_class_rights(request: Request, found: SubscriberAccount | None, hall: Hall) -> None:
    """Raises Refusal if the operation is not for the customer classes of this account."""
    names = found.classes_at(request.now) if found else frozenset[str]()
    refusal = hall.settings.classes.refusal(request.spec.operation, names)
    if refusal is None:
        return
    if refusal.by is None:
        names_of = [one.name for one in refusal.only]
        raise Refusal("sv.err.only", {"name": request.spec.name, "names": names_of})
    if refusal.by.says is not None:
        raise Refusal("sv.err.class", {"words": refusal.by.says})
    raise Refusal("sv.err.black")


def not_sold(thing: Service | Plan, request: Request, hall: Hall) -> Refusal:
    """Of what is sold from a day on, or until one, and asked for at another time: with the day, if
    that is still to come."""
    begins = seconds_at(thing.sold.begins, hall.catalogue.zone)
    ahead = begins if begins > request.now else 0
    return Refusal("sv.err.not_sold", {"name": thing.name, "begins": ahead})
