"""TJ, GS: a number is stopped until its owner wants it back. One's own, or with its password any
other: the phone may be lost. Open day and night.
"""

from __future__ import annotations

from typing import Final

from commands.model.accounts import NumberState
from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request
from commands.model.subscriber_lookup import account, running

KEEPING: Final = "TJBH"  # 停机保号: what a stopped number costs
MONTHS: Final = 6  # at most; then it is given up
_CAN_BE: Final = (NumberState.NORMAL, NumberState.ARREARS)


def allowed(request: Request, hall: Hall) -> None:
    state = account(request, hall).state
    if state is NumberState.SUSPENDED:
        raise Refusal("st.suspend.already", {"number": request.subject})
    if state not in _CAN_BE:
        raise Refusal("sv.err.status", {"state": state.value})


def propose(request: Request, hall: Hall) -> Reply:
    allowed(request, hall)
    keeping = hall.catalogue.service(KEEPING)
    fee = keeping.fee_fen if keeping else 0
    facts = {"number": request.subject, "fee": fee, "months": MONTHS}
    return Reply("st.suspend.confirm", facts)


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """The first month is free: nothing is charged now."""
    allowed(request, hall)
    hall.accounts.set_state(request.subject, NumberState.SUSPENDED)
    if KEEPING not in [held.service for held in running(request, hall)]:
        hall.services.open(request.subject, KEEPING, request.now, request.id)
    return (Reply("st.suspend.ok", {"number": request.subject, "now": request.now}),)
