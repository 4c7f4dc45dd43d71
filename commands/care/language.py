"""EN, ZH: in which language the hall answers from now on."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Reply, Request
from commands.model.subscriber_lookup import account, from_own_phone


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """Already the answer is in it. Raises Refusal from a phone that nobody vouches for."""
    from_own_phone(request)
    account(request, hall)
    hall.accounts.set_language(request.subject, str(request.args["language"]))
    return (Reply("lang.set"),)
