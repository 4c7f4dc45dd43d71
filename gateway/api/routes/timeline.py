"""What happened between a subscriber and the hall, and what of it is open: masked, or in full while
a look-up is."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import Field

from gateway.api.act import REVEAL, Act
from gateway.api.guard import Routes, Runs
from gateway.api.models import Moment, Told, moment
from gateway.api.routes.subscribers import READ, LookupId, is_open, own_lookup
from gateway.store.operators.timeline import OpenNow, SqlTimeline, TimelineLine

routes = Routes("subscribers")
_AHEAD = 60  # seconds: clocks of gateways differ
Before = Annotated[
    int,
    Query(ge=0, le=2**50, description="milliseconds since 1970: older than that; 0: newest"),
]
Limit = Annotated[int, Query(ge=1, le=200)]


class TimelineLineTold(Told):
    """`words` and `answers` are empty while masked."""

    id: str = Field(description="GET /api/v1/trace/{id} tells all of it; empty: that is all")
    at: Moment
    what: str = Field(description="message, order, boss, call, reminder or ticket")
    channel: str
    action: str
    result: str
    detail: str
    words: str
    answers: list[str]


class OpenNowTold(Told):
    what: str = Field(description="ticket, order, boss, outbox or dialogue")
    about: str
    since: Moment | None
    until: Moment | None


class TimelineTold(Told):
    """The newest first."""

    lines: list[TimelineLineTold]
    open: list[OpenNowTold] = Field(description="with the first page only")
    next: int | None = Field(description="`before` of the next page")


@routes.get("/subscribers/lookups/{id}/timeline", READ, Runs.LOOKING, refusals=(404,))
def show_timeline(act: Act, id: LookupId, before: Before = 0, limit: Limit = 50) -> TimelineTold:
    """All channels on one line of time."""
    lookup = own_lookup(act, id)
    full = is_open(act, lookup)
    port = SqlTimeline(act.connection, act.store.seal, lookup.msisdn)
    found = port.lines(before or (act.now + _AHEAD) * 1000, limit, words=full)
    open_now = [] if before else port.open_now(act.now)
    action = str(REVEAL if full else READ)
    act.note(action=action, subscriber=lookup.msisdn, reason=lookup.reason, result="timeline")
    more = len(found) >= limit
    return TimelineTold(
        lines=[_line(line) for line in found],
        open=[_open(one) for one in open_now],
        next=round(found[-1].at * 1000) if more else None,
    )


def _line(line: TimelineLine) -> TimelineLineTold:
    return TimelineLineTold(
        id=str(line.id or ""),  # more than a JavaScript number holds
        at=moment(int(line.at)),
        what=line.what,
        channel=line.channel,
        action=line.action,
        result=line.result,
        detail=line.detail,
        words=line.words,
        answers=list(line.answers),
    )


def _open(one: OpenNow) -> OpenNowTold:
    return OpenNowTold(
        what=one.what,
        about=one.about,
        since=moment(int(one.since)) if one.since else None,
        until=moment(int(one.until)) if one.until else None,
    )
