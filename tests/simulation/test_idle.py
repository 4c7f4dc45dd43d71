"""What gateways ask of the store while nothing happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.event import listen, remove

from simulators.smsc.settings import SmscSettings
from tests.simulation import template
from tests.simulation.hall import Hall
from tests.simulation.test_once import LINK
from tests.simulation.world import World

SECONDS = 10.0


def test_while_nobody_can_have_written_for_them_two_gateways_look_rarely() -> None:
    """Twice a second each, as one that is alone; ten times where one cannot send what it writes."""
    world = World(1)
    with template.fresh_store() as store:
        hall = Hall(world, store, [], [], [], links=[LINK], terms=SmscSettings(), gateways=2)
        try:
            hall.open()
            assert world.run(lambda: len(hall.smsc.links) == 2, 60.0)
            world.run(lambda: False, 3.0)
            with looks() as idle:
                world.run(lambda: False, SECONDS)
            hall.smsc.deafen()
            hall.smsc.drop(hall.smsc.links[0])
            world.run(lambda: False, 3.0)
            with looks() as given:
                world.run(lambda: False, SECONDS)
        finally:
            hall.leave()
    assert len(idle) <= 2 * 2 * SECONDS + 2
    assert len(given) >= 9 * SECONDS


@contextmanager
def looks() -> Iterator[list[str]]:
    """For what others have written."""
    found: list[str] = []

    def asked(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        if "AND handed" in sql:
            found.append(sql)

    listen(Engine, "before_cursor_execute", asked)
    try:
        yield found
    finally:
        remove(Engine, "before_cursor_execute", asked)
