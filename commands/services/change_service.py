"""BGEDU100: another size of a service one has, from next month on. Nothing is charged now."""

from __future__ import annotations

from dataclasses import dataclass

from commands.model.accounts import Subscription
from commands.model.hall import Hall
from commands.model.request import Arguments, Refusal, Reply, Request
from commands.model.subscriber_lookup import not_sold, ready_to_order, running
from commands.services.service_fees import service_fees
from tariffs.calendar import month_end
from tariffs.catalogue import Service


@dataclass(frozen=True, slots=True)
class _Switch:
    """What would be done: one service in the place of others of its group."""

    service: Service
    fee_fen: int
    begins: int
    ends: tuple[Service, ...]

    def terms(self) -> dict[str, str]:
        return {"fee": str(self.fee_fen), "replaces": ",".join(s.code for s in self.ends)}


def propose(request: Request, hall: Hall) -> Reply:
    return Reply("sv.switch.confirm", _facts(_switch(request, hall), hall))


def terms(request: Request, hall: Hall) -> Arguments:
    return _switch(request, hall).terms()


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    switch = _switch(request, hall)
    agreed = {name: request.args.get(name) for name in switch.terms()}
    if agreed != switch.terms():
        raise Refusal("sv.err.changed", {"name": switch.service.name})
    for service in switch.ends:
        hall.services.close(request.subject, service.code, switch.begins, request.id)
    hall.services.open(request.subject, switch.service.code, switch.begins, request.id)
    return (Reply("sv.switch.ok", _facts(switch, hall)),)


def _facts(switch: _Switch, hall: Hall) -> dict[str, object]:
    return {
        "name": switch.service.name,
        "old": [service.name for service in switch.ends],
        "fee": switch.fee_fen,
        "includes": hall.catalogue.amounts(switch.service.includes),
        "note": switch.service.note,
        "begins": switch.begins,
        "cancel_code": switch.service.cancel_code,
    }


def _switch(request: Request, hall: Hall) -> _Switch:
    """Raises Refusal where there is nothing to change, or nothing would."""
    ready_to_order(request, hall)
    service = hall.catalogue.service(str(request.args["service"]))
    if service is None:  # the catalogue has changed since it was proposed
        raise Refusal("sv.err.gone")
    mine = _going_on(service, running(request, hall), hall)
    if not mine:
        raise Refusal("sv.switch.none", {"name": service.name, "code": f"KT{service.code}"})
    if service in mine:
        raise Refusal("sv.err.have", {"name": service.name})
    if not service.on_sale:
        raise not_sold(service, request, hall)
    begins = month_end(request.now, hall.catalogue.zone)
    return _Switch(service, service_fees(request, hall).of(service), begins, tuple(mine))


def _going_on(service: Service, held: list[Subscription], hall: Hall) -> list[Service]:
    """Those of the same group that have not been cancelled."""
    group = {other.code: other for other in hall.catalogue.of_group(service.group)}
    return [group[one.service] for one in held if one.service in group and not one.until]
