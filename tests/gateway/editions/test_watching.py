"""An edition that was published for everybody is compared with the hour before, and taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from gateway.config.editions.edition import FROM_CONF, DecisionKind, Edition, EditionDecision
from gateway.config.sections.edition_settings import EditionSettings
from gateway.editions.loading import TAKEN_UP
from gateway.editions.plain_outcomes import PlainOutcomes
from gateway.editions.publishing import Publisher
from gateway.editions.watching import ITSELF, SETTLED, watch_published
from gateway.model.editions.edition_outcomes import EditionOutcome, Outcome
from gateway.store.editions.editions import SqlEditions
from gateway.store.editions.outcomes import SqlOutcomes
from gateway.store.operators.audit import SqlAudit
from gateway.store.store import Store
from tests.gateway.messages import NOON

NOW = int(NOON)
RULES = EditionSettings()
BEFORE, AFTER = "aaaaaaaaaaaa", "bbbbbbbbbbbb"


def published(store: Store, version: str = AFTER, at: int = NOW) -> EditionDecision:
    """For everybody, where gateways served what lay in conf/."""
    with store.transaction() as connection:
        editions = SqlEditions(connection)
        editions.keep(Edition(BEFORE, at - 7_200, FROM_CONF, "", {}))
        editions.keep(Edition(version, at, "li", "", {}))
        return Publisher(editions, "li", at).put_in_force(version)


def came(store: Store, version: str, at: int, **counts: int) -> None:
    """Of short messages."""
    came_by(store, version, at, "sms", counts)


def came_by(store: Store, version: str, at: int, channel: str, counts: Mapping[str, int]) -> None:
    with store.transaction() as connection:
        SqlOutcomes(connection).add(
            {
                EditionOutcome(at // 60, version, channel, Outcome(what)): times
                for what, times in counts.items()
            }
        )


def last(store: Store) -> EditionDecision | None:
    with store.reading() as connection:
        return SqlEditions(connection).last_decision()


FINE = {"served": 2_000, "failed": 2, "begun": 1_998, "reached": 1_900}
BAD = {"served": 300, "failed": 30, "begun": 270, "reached": 250}
UNKNOWN = {"served": 300, "begun": 300, "reached": 150}


@pytest.mark.parametrize(("came_of", "told"), [(BAD, "not be served"), (UNKNOWN, "led to nothing")])
def test_what_does_worse_than_the_hour_before_is_rolled_back(
    sqlite_store: Store, came_of: dict[str, int], told: str
) -> None:
    """Once, with the reason, in the audit; what was before is in force again."""
    decided = published(sqlite_store)
    came(sqlite_store, BEFORE, NOW - 600, **FINE)
    came(sqlite_store, AFTER, NOW + 60, **came_of)
    back = watch_published(sqlite_store, decided, RULES, NOW + 90)
    assert back is not None
    assert told in back.reason
    assert back == last(sqlite_store)
    assert (back.what, back.author, back.version) == (DecisionKind.ROLLED_BACK, ITSELF, BEFORE)
    assert watch_published(sqlite_store, decided, RULES, NOW + 91) is None
    assert watch_published(sqlite_store, back, RULES, NOW + 120) is None
    with sqlite_store.reading() as connection:
        (noted,) = list(SqlAudit(connection, sqlite_store.seal).all())
    assert AFTER in noted.entry.result
    assert "taken back by itself" in noted.entry.result


@pytest.mark.parametrize(
    ("came_of", "after", "rules"),
    [
        (FINE, 90, RULES),
        ({"served": 60, "failed": 30}, 90, RULES),  # too few to say
        ({"served": 1_000, "failed": 18}, 90, RULES),  # within twice the limit
        (BAD, TAKEN_UP - 1, RULES),  # not every gateway has it
        (BAD, 1_801, RULES),  # watched no longer
        (BAD, 90, RULES.model_copy(update={"watched": 0})),
        (BAD, 90, RULES.model_copy(update={"failures": 100.0, "dropouts": 100.0})),
    ],
)
def test_what_is_as_good_or_watched_no_longer_stays(
    sqlite_store: Store, came_of: dict[str, int], after: int, rules: EditionSettings
) -> None:
    decided = published(sqlite_store)
    came(sqlite_store, BEFORE, NOW - 600, **FINE)
    came(sqlite_store, AFTER, NOW + 60, **came_of)
    assert watch_published(sqlite_store, decided, rules, NOW + after) is None
    assert last(sqlite_store) == decided


WALKS = {"begun": 1_000, "reached": 800}
LOST = {"begun": 200, "reached": 80}


@pytest.mark.parametrize("channel", ["ussd", "voice"])
def test_menus_that_lose_people_are_rolled_back(sqlite_store: Store, channel: str) -> None:
    """When they have had the time to get somewhere, and not before."""
    decided = published(sqlite_store)
    came_by(sqlite_store, BEFORE, NOW - 600, channel, WALKS)
    came_by(sqlite_store, AFTER, NOW + 60, channel, LOST)
    on_their_way = NOW + 60 + 59 + SETTLED
    assert watch_published(sqlite_store, decided, RULES, on_their_way) is None
    back = watch_published(sqlite_store, decided, RULES, on_their_way + 1)
    assert back is not None
    assert back.reason == (
        f"{channel}: 60.0 % (120 of 200) led to nothing, 20.0 % (200 of 1000) in the hour before"
    )


@pytest.mark.parametrize(
    ("before", "after", "rules"),
    [
        (WALKS, {"begun": 200, "reached": 130}, RULES),  # within twice the limit
        (WALKS, {"begun": 90, "reached": 0}, RULES),  # too few to say
        ({"begun": 90, "reached": 80}, LOST, RULES),  # with nothing to compare it with
        (WALKS, LOST, RULES.model_copy(update={"dropouts": 100.0})),
    ],
)
def test_menus_that_lose_hardly_more_stay(
    sqlite_store: Store, before: dict[str, int], after: dict[str, int], rules: EditionSettings
) -> None:
    decided = published(sqlite_store)
    came_by(sqlite_store, BEFORE, NOW - 600, "ussd", before)
    came_by(sqlite_store, AFTER, NOW + 60, "ussd", after)
    assert watch_published(sqlite_store, decided, rules, NOW + 600) is None


def test_where_the_hour_before_was_as_bad_it_is_not_the_edition(sqlite_store: Store) -> None:
    decided = published(sqlite_store)
    came(sqlite_store, BEFORE, NOW - 600, served=2_000, failed=210, begun=1_790, reached=1_700)
    came(sqlite_store, AFTER, NOW + 60, **BAD)
    assert watch_published(sqlite_store, decided, RULES, NOW + 90) is None


def test_what_it_did_when_it_was_in_force_earlier_does_not_count(sqlite_store: Store) -> None:
    """Somebody has looked into it, and publishes it once more."""
    came(sqlite_store, AFTER, NOW - 1_200, **BAD)
    came(sqlite_store, BEFORE, NOW - 600, **FINE)
    decided = published(sqlite_store)
    assert watch_published(sqlite_store, decided, RULES, NOW + 90) is None
    came(sqlite_store, AFTER, NOW + 60, **BAD)
    assert watch_published(sqlite_store, decided, RULES, NOW + 90) is not None


def test_what_somebody_has_decided_meanwhile_is_left_alone(sqlite_store: Store) -> None:
    decided = published(sqlite_store)
    came(sqlite_store, AFTER, NOW + 60, **BAD)
    newer = published(sqlite_store, "cccccccccccc", NOW + 70)
    assert watch_published(sqlite_store, decided, RULES, NOW + 90) is None
    assert last(sqlite_store) == newer


def test_what_came_is_told_from_what_is_counted_anyway() -> None:
    """Once, by channel; of texts also what led to nothing."""
    served = Counter({("sms", "q.balance", "ok"): 5, ("sms", "unknown", "ok"): 2})
    plain = PlainOutcomes()
    plain.since(served, BEFORE, NOW)
    served[("sms", "q.balance", "ok")] += 3
    served[("sms", "unknown", "ok")] += 1
    served[("sms", "failed", "failed")] += 2
    served[("ussd", "menu", "ok")] += 4
    found = plain.since(served, AFTER, NOW)
    minute = NOW // 60
    assert found == {
        EditionOutcome(minute, AFTER, "sms", Outcome.SERVED): 6,
        EditionOutcome(minute, AFTER, "sms", Outcome.FAILED): 2,
        EditionOutcome(minute, AFTER, "sms", Outcome.BEGUN): 4,
        EditionOutcome(minute, AFTER, "sms", Outcome.REACHED): 3,
        EditionOutcome(minute, AFTER, "ussd", Outcome.SERVED): 4,
    }
    assert plain.since(served, AFTER, NOW) == {}
