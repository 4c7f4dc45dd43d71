"""An SMSC that stands still for longer than it waits for answers: when it goes on it delivers again
first, and reads then what we had answered in time."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import create_engine, func, select

from gateway.store.tables import inbox
from simulators.smsc.settings import SmscSettings
from tests.simulation import template
from tests.simulation.hall import Hall
from tests.simulation.people import Account, Person, Turn
from tests.simulation.test_once import LINK, NUMBER
from tests.simulation.world import World

SENT = 0.01  # seconds in which what is written is on the wire


@pytest.mark.parametrize(
    ("waits", "read_after", "still", "seed"),
    [
        (10.0, 1.0, 10.2, 2),
        (10.0, 2.9, 12.0, 2),
        (5.0, 1.0, 5.2, 2),
        (5.0, 1.0, 5.2, 4),
    ],
)
def test_what_it_brings_again_then_is_known(
    waits: float, read_after: float, still: float, seed: int
) -> None:
    """Though the gateway read it only after a moment, and so believes that it was answered sooner
    than the SMSC gave up; by whichever of its links it comes. `waits`: the SMSC, for an answer;
    all in seconds."""
    world = World(seed)
    chance = Random(seed)
    terms = SmscSettings(
        response_timeout=waits, rank=lambda room: chance.random() if room >= 1 else -1.0
    )
    with template.fresh_store() as store:
        person = Person(NUMBER, Account(0), [Turn("CD", lambda account, shown: account, 3.0)])
        hall = Hall(world, store, [person], [], [], links=[LINK], terms=terms, gateways=2)

        def stands_still() -> None:
            for place in hall.places:
                place.process.freeze(read_after)
            hall.smsc_process.callLater(SENT, hall.smsc_process.freeze, still)

        hall.when_somebody_writes.append(stands_still)
        try:
            hall.open()
            world.run(lambda: bool(person.shown), 60.0)
            assert world.run(hall.settled, 60.0)
        finally:
            hall.leave()
        engine = create_engine(f"sqlite:///{store}")
        with engine.connect() as connection:
            new = select(func.count()).select_from(inbox).where(inbox.c.same_as == 0)
            served = connection.execute(new).scalar_one()
        engine.dispose()
    (written,) = hall.smsc.audit.written()
    assert len(written.attempts) > 1
    assert served == 1, "\n".join(map(str, world.tale))
