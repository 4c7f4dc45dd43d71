"""CXPUK: the code that opens a SIM card after wrong PINs."""

from __future__ import annotations

from commands.ports import Hall
from commands.subscribers import account
from commands.vocabulary import Refusal, Reply, Request


def puk(request: Request, hall: Hall) -> Reply:
    account(request, hall)
    code = hall.people.puk(request.subject)
    if code is None:
        raise Refusal("q.puk.none")
    return Reply("q.puk", {"puk": code})
