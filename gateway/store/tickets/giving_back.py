"""Tickets that somebody has taken and does nothing with: they go back by themselves, for others to
take, and whoever had them is told."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select

from commands.model.care.ticket_rules import TicketRules
from commands.model.tickets import TicketState
from gateway.model.ticket_record import HALL, TicketRecord, TicketStep
from gateway.security.encryption import Seal
from gateway.store.tables import LIVE, ticket_steps, tickets
from gateway.store.tickets.ticket_rows import TicketRows

GIVEN_BACK: Final = "given back"
_AT_BOSS: Final = ("waiting", "taken")  # the operator's own system sees to it


class GivenBack(NamedTuple):
    """What somebody had until then: seconds since 1970."""

    number: str
    at: int


def is_idle(connection: Connection, rules: TicketRules, now: int) -> bool:
    """Whether any is to go back."""
    if not rules.give_back:
        return False
    query = select(tickets.c.id).where(LIVE, _idle(now - rules.give_back)).limit(1)
    return connection.execute(query).first() is not None


def give_back(
    connection: Connection, seal: Seal, rules: TicketRules, now: int, accept_by: int, limit: int
) -> list[TicketRecord]:
    """As they were while somebody had them; each once. `accept_by`: until when somebody is to take
    it now."""
    if not rules.give_back:
        return []
    rows = TicketRows(connection, seal)
    query = select(tickets).where(LIVE, _idle(now - rules.give_back)).order_by(tickets.c.id)
    return [seen for seen in rows.all(query.limit(limit)) if _gives(rows, seen, now, accept_by)]


def _gives(rows: TicketRows, seen: TicketRecord, now: int, accept_by: int) -> bool:
    """False if somebody sees to it at this moment."""
    state = TicketState.OPEN if seen.state == TicketState.ACCEPTED else seen.state
    step = TicketStep(now, GIVEN_BACK, HALL, seen.holder)
    return rows.move(seen, step, state=state, holder="", held_since=0, accept_by=accept_by)


def _idle(before: int) -> ColumnElement[bool]:
    """Taken before, and not moved since by who has it; an appointment is waited for."""
    columns, steps = tickets.c, ticket_steps.c
    mine = (steps.ticket == columns.id) & (steps.who == columns.holder) & (steps.at >= before)
    return and_(
        columns.holder != "",
        columns.held_since < before,
        columns.appointed_until < before,
        columns.boss_state.not_in(_AT_BOSS),
        ~exists(select(ticket_steps.c.id).where(mine)),
    )


def goes_back_at(seen: TicketRecord, steps: list[TicketStep], rules: TicketRules) -> int:
    """When it will, if nobody does anything; 0: it will not."""
    if not rules.give_back or seen.over or not seen.holder or seen.boss_state in _AT_BOSS:
        return 0
    moved = max((step.at for step in steps if step.who == seen.holder), default=0)
    return max(seen.held_since, seen.appointed_until, moved) + rules.give_back


def given_back(connection: Connection, operator: str, since: int) -> list[GivenBack]:
    """What went back from them since, and they have not taken again; the newest first."""
    steps = ticket_steps.c
    last = func.max(steps.at).label("at")
    query = (
        select(tickets.c.number, last)
        .join_from(ticket_steps, tickets, tickets.c.id == steps.ticket)
        .where(
            steps.step == GIVEN_BACK, steps.detail == operator, steps.at >= since,
            tickets.c.holder != operator,
        )
        .group_by(tickets.c.number)
        .order_by(last.desc())
    )  # fmt: skip
    return [GivenBack(number, at) for number, at in connection.execute(query)]
