"""CXYW: the services somebody has ordered, with their fees."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Reply, Request
from commands.model.subscriber_lookup import running
from commands.services.service_fees import service_fees


def services(request: Request, hall: Hall) -> Reply:
    """A list to read: nothing can be cancelled by its numbers."""
    prices = service_fees(request, hall)
    lines = []
    for subscription in running(request, hall):
        service = hall.catalogue.service(subscription.service)
        if service is not None:
            fee = prices.of(service)
            lines.append({"name": service.name, "fee": fee, "until": subscription.until})
    return Reply("q.services" if lines else "q.services.none", {"lines": lines})
