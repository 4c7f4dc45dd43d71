"""A seed, its story, and what was wrong with it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from simulators.smsc.settings import SmscSettings
from tests.simulation import template
from tests.simulation.callers import callers
from tests.simulation.checks import findings
from tests.simulation.conversations import people
from tests.simulation.diallers import diallers
from tests.simulation.hall import Hall, library_errors
from tests.simulation.template import CARDS, PEOPLE
from tests.simulation.troubles import make_peace, make_trouble
from tests.simulation.world import BEGINS, Stuck, World

GATEWAYS: Final = (1, 2, 2, 3)
"""That serve one store together."""
BINDS: Final = (1, 1, 2)
"""Of a link of each of them."""
PEACE: Final = 1_200.0  # seconds in which all must be settled, once nothing goes wrong any more


@dataclass
class Story:
    seed: int
    tale: list[tuple[float, str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    events: int = 0
    lasted: float = 0.0  # seconds of the world
    took: float = 0.0  # seconds of the processor
    log: str = ""

    def lines(self) -> Iterator[str]:
        """As a reader would tell it."""
        yield f"seed {self.seed}: {self.events} events in {self.lasted:.0f} seconds"
        for at, who, what in self.tale:
            moment = time.strftime("%H:%M:%S", time.gmtime(BEGINS + 8 * 3600 + at))
            yield f"  {moment}{at % 1:.3f}".replace("0.", ".", 1) + f"  {who:<12} {what}"
        yield "what is wrong:"
        yield from (f"  - {each}" for each in self.wrong)


def tell(seed: int, only: str = "") -> Story:
    """Everything about it is decided by the seed; and with it, if `only` one kind of trouble is."""
    began = time.process_time()
    chance = Random(f"story {seed}")
    world, story = World(seed), Story(seed)
    with template.fresh_store() as store, library_errors(world):
        hall = _hall(world, chance, store)
        try:
            _play(hall, chance, story, only)
        except Stuck as stuck:
            story.wrong.append(str(stuck))
        finally:
            hall.leave()
        story.log = "".join(
            f"{place.name}: {line}\n"
            for place in hall.places
            for line in place.log.getvalue().decode().splitlines()
        )
    story.tale, story.events, story.lasted = world.tale, world.happened, world.now
    story.took = time.process_time() - began
    return story


def _hall(world: World, chance: Random, store: Any) -> Hall:
    cards = chance.sample(range(1, CARDS + 1), CARDS)
    places = chance.sample(range(1, PEOPLE + 1), chance.randint(1, 5))
    count = chance.choice([0, 0, 1, 2])
    writing = people(chance, places[count:], cards, chance.randint(3, 9))
    dialling = diallers(chance, places[:count], cards)
    transceiver = chance.random() < 0.7
    link = {
        "name": "smsc-a",
        "bind": "transceiver" if transceiver else "transmitter+receiver",
        "binds": chance.choice(BINDS),
        "window": chance.choice([1, 4, 16]),
        "system_id": "hallgate",
        "password": "secret",
        "ussd": "its_session_info",
        "receipts": chance.choice(["all", "none", "all"]),
        "long_messages": chance.choice(["udh8", "udh16", "payload"]),
    }
    terms = SmscSettings(
        window=chance.choice([1, 4, 10]),
        ids=chance.choice(["hex", "decimal"]),
        rank=lambda room: chance.random() if room >= 1 else 0.0,
    )
    gateways = chance.choice(GATEWAYS)
    calling = callers(chance, chance.choice([0, 0, 0, 1, 2]))
    hall = Hall(
        world, store, writing, dialling, calling, links=[link], terms=terms, gateways=gateways
    )
    hall.network.cut_into_pieces = chance.random() < 0.3
    hall.late = chance.choice([0, 0, 1]) if gateways > 1 else 0
    wrong = chance.choice([0.0, 0.25])
    for place in hall.places:
        place.clock_is_wrong = chance.uniform(-wrong, wrong)
    _on_machines(hall, chance)
    hall.takes_its_time = link["window"] != 1 and chance.random() < 0.5
    return hall


def _on_machines(hall: Hall, chance: Random) -> None:
    """Together on one, or each on its own, where it is known that a gateway has died; or in
    containers, where it is not."""
    one: set[str] = set()
    where = chance.choice(["one", "own", "containers"])
    for place in hall.places:
        place.buried = {"one": one, "own": set[str](), "containers": None}[where]


def _play(hall: Hall, chance: Random, story: Story, only: str) -> None:
    hall.open()
    often = chance.choice([0, 1, 3, 5, 8, 12])
    within = chance.uniform(8.0, 30.0)
    troubles = make_trouble(hall, within, often, only)
    hall.world.run(lambda: False, within if troubles else 0.0)
    make_peace(hall)
    if not hall.world.run(hall.settled, PEACE):
        story.wrong.append("it never came to an end")
    if not hall.close():
        story.wrong.append("the gateway does not end when it is asked to")
    story.wrong += findings(hall, calm=not troubles)
