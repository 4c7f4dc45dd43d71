"""CXPUK: the code that opens a SIM card after wrong PINs."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request
from commands.model.subscriber_lookup import account


def puk(request: Request, hall: Hall) -> Reply:
    account(request, hall)
    code = hall.owners.puk(request.subject)
    if code is None:
        raise Refusal("q.puk.none")
    return Reply("q.puk", {"puk": code})
