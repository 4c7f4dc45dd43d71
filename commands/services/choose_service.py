"""流量包, 短信包, 139邮箱: the sizes of a service by number, for those who do not know codes."""

from __future__ import annotations

from collections.abc import Iterator

from commands.model.hall import Hall
from commands.model.numbered_list import numbered_rows
from commands.model.request import Reply, Request
from commands.services.service_fees import service_fees
from tariffs.catalogue import Service


def choices(request: Request, hall: Hall) -> Reply:
    """`family` is how the codes of its sizes begin: LL of LL10, LL30 and LL50. Those that are sold
    now."""
    prices = service_fees(request, hall)
    rows = [
        (
            {
                "name": service.name,
                "fee": prices.of(service),
                "includes": hall.catalogue.amounts(service.includes),
            },
            f"KT{service.code}",
        )
        for service in _sizes(str(request.args["family"]), hall)
    ]
    lines, items = numbered_rows(rows, request.channel)
    return Reply("sv.choices", {"lines": lines}, opens=items)


def _sizes(family: str, hall: Hall) -> Iterator[Service]:
    for code, service in hall.catalogue.services.items():
        sized = code.startswith(family) and code.removeprefix(family).isdigit()
        if sized and service.on_sale:
            yield service
