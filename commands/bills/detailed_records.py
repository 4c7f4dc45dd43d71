"""CXXD: a one-time link to the detailed records of a month. They are never told in a text.

The link goes to the phone that the records are of, whoever asked; so did the random code.
"""

from __future__ import annotations

from typing import Final

from commands.bills.monthly_bill import month_asked
from commands.model.hall import Hall
from commands.model.one_time_links import OneTimeLink
from commands.model.request import Arguments, Channel, Reply, Request, Secret
from commands.model.subscriber_lookup import account

DIGITS: Final = 24  # of a token: eighty bits cannot be guessed in half an hour


def propose(request: Request, hall: Hall) -> Reply:
    account(request, hall)
    return Reply("q.detail.confirm", _facts(request, hall))


def terms(request: Request, hall: Hall) -> Arguments:
    """The month as it was told: the confirm may come in the next one."""
    return {"month": str(_month(request, hall))}


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """Issue the link. An older one opens nothing any more."""
    account(request, hall)
    token, until = Secret(hall.random.digits(DIGITS)), request.now + hall.settings.link_lasts
    link = OneTimeLink("detail", request.subject, _month(request, hall))
    hall.links.issue(token, link, until, request.now)
    url = Secret(hall.settings.link_base + token.reveal())
    facts = {**_facts(request, hall), "link": url}
    if request.own and request.channel is Channel.SMS:
        return (Reply("q.detail.sent", facts),)
    message = Reply("q.detail.sent", facts, to=request.subject)
    return (Reply("q.detail.by_sms", {"number": request.subject}), message)


def _facts(request: Request, hall: Hall) -> dict[str, object]:
    return {"month": _month(request, hall), "minutes": hall.settings.link_lasts // 60}


def _month(request: Request, hall: Hall) -> int:
    return month_asked(request, hall, default=0, newest=0)
