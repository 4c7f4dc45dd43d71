"""Moments in which the same answer left twice once."""

from __future__ import annotations

from random import Random

from simulators.smsc.settings import SmscSettings
from tests.simulation import template
from tests.simulation.hall import Hall
from tests.simulation.people import Account, Person, Turn
from tests.simulation.world import World

NUMBER = "13900000001"
LINK = {
    "name": "smsc-a",
    "bind": "transceiver",
    "window": 4,
    "system_id": "hallgate",
    "password": "secret",
}


def test_who_is_asked_to_end_waits_until_what_was_taken_is_kept() -> None:
    """The store was away when the SMSC took an answer, and its gateway was asked to end. Another
    would have sent it again."""
    world = World(1)
    with template.fresh_store() as store:
        person = Person(NUMBER, Account(0), [Turn("CD", lambda account, shown: account, 3.0)])
        terms = SmscSettings(rank=lambda room: Random(1).random())
        hall = Hall(world, store, [person], [], [], links=[LINK], terms=terms, gateways=2)

        def taken(number: str, message: object) -> None:
            hall.trouble.away = True
            hall.later((0.1, 0.1), hall.place_of(hall.smsc.audit.mts[-1].link).end)
            hall.later((3.0, 3.0), hall.trouble.clear)

        hall.smsc.watch(taken)
        try:
            hall.open()
            world.run(lambda: bool(person.shown), 60.0)
            assert world.run(hall.settled, 60.0)
            world.run(lambda: False, 30.0)
        finally:
            hall.leave()
    assert len(person.shown) == 1, "\n".join(map(str, world.tale))
