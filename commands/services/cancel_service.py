"""QXEDU: giving a service up. It can be used until its month ends and is not charged again."""

from __future__ import annotations

from collections.abc import Iterable

from commands.model.accounts import Subscription
from commands.model.hall import Hall
from commands.model.request import ConfirmRule, Refusal, Reply, Request
from commands.model.subscriber_lookup import running
from commands.services.service_fees import service_fees
from tariffs import rules
from tariffs.catalogue import Service


def propose(request: Request, hall: Hall) -> Reply:
    mine = _cancellable(request, hall)
    twice = request.spec.confirm is ConfirmRule.TWICE
    text = "sv.cancel.confirm.twice" if twice else "sv.cancel.confirm"
    return Reply(text, _facts(mine, request, hall))


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    mine = _cancellable(request, hall)
    facts = _facts(mine, request, hall)
    until = rules.ends(_service(mine, hall), request.now, hall.catalogue)
    hall.services.close(request.subject, mine.service, until, request.id)
    return (Reply("sv.cancel.ok", facts),)


def _service(mine: Subscription, hall: Hall) -> Service:
    return hall.catalogue.services[mine.service]


def _facts(mine: Subscription, request: Request, hall: Hall) -> dict[str, object]:
    """What has not begun yet is not used to its month's end: it never begins."""
    service = _service(mine, hall)
    until, ahead = rules.ends(service, request.now, hall.catalogue), mine.since > request.now
    return {
        "name": service.name,
        "fee": service_fees(request, hall).of(service),
        "until": until,
        "at_once": until <= request.now,
        "ahead": ahead,
        **ends_all_the_same([service] if ahead else [], request, hall),
    }


def ends_all_the_same(
    given_up: Iterable[Service], request: Request, hall: Hall
) -> dict[str, object]:
    """What was to make room for services that will not begin now."""
    groups = {service.group for service in given_up if service.group}
    names = {other.code: other.name for group in groups for other in hall.catalogue.of_group(group)}
    held = running(request, hall) if names else []
    ending = [one for one in held if one.until and one.service in names]
    return {
        "ending": [names[one.service] for one in ending],
        "ends": max((one.until for one in ending), default=0),
    }


def _cancellable(request: Request, hall: Hall) -> Subscription:
    """The running service that is meant, by its code or its group. Raises Refusal."""
    wanted = _wanted(request, hall)
    mine = [s for s in running(request, hall) if s.service in wanted]
    if not mine:
        raise Refusal("sv.err.nohave", {"name": request.spec.name})
    going_on = [subscription for subscription in mine if not subscription.until]
    if not going_on:
        raise Refusal("sv.err.ending", _ending(mine[-1], hall))
    return going_on[0]


def _wanted(request: Request, hall: Hall) -> set[str]:
    if "group" in request.args:
        return {service.code for service in hall.catalogue.of_group(str(request.args["group"]))}
    return {str(request.args["service"])}


def _ending(subscription: Subscription, hall: Hall) -> dict[str, object]:
    service = hall.catalogue.services[subscription.service]
    return {"name": service.name, "until": subscription.until}
