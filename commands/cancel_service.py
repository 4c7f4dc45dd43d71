"""QXEDU: giving a service up. It can be used until its month ends and is not charged again."""

from __future__ import annotations

from commands.fees import fees
from commands.ports import Hall, Subscription
from commands.subscribers import running
from commands.vocabulary import Confirm, Refusal, Reply, Request
from tariffs import rules
from tariffs.catalogue import Service


def propose(request: Request, hall: Hall) -> Reply:
    service = _cancellable(request, hall)
    twice = request.spec.confirm is Confirm.TWICE
    text = "sv.cancel.confirm.twice" if twice else "sv.cancel.confirm"
    return Reply(text, _facts(service, request, hall))


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    service = _cancellable(request, hall)
    until = rules.ends(service, request.now, hall.catalogue)
    hall.services.close(request.subject, service.code, until, request.id)
    return (Reply("sv.cancel.ok", _facts(service, request, hall)),)


def _facts(service: Service, request: Request, hall: Hall) -> dict[str, object]:
    until = rules.ends(service, request.now, hall.catalogue)
    return {
        "name": service.name,
        "fee": fees(request, hall).of(service),
        "until": until,
        "at_once": until <= request.now,
    }


def _cancellable(request: Request, hall: Hall) -> Service:
    """The running service that is meant, by its code or its group. Raises Refusal."""
    wanted = _wanted(request, hall)
    mine = [s for s in running(request, hall) if s.service in wanted]
    if not mine:
        raise Refusal("sv.err.nohave", {"name": request.spec.name})
    going_on = [subscription for subscription in mine if not subscription.until]
    if not going_on:
        raise Refusal("sv.err.ending", _ending(mine[-1], hall))
    return hall.catalogue.services[going_on[0].service]


def _wanted(request: Request, hall: Hall) -> set[str]:
    if "group" in request.args:
        return {service.code for service in hall.catalogue.of_group(str(request.args["group"]))}
    return {str(request.args["service"])}


def _ending(subscription: Subscription, hall: Hall) -> dict[str, object]:
    service = hall.catalogue.services[subscription.service]
    return {"name": service.name, "until": subscription.until}
