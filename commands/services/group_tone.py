"""集团彩铃: a group orders it for a member of its V-net, and pays. The member agrees himself."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from commands.model.hall import Hall
from commands.model.request import Arguments, Refusal, Reply, Request
from commands.services import order_service

TONE: Final = "JTCL"


def propose(request: Request, hall: Hall) -> Reply:
    return order_service.propose(_order(request, hall), hall)


def terms(request: Request, hall: Hall) -> Arguments:
    return order_service.terms(_order(request, hall), hall)


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    return order_service.carry_out(_order(request, hall), hall)


def _order(request: Request, hall: Hall) -> Request:
    """Raises Refusal for who is no member of the group that asks."""
    if not (group := request.args.get("group")) or hall.records.of(request.subject).group != group:
        raise Refusal("gp.no_member", {"number": request.subject})
    return replace(request, args={**request.args, "service": TONE})
