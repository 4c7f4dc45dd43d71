"""What an auditor should look at."""

from __future__ import annotations

from dataclasses import replace

from gateway.model.operators.audit import Actor, AuditRecord
from gateway.operators.suspicions import (
    AT_NIGHT,
    HOUR,
    IN_BULK,
    NO_TICKET,
    SuspicionRules,
    suspicions,
)
from tariffs.catalogue import SHANGHAI
from tests.gateway.messages import NOON, ZHANG

RULES = SuspicionRules(SHANGHAI, bulk=3)
WANG = Actor("8001", "192.0.2.7")
DAY = 24 * HOUR


def look(n: int, at: float = NOON, number: str = ZHANG, who: Actor = WANG) -> AuditRecord:
    return AuditRecord(n, who.did("subscribers.reveal", at, subscriber=number), "")


def found(*records: AuditRecord, ticket: bool = True) -> list[tuple[int, tuple[str, ...]]]:
    return [(s.record.id, s.why) for s in suspicions(records, lambda *_: ticket, RULES)]


def test_a_look_by_day_with_a_ticket_is_none() -> None:
    assert found(look(1)) == []


def test_a_look_without_a_ticket() -> None:
    """Whether a reason names one is asked with whose it would have to be."""
    asked: list[tuple[str, str]] = []
    record = AuditRecord(1, WANG.did("tickets.read", NOON, subscriber=ZHANG, reason="why"), "")

    def names(subscriber: str, reason: str) -> bool:
        asked.append((subscriber, reason))
        return False

    assert [s.why for s in suspicions([record], names, RULES)] == [(NO_TICKET,)]
    assert asked == [(ZHANG, "why")]


def test_a_look_at_night() -> None:
    """22:00 to 6:00 where the operator is."""
    hours = {n: look(n, NOON - 12 * HOUR + n * HOUR) for n in range(24)}
    night = {n for n, record in hours.items() if found(record) == [(n, (AT_NIGHT,))]}
    assert night == {22, 23, 0, 1, 2, 3, 4, 5}


def test_looks_in_bulk() -> None:
    """More different numbers within an hour than the rule allows, by one operator."""
    numbers = [str(int(ZHANG) + n) for n in range(6)]
    quick = [look(n, NOON + n * 60, number) for n, number in enumerate(numbers)]
    assert found(*quick) == [(3, (IN_BULK,)), (4, (IN_BULK,)), (5, (IN_BULK,))]
    slow = [look(n, NOON + n * 1_201, number) for n, number in enumerate(numbers[:4])]
    assert found(*slow) == []
    same = [look(n, NOON + n) for n in range(20)]
    assert found(*same) == []
    two = [look(n, NOON + n, number, Actor(str(n % 2), "x")) for n, number in enumerate(numbers)]
    assert found(*two) == []


def test_acts_and_looks_at_the_audit_itself_are_none() -> None:
    for action in ("subscribers.screen", "tickets.close", "audit.read", "audit.export"):
        record = look(1, NOON - 10 * HOUR)
        entry = replace(record.entry, action=action)
        assert found(replace(record, entry=entry), ticket=False) == []
    nobody = replace(look(1).entry, subscriber="")
    assert found(replace(look(1), entry=nobody), ticket=False) == []
