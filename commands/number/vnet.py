"""CXVW, CXDH: a group's V-net: which one, one's own short number, and a colleague's number."""

from __future__ import annotations

from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request
from commands.model.subscriber_lookup import account
from commands.model.subscriber_records import SubscriberRecord


def vpmn(request: Request, hall: Hall) -> Reply:
    member = _member(request, hall)
    return Reply("q.vpmn", {"group": member.group, "short": member.short_number})


def short_number(request: Request, hall: Hall) -> Reply:
    """Within one's own group only."""
    group, short = _member(request, hall).group, str(request.args["short"])
    number = hall.records.by_short_number(group, short)
    if number is None:
        raise Refusal("q.short_number.none", {"short": short})
    return Reply("q.short_number", {"short": short, "number": number})


def _member(request: Request, hall: Hall) -> SubscriberRecord:
    """Raises Refusal if they belong to no group."""
    account(request, hall)
    profile = hall.records.of(request.subject)
    if not profile.group:
        raise Refusal("q.vpmn.none")
    return profile
