"""流量包, 短信包, 139邮箱: the sizes of a service by number, for who does not know the codes."""

from __future__ import annotations

from collections.abc import Iterator

from commands.fees import fees
from commands.numbering import numbered
from commands.ports import Hall
from commands.vocabulary import Reply, Request
from tariffs.catalogue import Service


def choices(request: Request, hall: Hall) -> Reply:
    """`family` is how the codes of its sizes begin: LL of LL10, LL30 and LL50."""
    prices = fees(request, hall)
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
    lines, items = numbered(rows, request.channel)
    return Reply("sv.choices", {"lines": lines}, opens=items)


def _sizes(family: str, hall: Hall) -> Iterator[Service]:
    for code, service in hall.catalogue.services.items():
        if code.startswith(family) and code.removeprefix(family).isdigit():
            yield service
