"""FJ, KJ: a suspended number works again. Who owes money recharges instead."""

from __future__ import annotations

from commands.ports import Hall, State
from commands.subscribers import account
from commands.suspend import KEEPING
from commands.vocabulary import Refusal, Reply, Request


def allowed(request: Request, hall: Hall) -> None:
    """Looked at before a random code is sent: who owes needs none."""
    found = account(request, hall)
    if found.state is State.NORMAL:
        raise Refusal("st.resume.normal", {"number": request.subject})
    if found.state is State.ARREARS or found.balance_fen < 0:
        raise Refusal("st.resume.owe", {"owed": max(0, -found.balance_fen)})
    if found.state is not State.SUSPENDED:
        raise Refusal("sv.err.status", {"state": found.state.value})


def propose(request: Request, hall: Hall) -> Reply:
    allowed(request, hall)
    return Reply("st.resume.confirm", {"number": request.subject})


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    allowed(request, hall)
    hall.accounts.set_state(request.subject, State.NORMAL)
    hall.services.close(request.subject, KEEPING, request.now, request.id)
    return (Reply("st.resume.ok", {"number": request.subject}),)
