"""JRVW: agreeing to become a member of a group's V-net. The group asks; the member says 是.

The group's invitation waits as an order that nothing but the member's own yes consumes.
"""

from __future__ import annotations

from typing import Final

from commands.model.hall import Hall
from commands.model.orders import PlacedOrder
from commands.model.request import Arguments, AuthLevel, Channel, Refusal, Reply, Request
from commands.model.subscriber_lookup import ready_to_order, running

MEMBERSHIP: Final = "VW"
INVITED: Final = "vw.invited"  # the action of the group's order
_LASTS: Final = 30 * 24 * 3600  # seconds that an invitation waits


def invitation(
    id: int, now: int, interface: str, group: str, subject: str, short_number: str
) -> PlacedOrder:
    """The order that a group places for somebody it wants as a member, and its notice."""
    args = {"group": group, "short_number": short_number}
    return PlacedOrder(
        id, INVITED, subject, subject, args, Channel.SMS, interface, int(AuthLevel.A1), now,
        now + _LASTS, shown_at=now,  # the group tells its members itself
    )  # fmt: skip


def propose(request: Request, hall: Hall) -> Reply:
    invited = _invited(request, hall)
    return Reply("vw.confirm", dict(invited.args))


def terms(request: Request, hall: Hall) -> Arguments:
    invited = _invited(request, hall)
    return {**invited.args, "invitation": str(invited.id)}


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """Once: whoever answers twice finds the invitation taken."""
    invited = _invited(request, hall)
    agreed = int(str(request.args["invitation"]))
    if invited.id != agreed or hall.orders.consume(agreed, "是", request.now) is None:
        raise Refusal("vw.none")
    group, short_number = str(invited.args["group"]), str(invited.args["short_number"])
    hall.services.open(request.subject, MEMBERSHIP, request.now, request.id)
    hall.records.join(request.subject, group, short_number)
    return (Reply("vw.joined", dict(invited.args)),)


def _invited(request: Request, hall: Hall) -> PlacedOrder:
    """Raises Refusal if no group asks, they are a member already, or the number is taken."""
    ready_to_order(request, hall)
    if MEMBERSHIP in [held.service for held in running(request, hall)]:
        raise Refusal("vw.member", {"group": hall.records.of(request.subject).group})
    invited = hall.orders.waiting(request.subject, INVITED, request.now)
    if invited is None:
        raise Refusal("vw.none")
    group, short_number = str(invited.args["group"]), str(invited.args["short_number"])
    if hall.records.by_short_number(group, short_number) not in (None, request.subject):
        raise Refusal("vw.taken", {"group": group, "short_number": short_number})
    return invited
