"""EN, ZH: in which language the hall answers from now on."""

from __future__ import annotations

from commands.ports import Hall
from commands.subscribers import account
from commands.vocabulary import Refusal, Reply, Request


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """Already the answer is in it. Raises Refusal from a phone that nobody vouches for."""
    if not request.own:
        raise Refusal("sys.own_phone")
    account(request, hall)
    hall.accounts.set_language(request.subject, str(request.args["language"]))
    return (Reply("lang.set"),)
