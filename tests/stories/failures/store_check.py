"""What subscribers were told, held against the store: nothing lost, nothing done twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, Table, select, text

from commands.model.request import Secret
from gateway.store.ports.passwords import password_mark
from gateway.store.store import Store
from gateway.store.tables import inbox, ledger, orders, outbox, subscribers, subscriptions
from simulators.smsc.audit import WrittenText
from tests.stories.failures.talker import Talker

LATE, LATE_FOR = 3.0, 60.0
"""Seconds from which an answer is late, and for which what comes after it may be a repetition
(docs/cluster.md, What may be taken for a repetition)."""


def differences(store: Store, talkers: Sequence[Talker]) -> list[str]:
    """Everything that does not add up, in words."""
    return [
        *_broken(store),
        *_messages(store, talkers),
        *_accounts(store, talkers),
        *_services(store, talkers),
        *_orders(store, talkers),
        *_passwords(talkers),
    ]


def _broken(store: Store) -> Iterator[str]:
    if store.engine.dialect.name != "sqlite":
        return
    with store.transaction() as connection:
        said = connection.execute(text("PRAGMA integrity_check")).scalars().all()
    if said != ["ok"]:
        yield f"the store is broken: {said}"


def _messages(store: Store, talkers: Sequence[Talker]) -> Iterator[str]:
    """Each message was served as a new one exactly once, and has one answer, which has left. What
    was said again on purpose may have been taken for the first, if that was answered late."""
    served = _by_phone(store, inbox, "phone")
    answers = {row.id: row for row in _all(store, select(outbox))}
    for talker in talkers:
        new = [row for row in served[talker.number] if not row.same_as and row.action != "part"]
        doubtful = sum(_may_be_a_repetition(*pair) for pair in talker.said_again)
        if not len(talker.sent) - doubtful <= len(new) <= len(talker.sent):
            actions = [row.action for row in new]
            yield f"{talker.number} sent {talker.sent}; as new were served {actions}"
        for row in new:
            if row.id + 1 not in answers:
                yield f"{talker.number}: {row.action} was kept without its answer"
    # what was to leave later, such as the question how it was, may still be there
    due = [row for row in answers.values() if not row.after_ms]
    waiting = [row.id for row in due if row.state != 1]
    if waiting:
        yield f"never taken: {len(waiting)} answers, such as {waiting[0]}"


def _may_be_a_repetition(first: WrittenText, again: WrittenText) -> bool:
    """Whether the second of the same words came soon after a late answer to the first."""
    answered = max(mo.attempts[-1].answered_at or 0.0 for mo in first.mos)
    late = answered - min(mo.attempts[0].sent_at for mo in first.mos) >= LATE
    return late and again.mos[0].attempts[0].sent_at <= answered + LATE_FOR


def _accounts(store: Store, talkers: Sequence[Talker]) -> Iterator[str]:
    """Each fee was booked once, and the balance is what the ledger says."""
    booked = _by_phone(store, ledger, "msisdn")
    accounts = _by_phone(store, subscribers, "msisdn")
    for talker in talkers:
        (account,), expected = accounts[talker.number], talker.expected
        fees = [(row.reason, -row.fen) for row in booked[talker.number]]
        if Counter(fees) != Counter(expected.fees):
            yield f"{talker.number} agreed to {expected.fees}, and was charged {fees}"
        start = talker.persona.account.balance_fen
        if account.balance_fen != start - sum(fen for _, fen in fees):
            yield f"{talker.number}: {start} less {fees} is not {account.balance_fen}"
        mark = password_mark(store.seal, talker.number, Secret(expected.password))
        if account.password_mark != mark:
            yield f"{talker.number}: the password is not the one last told or set"


def _services(store: Store, talkers: Sequence[Talker]) -> Iterator[str]:
    held = _by_phone(store, subscriptions, "msisdn")
    for talker in talkers:
        expected, rows = talker.expected, held[talker.number]
        if Counter(row.service for row in rows) != Counter(expected.opened):
            services = [row.service for row in rows]
            yield f"{talker.number} ordered {expected.opened}, and has had {services}"
        running = [row.service for row in rows if not row.until_at]
        if running != [name for name in [expected.running] if name]:
            yield f"{talker.number} should have {expected.running or 'nothing'}, has {running}"


def _orders(store: Store, talkers: Sequence[Talker]) -> Iterator[str]:
    """Every order was confirmed once; none still waits but those whose question was forgotten."""
    placed = _by_phone(store, orders, "phone")
    for talker in talkers:
        states = Counter(row.state for row in placed[talker.number])
        if states["done"] != talker.expected.confirmed:
            yield f"{talker.number} confirmed {talker.expected.confirmed}, the store has {states}"
        if states["waiting"] > talker.forgotten:
            yield f"{talker.number}: an order still waits, {states}"


def _passwords(talkers: Iterable[Talker]) -> Iterator[str]:
    """Whoever asked once for a password was told one, however often."""
    for talker in talkers:
        if len(set(talker.passwords)) > 1:
            yield f"{talker.number} asked once and was told {set(talker.passwords)}"


def _by_phone(store: Store, table: Table, column: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in _all(store, select(table).order_by(*table.primary_key)):
        found[str(getattr(row, column))].append(row)
    return found


def _all(store: Store, query: Select[Any]) -> Sequence[Any]:
    with store.transaction() as connection:
        return connection.execute(query).all()
