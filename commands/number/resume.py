"""FJ, KJ: a suspended number works again. Who owes money recharges instead."""

from __future__ import annotations

from commands.model.accounts import NumberState
from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request
from commands.model.subscriber_lookup import account
from commands.number.suspend import KEEPING


def allowed(request: Request, hall: Hall) -> None:
    """Looked at before a random code is sent: who owes needs none."""
    found = account(request, hall)
    if found.state is NumberState.NORMAL:
        raise Refusal("st.resume.normal", {"number": request.subject})
    if found.state is NumberState.ARREARS or found.balance_fen < 0:
        raise Refusal("st.resume.owe", {"owed": max(0, -found.balance_fen)})
    if found.state is not NumberState.SUSPENDED:
        raise Refusal("sv.err.status", {"state": found.state.value})


def propose(request: Request, hall: Hall) -> Reply:
    allowed(request, hall)
    return Reply("st.resume.confirm", {"number": request.subject})


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    allowed(request, hall)
    hall.accounts.set_state(request.subject, NumberState.NORMAL)
    hall.services.close(request.subject, KEEPING, request.now, request.id)
    return (Reply("st.resume.ok", {"number": request.subject}),)
