"""An edition that is tried out, or has just been published, is watched, and taken back by itself
where it does worse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final, NamedTuple

from gateway.config.editions.edition import DecisionKind, EditionDecision
from gateway.config.sections.edition_settings import EditionSettings
from gateway.dialogue.editions_in_force import Canary, EditionsInForce, drawn
from gateway.editions.judging import HOUR_BEFORE, OTHERS, Counts, why_taken_back
from gateway.editions.loading import TAKEN_UP
from gateway.editions.publishing import NotPublished, Publisher
from gateway.model.editions.edition_outcomes import Outcome
from gateway.model.operators.audit import Actor
from gateway.store.connection import Connection
from gateway.store.editions.editions import SqlEditions
from gateway.store.editions.outcomes import SqlOutcomes
from gateway.store.operators.audit import SqlAudit
from gateway.store.store import Store

ITSELF: Final = "the hall itself"
BEFORE: Final = 3_600  # seconds before a publish with which what comes after it is compared
SETTLED: Final = 180
"""Seconds that a walk is given to lead to something, where nothing that began in the same minutes
is beside it: hardly anybody is on his way for longer, and who has just begun is not lost yet."""
_PUBLISHES: Final = {DecisionKind.PUBLISHED, DecisionKind.PROMOTED}


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


def is_watched(last: EditionDecision | None, rules: EditionSettings, now: int) -> bool:
    """Whether it was published for everybody so shortly ago that it may be taken back by itself."""
    if last is None or last.canary or last.what not in _PUBLISHES:
        return False
    return last.at + TAKEN_UP <= now < last.at + rules.watched


def watch_published(
    store: Store, last: EditionDecision, rules: EditionSettings, now: int
) -> EditionDecision | None:
    """That it was taken back just now, and why. Two gateways that do so at once do it once."""
    if not is_watched(last, rules, now):
        return None
    with store.reading() as connection:
        after, before = beside_hour_before(connection, last, now)
    if not (reason := why_taken_back(after, before, rules.alone(), HOUR_BEFORE)):
        return None
    with store.transaction() as connection:
        return _roll_back(store, connection, last, reason, now)


class Compared(NamedTuple):
    """What is counted of an edition, and of what it is held against."""

    tried: Counts
    base: Counts
    beside: str  # what the base is: OTHERS or HOUR_BEFORE


def compared_now(
    connection: Connection, last: EditionDecision | None, rules: EditionSettings, now: int
) -> Compared | None:
    """While a version is tried out, how it does beside the other; while one that was published is
    watched, beside the hour before."""
    if last is not None and last.canary:
        return Compared(*counts_of(connection, last), OTHERS)
    if last is not None and is_watched(last, rules, now):
        return Compared(*beside_hour_before(connection, last, now), HOUR_BEFORE)
    return None


def beside_hour_before(
    connection: Connection, last: EditionDecision, now: int
) -> tuple[Counts, Counts]:
    """What is counted of an edition since all gateways have it, and not of when it was in force
    earlier; and of all others in the hour before it was published. Walks that are not `SETTLED` are
    left out."""
    outcomes, since, settled = SqlOutcomes(connection), last.at + TAKEN_UP, now - SETTLED
    found = outcomes.since(since, walks_until=settled)
    ours = {channel: counts for (one, channel), counts in found.items() if one == last.version}
    others: dict[str, Counter[Outcome]] = {}
    for (version, channel), counts in outcomes.since(last.at - BEFORE, settled).items():
        if version != last.version:
            others.setdefault(channel, Counter()).update(counts)
    many = len(outcomes.complaints_since(since))
    earlier = len(outcomes.complaints_since(last.at - BEFORE)) - many
    return Counts(ours, many), Counts(others, earlier)


def _roll_back(
    store: Store, connection: Connection, last: EditionDecision, reason: str, now: int
) -> EditionDecision | None:
    """If nobody has decided anything else meanwhile, and there is something to go back to."""
    editions = SqlEditions(connection)
    editions.lock()
    if editions.last_decision() != last:
        return None
    try:
        came = Publisher(editions, ITSELF, now, reason).roll_back()
    except NotPublished:
        return None
    _note(store, connection, last.version, came, now)
    return came


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
    came = EditionDecision(now, ITSELF, reason, DecisionKind.CANARY_ENDED, last.version)
    editions.decide(came)
    _note(store, connection, version, came, now)
    return True


def _note(
    store: Store, connection: Connection, version: str, came: EditionDecision, now: int
) -> None:
    """In the audit."""
    actor = Actor("system", "system")
    result = f"edition {version} taken back by itself; {came.version} is in force"
    entry = actor.did("editions.change", now, reason=came.reason, result=result)
    SqlAudit(connection, store.seal).append(entry)
