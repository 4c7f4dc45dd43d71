"""Several gateways on one store, in every order of steps: the rules hold, and each is needed."""

from __future__ import annotations

import pytest

from tests.model.spin import Sizes, check

pytestmark = [pytest.mark.service, pytest.mark.slow]

SOUND: dict[str, Sizes] = {
    "nothing happens, three messages": {"MESSAGES": 3},
    "two subscribers": {"SUBSCRIBERS": 2},
    "a crash": {"CRASHES": 1},
    "a freeze": {"FREEZES": 1},
    "no way to the store": {"CUTS": 1},
    "a bind is lost": {"LOST_BINDS": 1},
    "the SMSC does not wait": {"TIMEOUTS": 1},
    "the store fails over": {"FAILOVERS": 1},
    "the store fails over twice": {"FAILOVERS": 2},
    "a gateway leaves": {"LEAVES": 1},
    "one message: the store fails over at a crash": {"MESSAGES": 1, "CRASHES": 1, "FAILOVERS": 1},
    "one message: the store fails over at a freeze": {"MESSAGES": 1, "FREEZES": 1, "FAILOVERS": 1},
    "one message: sent elsewhere at a freeze": {"MESSAGES": 1, "FREEZES": 1, "TIMEOUTS": 1},
    "one message: in doubt at a lost bind": {"MESSAGES": 1, "LOST_BINDS": 1, "FAILOVERS": 1},
}
"""What may happen, and to how much."""

SETTLES_NOTHING = "holder["
EFFECT_ONCE = "effects["
IN_ORDER = "times_sent[i]>0"
NO_REPETITION = "<=(1+allowed"
NOTHING_LOST = "row[i]==2"

NEEDED: dict[str, tuple[Sizes, str]] = {
    "fence": ({"WITHOUT_FENCE": 1, "FREEZES": 1}, SETTLES_NOTHING),
    "wait at join": ({"WITHOUT_WAIT_AT_JOIN": 1}, IN_ORDER),
    "owner look-up": ({"WITHOUT_OWNER_LOOKUP": 1}, IN_ORDER),
    "redelivery look-up": ({"WITHOUT_REDELIVERY_LOOKUP": 1, "LOST_BINDS": 1}, EFFECT_ONCE),
    "letting go before others take": ({"WITH_LATE_LETTING_GO": 1, "FREEZES": 1}, NO_REPETITION),
    "refusal after a standstill": (
        {
            "WITHOUT_REFUSAL_AFTER_STANDSTILL": 1,
            "BOTH": 1,
            "MESSAGES": 1,
            "FREEZES": 1,
            "TIMEOUTS": 1,
        },
        EFFECT_ONCE,
    ),
    "check of the owner at commit": (
        {"WITHOUT_CHECK_OF_THE_OWNER": 1, "CRASHES": 1},
        NOTHING_LOST,
    ),
    "look for rows that others wrote": (
        {"WITHOUT_LOOK_FOR_HANDED_ROWS": 1, "MESSAGES": 3},
        IN_ORDER,
    ),
    "look for what came meanwhile": (
        {"WITHOUT_LOOK_FOR_WHAT_CAME_MEANWHILE": 1, "LOST_BINDS": 1},
        EFFECT_ONCE,
    ),
    "note of a commit in doubt": ({"WITHOUT_NOTE_OF_DOUBT": 1, "FAILOVERS": 1}, EFFECT_ONCE),
    "note of a late answer": ({"WITHOUT_NOTE_OF_LATE_ANSWERS": 1, "TIMEOUTS": 1}, EFFECT_ONCE),
    "network that tells of its end": ({"WITH_SILENT_NETWORK": 1, "LOST_BINDS": 1}, EFFECT_ONCE),
}
"""A rule that is taken out, and what goes wrong then."""


@pytest.mark.parametrize("sizes", SOUND.values(), ids=SOUND.keys())
def test_the_rules_hold_in_every_run(sizes: Sizes) -> None:
    """Acknowledged is not lost, effects happen once, replies are in order, none is sent twice but
    for a misfortune that excuses it, and who was taken over settles nothing."""
    verdict = check(sizes)
    assert not verdict.errors, "\n".join([verdict.wrong, *map(str, verdict.way)])
    assert verdict.complete, verdict.report
    assert verdict.states > 500, "it has hardly begun"


@pytest.mark.parametrize(("sizes", "broken"), NEEDED.values(), ids=NEEDED.keys())
def test_each_rule_is_needed(sizes: Sizes, broken: str) -> None:
    """Without it there is a run, which Spin finds, that does what must not happen."""
    verdict = check(sizes, quick=True)
    print(f"without it: {verdict.wrong}", *verdict.way, sep="\n")
    assert verdict.errors, "nothing is wrong without it"
    assert broken in verdict.wrong.replace(" ", "")
    assert "arrive" in [step.name for step in verdict.way], "the way there cannot be read"
