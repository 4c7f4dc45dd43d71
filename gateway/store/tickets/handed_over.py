"""Tickets that the operator's own system sees to: given once, and its answers taken once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from sqlalchemy import Connection, select, update

from commands.care.ticket_news import News
from commands.model.tickets import TicketState
from gateway.model.ticket_record import BOSS, MOST_AHEAD, TicketAnswer, TicketRecord, TicketStep
from gateway.security.encryption import Seal
from gateway.store.engine import inserting
from gateway.store.tables import TO_BOSS, meta, tickets
from gateway.store.tickets.closing import close_joined
from gateway.store.tickets.ticket_rows import TicketRows

_HEARD: Final = "boss ticket answers"
WAITING, TAKEN, REFUSED = "waiting", "taken", "refused"


class HandOver(NamedTuple):
    """`key`: the same however often it is asked. `ticket`: what goes over the wire."""

    number: str
    key: str
    tries: int
    ticket: Mapping[str, object]


class AnswerTaken(NamedTuple):
    """`what`: its state, or why nothing came of it."""

    number: str
    what: str
    fits: bool
    phone: str = ""


def is_handed_over(connection: Connection, now: int) -> tuple[bool, bool]:
    """Whether there is something to give now, and whether answers are waited for."""
    waiting = select(tickets.c.id).where(TO_BOSS, tickets.c.boss_retry_at <= now).limit(1)
    asked = select(tickets.c.id).where(
        tickets.c.boss_state == TAKEN, tickets.c.state.not_in(_ENDED)
    )
    return (
        connection.execute(waiting).first() is not None,
        connection.execute(asked.limit(1)).first() is not None,
    )


def to_hand_over(connection: Connection, seal: Seal, now: int, limit: int) -> list[HandOver]:
    columns = tickets.c
    query = select(tickets, columns.boss_tries).where(TO_BOSS, columns.boss_retry_at <= now)
    rows, found = TicketRows(connection, seal), []
    for row in connection.execute(query.order_by(columns.id).limit(limit)).all():
        record = rows.record(row)
        key = f"ticket-{record.id}-{record.reopened}"
        found.append(HandOver(record.number, key, row.boss_tries, _written(record)))
    return found


def handed_over(rows: TicketRows, number: str, state: str, detail: str, now: int) -> bool:
    """The BOSS has taken it, under its own name, or will not."""
    seen = rows.find(number)
    if seen is None or seen.boss_state != WAITING:
        return False
    step = TicketStep(now, f"boss {state}", BOSS, detail if state == TAKEN else "",
                      "" if state == TAKEN else detail)  # fmt: skip
    values: dict[str, object] = {"boss_state": state}
    if state == TAKEN:
        values |= {"boss_reference": detail, "accept_by": 0}
    return rows.move(seen, step, **values)


def put_off(connection: Connection, number: str, until: int) -> None:
    mine = (tickets.c.number == number) & (tickets.c.boss_state == WAITING)
    values = {"boss_tries": tickets.c.boss_tries + 1, "boss_retry_at": until}
    connection.execute(update(tickets).where(mine).values(values))


def heard_upto(connection: Connection) -> int:
    query = select(meta.c.value).where(meta.c.name == _HEARD)
    return int(connection.execute(query).scalar() or 0)


def hear(connection: Connection, before: int, upto: int) -> bool:
    """From now on what comes after `upto`; false if somebody else has heard more meanwhile."""
    if before == 0:
        first = inserting(connection, meta).values(name=_HEARD, value="0")
        connection.execute(first.on_conflict_do_nothing())
    mine = (meta.c.name == _HEARD) & (meta.c.value == str(before))
    return connection.execute(update(meta).where(mine).values(value=str(upto))).rowcount == 1


def take_answer(
    rows: TicketRows, answer: TicketAnswer, now: int, tell_at: int, accept_by: int
) -> AnswerTaken:
    """`tell_at`: from when on its subscriber may hear of it."""
    seen = rows.find(answer.ticket)
    if seen is None or not seen.boss_state:
        return AnswerTaken(answer.ticket, "it was not handed over", False)
    if seen.over:
        return AnswerTaken(answer.ticket, f"it is {seen.state} already", False, seen.phone)
    if (values := _values(seen, answer, now, accept_by)) is None:
        return AnswerTaken(answer.ticket, f"not understood: {answer.state}", False, seen.phone)
    step = "done" if answer.state == "done" else f"boss {answer.state}"
    detail = f"{answer.at}-{answer.until}" if answer.state == "appointed" else ""
    if not rows.move(seen, TicketStep(now, step, BOSS, detail, answer.result), **values):
        return AnswerTaken(answer.ticket, "it was moved at the same moment", False, seen.phone)
    if seen.phone and answer.state in ("appointed", "done"):
        rows.tell(seen.id, News(answer.state), tell_at)
    if answer.state == "done":
        close_joined(rows, seen.number, answer.result, now, frozenset({seen.phone}))
    return AnswerTaken(answer.ticket, answer.state, True, seen.phone)


def _values(
    seen: TicketRecord, answer: TicketAnswer, now: int, accept_by: int
) -> dict[str, object] | None:
    match answer.state:
        case "accepted":
            fresh = seen.state in (TicketState.OPEN, TicketState.REOPENED)
            return {"state": TicketState.ACCEPTED} if fresh else {}
        case "appointed" if 0 < answer.at < answer.until <= now + MOST_AHEAD:
            return {
                "state": TicketState.APPOINTED, "appointed_at": answer.at,
                "appointed_until": answer.until, "place": answer.result,
            }  # fmt: skip
        case "done" if answer.result.strip():
            return {"state": TicketState.DONE, "result": answer.result, "done_at": now}
        case "returned":  # back to the people of the hall
            return {"boss_state": REFUSED, "accept_by": accept_by}
        case _:
            return None


def _written(record: TicketRecord) -> dict[str, object]:
    return {
        "ticket": record.number,
        "kind": record.kind,
        "category": record.category,
        "msisdn": record.phone,
        "region": record.team or record.region,
        "said": record.said,
        "opened_at": record.opened_at,
        "due_at": record.due_at,
        "again": record.reopened,
    }


_ENDED: Final = (TicketState.DONE, TicketState.RATED, TicketState.JOINED)
