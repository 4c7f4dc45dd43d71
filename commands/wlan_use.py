"""CXWLAN: campus WLAN this month: minutes, volume, and what it costs by its rule."""

from __future__ import annotations

from commands.ports import Hall
from commands.subscribers import account, running
from commands.vocabulary import Refusal, Reply, Request
from tariffs import wlan
from tariffs.catalogue import Service, WlanRule


def wlan_use(request: Request, hall: Hall) -> Reply:
    account(request, hall)
    service, rule = _service(request, hall)
    used = {use.item: use.used for use in hall.services.usage(request.subject, request.now)}
    campus, outside = used.get(wlan.CAMPUS_MIN, 0), used.get(wlan.OUTSIDE_MIN, 0)
    volume = used.get(wlan.VOLUME_MB, 0)
    facts = {
        "name": service.name,
        "campus": campus,
        "left": max(0, service.includes.get(wlan.CAMPUS_MIN, 0) - campus),
        "outside": outside,
        "item": hall.catalogue.items[wlan.VOLUME_MB],
        "volume": volume,
        "most_gb": rule.stop_mb // 1024,
        "fee": wlan.month_fee(service, rule, campus, outside),
        "cap": rule.cap_fen,
        "rests": wlan.rests(rule, volume),
    }
    return Reply("q.wlan", facts)


def _service(request: Request, hall: Hall) -> tuple[Service, WlanRule]:
    """The one that runs now; one that begins next month does not count. Raises Refusal."""
    for held in running(request, hall):
        service = hall.catalogue.service(held.service)
        if service is not None and service.wlan is not None and held.since <= request.now:
            return service, service.wlan
    raise Refusal("q.wlan.none")
