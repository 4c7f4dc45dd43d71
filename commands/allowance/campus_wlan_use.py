"""CXWLAN: campus WLAN this month: minutes, volume, and what it costs by its rule."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request
from commands.model.subscriber_lookup import account, running
from tariffs import campus_wlan
from tariffs.catalogue import Service, WlanRule


def wlan_use(request: Request, hall: Hall) -> Reply:
    account(request, hall)
    service, rule = _service(request, hall)
    used = {use.item: use.used for use in hall.services.usage(request.subject, request.now)}
    campus, outside = used.get(campus_wlan.CAMPUS_MIN, 0), used.get(campus_wlan.OUTSIDE_MIN, 0)
    volume = used.get(campus_wlan.VOLUME_MB, 0)
    facts = {
        "name": service.name,
        "campus": campus,
        "left": max(0, service.includes.get(campus_wlan.CAMPUS_MIN, 0) - campus),
        "outside": outside,
        "item": hall.catalogue.items[campus_wlan.VOLUME_MB],
        "volume": volume,
        "most_gb": rule.stop_mb // 1024,
        "fee": campus_wlan.month_fee(service, rule, campus, outside),
        "cap": rule.cap_fen,
        "rests": campus_wlan.rests(rule, volume),
    }
    return Reply("q.wlan", facts)


def _service(request: Request, hall: Hall) -> tuple[Service, WlanRule]:
    """The one that runs now; one that begins next month does not count. Raises Refusal."""
    for held in running(request, hall):
        service = hall.catalogue.service(held.service)
        if service is not None and service.wlan is not None and held.since <= request.now:
            return service, service.wlan
    raise Refusal("q.wlan.none")
