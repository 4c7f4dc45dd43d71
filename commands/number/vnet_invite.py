"""A group invites somebody into its V-net, from its own platform. He agrees himself, with JRVW.

The platform proves nothing of him. So whatever is the matter with the number (nobody's, a member of
another group, stopped), its answer is the same: only the group's own short numbers are told it.
"""

from __future__ import annotations

from typing import Final

from commands.model.accounts import NumberState
from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request
from commands.model.subscriber_lookup import running
from commands.number.vnet_join import INVITED, MEMBERSHIP, invitation

ASKED: Final = "door.invited"  # counted by number
A_DAY: Final = 3  # invitations of all groups to one number
JOIN: Final = "JRVW"


def invite(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """Raises Refusal if the group has given that short number already."""
    group, short = str(request.args["group"]), str(request.args["short"])
    subject, facts = request.subject, {"group": group, "short_number": short}
    holder = hall.records.by_short_number(group, short)
    if holder is not None and holder != subject:
        raise Refusal("vw.taken", facts)
    told = Reply("vw.invited", {**facts, "number": subject})
    if not _can_be_asked(request, hall):
        return (told,)
    before = hall.orders.waiting(subject, INVITED, request.now)
    if before is not None:
        if before.args["group"] != group:
            return (told,)
        hall.orders.decline(before.id, "", request.now)
    hall.attempts.add(ASKED, subject, request.now)
    hall.orders.propose(
        invitation(request.id, request.now, request.interface, group, subject, short)
    )
    return (told, Reply("vw.invitation", {**facts, "code": JOIN}, to=subject))


def _can_be_asked(request: Request, hall: Hall) -> bool:
    subject, now = request.subject, request.now
    account = hall.accounts.find(subject)
    if account is None or account.state is not NumberState.NORMAL or "black" in account.classes:
        return False
    member = MEMBERSHIP in [held.service for held in running(request, hall)]
    return not member and hall.attempts.count(ASKED, subject, now - 24 * 3600) < A_DAY
