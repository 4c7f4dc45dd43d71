"""An edition that is tried out is watched, and taken back by itself where it does worse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gateway.config.edition_settings import EditionSettings
from gateway.config.editions.edition import DecisionKind, EditionDecision
from gateway.dialogue.editions_in_force import Canary, EditionsInForce, drawn
from gateway.editions.judging import Counts, why_taken_back
from gateway.editions.loading import TAKEN_UP
from gateway.model.operators.audit import Actor
from gateway.store.connection import Connection
from gateway.store.editions.editions import SqlEditions
from gateway.store.editions.outcomes import SqlOutcomes
from gateway.store.operators.audit import SqlAudit
from gateway.store.store import Store

ITSELF: Final = "the hall itself"
KEPT: Final = 30 * 24 * 3600  # seconds for which counts are kept


def watch(store: Store, editions: EditionsInForce, rules: EditionSettings, now: int) -> str:
    """Why the edition that is tried out was taken back just now; empty: it was not. Two gateways
    that do so at once do it once."""
    canary = editions.canary
    if canary is None or now < canary.since:
        return ""
    with store.reading() as connection:
        reason = _why(connection, editions.base.version, canary, rules)
    if not reason:
        return ""
    with store.transaction() as connection:
        return reason if _take_back(store, connection, canary, reason, now) else ""


def _why(connection: Connection, base: str, canary: Canary, rules: EditionSettings) -> str:
    outcomes = SqlOutcomes(connection)
    tried, held = compared(outcomes, base, canary.snapshot.version, canary.since, canary.for_)
    return why_taken_back(tried, held, rules)


def compared(
    outcomes: SqlOutcomes, base: str, tried: str, since: int, chosen: Callable[[str], bool]
) -> tuple[Counts, Counts]:
    """What is counted of an edition that is tried out since then, and of the one in force."""
    found = outcomes.since(since)
    complained = [chosen(phone) for phone in outcomes.complaints_since(since)]
    each = [
        {channel: counts for (version, channel), counts in found.items() if version == one}
        for one in (tried, base)
    ]
    many = complained.count(True)
    return Counts(each[0], many), Counts(each[1], len(complained) - many)


def counts_of(connection: Connection, last: EditionDecision) -> tuple[Counts, Counts]:
    """The same, of the edition that is tried out by this decision."""

    def chosen(phone: str) -> bool:
        return phone in last.numbers or drawn(last.canary, phone) < last.share

    outcomes = SqlOutcomes(connection)
    return compared(outcomes, last.version, last.canary, last.at + TAKEN_UP, chosen)


def _take_back(store: Store, connection: Connection, canary: Canary, reason: str, now: int) -> bool:
    """If nobody has decided anything else meanwhile."""
    editions, version = SqlEditions(connection), canary.snapshot.version
    editions.lock()
    last = editions.last_decision()
    if last is None or last.canary != version or last.at + TAKEN_UP != canary.since:
        return False
    editions.decide(EditionDecision(now, ITSELF, reason, DecisionKind.CANARY_ENDED, last.version))
    SqlOutcomes(connection).forget(now - KEPT)
    actor = Actor("system", "system")
    result = f"edition {version} taken back by itself; {last.version} is in force"
    entry = actor.did("editions.change", now, reason=reason, result=result)
    SqlAudit(connection, store.seal).append(entry)
    return True
