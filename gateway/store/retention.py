"""Forgetting in time: what the journal may no longer hold is wiped, in steps small enough not to
be felt."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    delete,
    false,
    func,
    select,
    tuple_,
    update,
)

from gateway.model.message_id import floor_at
from gateway.store.engine import inserting
from gateway.store.messages import WAITING
from gateway.store.tables import (
    api_answers,
    binds,
    boss_events,
    calls,
    dialogues,
    door_requests,
    edition_counts,
    errands,
    figure_texts,
    figures_by_hour,
    fragments,
    inbox,
    inbox_details,
    links,
    lookers,
    lookups,
    menu_records,
    menu_use,
    meta,
    operator_sessions,
    orders,
    outbox,
    receipts,
    reminders,
    slot_changes,
    strikes,
    unasked,
)

DAY = 24 * 3600
STEP = 2_000  # rows of a table in one transaction: about 10 ms on SQLite
_NEVER = false()


@dataclass(frozen=True, slots=True)
class Retention:
    """Seconds to keep things."""

    metadata: int = 400 * DAY  # who, when, what action, consent: at least six months by regulation
    content: int = 30 * DAY  # the words, sealed
    parts: int = 10 * 60  # of a long message whose rest never came
    receipts: int = 7 * DAY
    events: int = 7 * DAY  # of the BOSS: one that is sent again later is a new one
    strikes: int = 30 * DAY  # no rule looks back further
    counts: int = (
        7 * DAY
    )  # of editions; one that is tried out for longer is judged by its last days


def tidy(connection: Connection, now: int, keep: Retention) -> int:
    """One step; the number of rows it touched. 0: nothing is left to do for now.

    Ids sort by time, so age is a range of the primary key and needs no index of its own."""
    old, wordless = floor_at(now - keep.metadata), floor_at(now - keep.content)
    partless = floor_at(now - keep.parts)
    old_ms, receipts_ms = (now - keep.metadata) * 1000, (now - keep.receipts) * 1000
    return sum(
        [
            _remove(connection, inbox, inbox.c.id < old),
            _remove(connection, outbox, outbox.c.id < old),
            _remove(connection, orders, orders.c.id < old),
            _remove(connection, errands, (errands.c.id < old) & (errands.c.settled_at > 0)),
            _wipe(connection, inbox, wordless),
            _wipe(connection, outbox, wordless, outbox.c.state == WAITING),
            _remove(connection, inbox_details, inbox_details.c.id < old),
            _remove(connection, calls, calls.c.id < old),
            _remove(connection, figure_texts, figure_texts.c.start < now - keep.content),
            _remove(connection, figures_by_hour, figures_by_hour.c.start < now - keep.metadata),
            _remove(connection, fragments, fragments.c.inbox_id < partless),
            _remove(connection, receipts, receipts.c.at_ms < receipts_ms),
            _remove(connection, links, links.c.until_at < now),
            _remove(connection, operator_sessions, operator_sessions.c.until_at < now),
            _remove(connection, lookers, lookers.c.until_at < now),
            _remove(connection, lookups, lookups.c.until_at < now),
            _remove(connection, api_answers, api_answers.c.until_at < now),
            _remove(connection, reminders, reminders.c.told_at < now - keep.metadata),
            _remove(
                connection,
                boss_events,
                (boss_events.c.done_at > 0) & (boss_events.c.received_at < now - keep.events),
            ),
            _remove(connection, door_requests, door_requests.c.id < old),
            _forget_answers(connection, now),
            _remove(connection, menu_records, menu_records.c.id < wordless),
            _remove(connection, menu_use, menu_use.c.day < (now - keep.metadata) // DAY),
            _remove(
                connection, edition_counts, edition_counts.c.minute < (now - keep.counts) // 60
            ),
            _remove(connection, strikes, strikes.c.struck_at < now - keep.strikes),
            _remove(connection, unasked, unasked.c.due_at < now - keep.metadata),
            _wipe_said(connection, now - keep.content),
            _remove(connection, dialogues, dialogues.c.until_at < now),
            _remove(connection, slot_changes, slot_changes.c.at_ms < old_ms),
            _remove(connection, binds, (binds.c.ended_ms > 0) & (binds.c.ended_ms < old_ms)),
        ]
    )


def _wipe_said(connection: Connection, before: int) -> int:
    """Forget the words of up to STEP reminders and notices that wait no more."""
    old = (unasked.c.due_at < before) & unasked.c.text_sealed.is_not(None) & (unasked.c.state != 0)
    some = select(unasked.c.id).where(old).limit(STEP)
    wiped = update(unasked).where(unasked.c.id.in_(some)).values(text_sealed=None)
    return connection.execute(wiped).rowcount


def _remove(connection: Connection, table: Table, condition: ColumnElement[bool]) -> int:
    """Delete up to STEP rows."""
    key = tuple_(*table.primary_key)
    some = select(*table.primary_key).where(condition).limit(STEP)
    return connection.execute(delete(table).where(key.in_(some))).rowcount


def _forget_answers(connection: Connection, now: int) -> int:
    """What other interfaces were answered, up to STEP of it."""
    columns = door_requests.c
    over = (columns.kept_until < now) & columns.answer_sealed.is_not(None)
    some = select(columns.id).where(over, columns.until_at < now).limit(STEP)
    wiped = update(door_requests).where(columns.id.in_(some)).values(answer_sealed=None)
    return connection.execute(wiped).rowcount


def _wipe(
    connection: Connection, table: Table, before: int, waits: ColumnElement[bool] = _NEVER
) -> int:
    """Forget the words of up to STEP messages; of those that wait to be sent only when they have
    been. How far it came is kept, so that hardly a row is read twice."""
    mark = f"wiped {table.name}"
    kept = connection.execute(select(meta.c.value).where(meta.c.name == mark)).scalar()
    wordy = (table.c.id > int(kept or 0)) & (table.c.id < before) & table.c.text_sealed.is_not(None)
    step = select(table.c.id).where(wordy, ~waits).order_by(table.c.id).limit(STEP)
    ids = connection.execute(step).scalars().all()
    if not ids:
        return 0
    wiped = update(table).where(wordy, ~waits, table.c.id <= ids[-1])
    connection.execute(wiped.values(text_sealed=None))
    waiting = connection.execute(select(func.min(table.c.id)).where(waits)).scalar()
    upto = ids[-1] if waiting is None else min(ids[-1], waiting - 1)
    row = inserting(connection, meta).values(name=mark, value=str(upto))
    row = row.on_conflict_do_update(index_elements=["name"], set_={"value": str(upto)})
    connection.execute(row)
    return len(ids)
