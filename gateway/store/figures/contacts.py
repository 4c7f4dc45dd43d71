"""Whether people had to come back: each contact of a number about one subject, and what came of it
within a day.

Messages of one number with the same command, none more than ten minutes after the one before, are
one contact. It is counted at its last message, for which the store looks ahead.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import Select, func, select

from commands.model.request import Channel
from gateway.model.message_id import floor_at, milliseconds_of
from gateway.store.tables import calls, inbox, subscribers, tickets

SAME_MS: Final = 600_000  # between two messages of one contact, at most
DAY_MS: Final = 24 * 3600 * 1000
ANSWERED: Final = ("ok", "accepted")
DOOR: Final = Channel.DOOR.value
COMPLAINT: Final = "tk.complaint"
_NO_SUBJECT: Final = ("menu.main", "otp.send", "fb.rate", "fb.stop", "hu.callback")


Rows = Callable[[Select[Any]], Iterator[Any]]
"""What reads: page by page."""
Contact = tuple[int, int, str, str, str | None, str, str]
"""The last message's id, phone, channel, command; the number's brand; solved, again,
person, complaint or unanswered; the port of a request of another interface."""


def contacts(rows: Rows, begins: int, ends: int) -> Iterator[Contact]:
    """Those whose last message lies between these seconds. What is later than a day after `ends`
    is not looked at."""
    persons = _persons(rows, begins, ends)
    complaints = _complaints(rows, begins, ends)
    for id, phone, channel, action, result, port, later, brand in rows(_last_ones(begins, ends)):
        now = milliseconds_of(id)
        if later is not None and milliseconds_of(later) - now <= SAME_MS:
            continue
        if result not in ANSWERED:
            ended = "unanswered"
        elif _within_a_day(persons.get(phone), now):
            ended = "person"
        elif action != COMPLAINT and _within_a_day(complaints.get(phone), now):
            ended = "complaint"
        elif later is not None and milliseconds_of(later) - now <= DAY_MS:
            ended = "again"
        else:
            ended = "solved"
        yield id, phone, channel, action, brand, ended, port if channel == DOOR else ""


def _last_ones(begins: int, ends: int) -> Any:
    """Messages with a command, and the next one of the same number with the same command."""
    columns = inbox.c
    following = func.lead(columns.id)
    later = following.over(partition_by=(columns.phone, columns.action), order_by=columns.id)
    with_command = columns.action.contains(".") & columns.action.not_in(_NO_SUBJECT)
    both = (columns.id >= floor_at(begins)) & (columns.id < floor_at(ends + DAY_MS // 1000))
    seen = (
        select(
            columns.id, columns.phone, columns.channel, columns.action, columns.result,
            columns.port, later.label("later"),
        )
        .where(both, with_command, columns.phone != 0)
        .subquery()
    )  # fmt: skip
    whose = subscribers.c.msisdn == seen.c.phone
    query = select(seen, subscribers.c.brand).outerjoin(subscribers, whose)
    return query.where(seen.c.id < floor_at(ends))


def _persons(rows: Rows, begins: int, ends: int) -> dict[int, list[int]]:
    """When numbers wanted a person on a call, or to be called back: milliseconds as ids have
    them."""
    wanted = select(calls.c.id, calls.c.phone).where(
        calls.c.queue != "", *_range(calls.c.id, begins, ends)
    )
    back = select(tickets.c.id, tickets.c.phone).where(
        tickets.c.kind == "callback", *_range(tickets.c.id, begins, ends)
    )
    return _moments(rows, wanted, back)


def _complaints(rows: Rows, begins: int, ends: int) -> dict[int, list[int]]:
    query = select(tickets.c.id, tickets.c.phone).where(
        tickets.c.kind == "complaint", *_range(tickets.c.id, begins, ends)
    )
    return _moments(rows, query)


def _range(id: Any, begins: int, ends: int) -> tuple[Any, Any]:
    return id >= floor_at(begins), id < floor_at(ends + DAY_MS // 1000)


def _moments(rows: Rows, *queries: Any) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for query in queries:
        for id, phone in rows(query):
            found[phone].append(milliseconds_of(id))
    return {phone: sorted(moments) for phone, moments in found.items()}


def _within_a_day(moments: list[int] | None, after: int) -> bool:
    """Whether one of them comes after, within a day."""
    if moments is None:
        return False
    place = bisect_right(moments, after)
    return place < len(moments) and moments[place] - after <= DAY_MS
