"""What people did after a notice, beside those who were kept apart: each number once, at the moment
at which it first did so. So what is counted of hours and days adds up to the notice's own
results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, func

from gateway.model import figures
from gateway.model.figures import Group
from gateway.model.message_id import floor_at
from gateway.model.notices.notice import Notice
from gateway.store.figures.unasked import Rows
from gateway.store.notices.people import CONTROL, TOLD, SqlNoticePeople
from gateway.store.notices.results import answered_by, ordered_by
from gateway.store.notices.rows import SqlNotices
from gateway.store.tables import inbox, orders

ANSWERED: Final = "answered"
ORDERED: Final = "ordered"
APART: Final = "control"
APART_ANSWERED: Final = "control_answered"
APART_ORDERED: Final = "control_ordered"
_GROUPS: Final = ((TOLD, ANSWERED, ORDERED), (CONTROL, APART_ANSWERED, APART_ORDERED))


class Counting(NamedTuple):
    """Seconds since 1970; `effect`: for so many after the telling what people do counts."""

    begins: int
    ends: int
    effect: int


def notice_effects(
    connection: Connection, rows: Rows, counting: Counting
) -> Iterator[tuple[int, Group, int]]:
    """Between `begins` and `ends`: the id of a moment, and how many. Of a notice that has its
    effect then, nought as well: that is not the same as nothing known."""
    for notice in SqlNotices(connection).all():
        if _in_effect(notice, counting):
            yield from _effects_of(connection, rows, notice, counting)


def _in_effect(notice: Notice, counting: Counting) -> bool:
    over = notice.ended_at and notice.ended_at + counting.effect <= counting.begins
    return 0 < notice.started_at < counting.ends and not over


def _effects_of(
    connection: Connection, rows: Rows, notice: Notice, counting: Counting
) -> Iterator[tuple[int, Group, int]]:
    first = floor_at(max(counting.begins, notice.started_at))
    groups = _GROUPS if notice.draft.control else _GROUPS[:1]
    for group, answered, ordered in groups:
        for detail, theirs, id in (
            (answered, answered_by(notice, counting.effect, group), inbox.c.id),
            (ordered, ordered_by(notice, counting.effect, group), orders.c.id),
        ):
            counted = Group(figures.UNASKED, "sms", what=notice.source, detail=detail)
            yield first, counted, 0
            for _, moment in rows(_first_of_each(theirs, id, counting)):
                yield moment, counted, 1
    if notice.draft.control and notice.started_at >= counting.begins:
        apart = SqlNoticePeople(connection, notice.number).counts().get(CONTROL, 0)
        yield first, Group(figures.UNASKED, "sms", what=notice.source, detail=APART), apart


def _first_of_each(theirs: Select[Any], id: Any, counting: Counting) -> Select[Any]:
    """Numbers, and when each first did so; only those who had not done so before."""
    (phone,) = theirs.selected_columns
    firsts = theirs.add_columns(func.min(id)).where(id < floor_at(counting.ends)).group_by(phone)
    return firsts.having(func.min(id) >= floor_at(counting.begins))
