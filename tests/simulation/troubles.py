"""What goes wrong in a story, and when; and how it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from simulators.fault_timing import FaultTiming, always, sometimes, times
from tests.simulation.gateways import Place
from tests.simulation.hall import Hall
from tests.simulation.world import Process

CALM: Final = "nothing goes wrong"
AIMED: Final = 0.8  # the share of those that wait for the next message


@dataclass(frozen=True, slots=True)
class Trouble:
    """`begin` makes it, and says what it was; `end` is called when its time is over."""

    name: str
    begin: Callable[[Hall], str]
    end: Callable[[Hall], None] = lambda hall: None
    lasts: tuple[float, float] = (0.0, 0.0)  # seconds
    hinders: bool = False  # what happens in its time is noted behind it
    aims: bool = False  # it does most harm while a message is on its way


def _kill(hall: Hall) -> str:
    place = hall.world.chance.choice(hall.places)
    place.kill()
    return ""


def _killed_while_nothing_leaves(hall: Hall) -> str:
    """What waits for one subscriber was written by several, in the order of the turns."""
    hall.faults.throttle = always()
    hall.later((0.0, 1.0), hall.everybody_writes)
    hall.later((1.0, 2.0), hall.everybody_writes)
    hall.later((0.5, 6.0), hall.world.chance.choice(hall.places).kill)
    return "the SMSC takes nothing, and somebody will be killed"


def _killed_behind_two_turns(hall: Hall) -> str:
    """The same, and two of them were written so soon one after the other that by the gateways'
    clocks the second may be the first."""
    hall.faults.throttle = always()
    for seconds in (0.5, 0.6):
        hall.later((seconds, seconds), partial(hall.everybody_writes, 0.05))
    hall.later((1.0, 4.0), hall.world.chance.choice(hall.places).kill)
    return "the SMSC takes nothing, everybody writes twice, and somebody will be killed"


def _still_while_nothing_leaves(hall: Hall) -> str:
    """What one has in hand others send while it stands still; it must know that when it goes on."""
    hall.faults.throttle = always()
    place, seconds = hall.world.chance.choice(hall.places), hall.world.chance.uniform(17.0, 40.0)
    hall.later((0.5, 4.0), partial(_freeze, hall, place, seconds))
    return "the SMSC takes nothing, and somebody will stand still"


def _taken_again(hall: Hall) -> None:
    hall.faults.throttle = times(0)


def _dies_at_a_commit(*, kept: bool) -> Callable[[Hall], str]:
    def begin(hall: Hall) -> str:
        place = hall.world.chance.choice(hall.places)
        countdown = hall.trouble.dies_after if kept else hall.trouble.dies_before
        countdown[place.name] = hall.world.chance.choice([0, 0, 1, 1, 2, 5])
        return ""

    return begin


def _ends_in_order(hall: Hall) -> str:
    place = hall.world.chance.choice(hall.places)
    if place.gateway is not None:
        place.stop()
    return ""


def _newcomer_loses_a_link(hall: Hall) -> str:
    """One ends in order and comes back; somebody writes in that moment, and the answer is lost. The
    other must know by then that it is not alone."""
    _ends_in_order(hall)
    hall.when_one_opens += [hall.everybody_writes, partial(_lose_an_answer, hall)]
    return "one will come back, and a link will be lost"


def _lose_an_answer(hall: Hall) -> None:
    hall.faults.drop_before = times(1, "deliver_sm_resp")


def _everybody_complains(hall: Hall) -> str:
    hall.everybody_complains()
    return "everybody complains at once"


def _freeze(hall: Hall, place: Place, seconds: float) -> None:
    place.freeze(seconds)
    hall.hinders(seconds)


def _stands_still(hall: Hall) -> str:
    # an SMSC delivers again what is not answered in 10 seconds, though the link is up
    _freeze(hall, hall.world.chance.choice(hall.places), hall.world.chance.uniform(0.2, 10.0))
    return ""


def _stands_still_for_long(hall: Hall) -> str:
    """A machine that was stopped: another gateway takes over meanwhile, if there is one."""
    _freeze(hall, hall.world.chance.choice(hall.places), hall.world.chance.uniform(10.0, 60.0))
    return ""


def _stands_still_for_too_long(hall: Hall) -> str:
    """For the SMSC, which delivers again by another bind, and not for the others: it is still the
    holder of its slots when it goes on, and finds the first in its sockets."""
    _freeze(hall, hall.world.chance.choice(hall.places), hall.world.chance.uniform(10.1, 14.5))
    return ""


def _busy(hall: Hall) -> str:
    """Its store takes its time, for the work of one gateway. What it has read waits, while the SMSC
    delivers again by another."""
    place = hall.world.chance.choice(hall.places)
    seconds = hall.world.chance.choice([1.0, 4.0, 12.0, 20.0]) * hall.world.chance.random()
    place.process.busy = seconds
    hall.hinders(2 * seconds)
    return f"{place.name} is busy: {seconds:.1f} s for each piece of work"


def _not_busy(hall: Hall) -> None:
    for place in hall.places:
        if place.process.busy:
            hall.hinders(2 * place.process.busy)
            place.process.busy = 0.0


def _doubts_a_commit(hall: Hall) -> str:
    place = hall.world.chance.choice(hall.places)
    hall.trouble.doubts_after[place.name] = hall.world.chance.choice([0, 0, 1, 1, 2])
    return ""


def _link_lost(hall: Hall) -> str:
    wires = hall.network.wires
    if not wires:
        return ""
    hall.world.chance.choice(wires).cut()
    return "a link is lost"


def _link_stands_still(hall: Hall) -> str:
    """Its ends do not know. For less than the ten seconds after which the SMSC delivers again, or
    for longer: then it does so by another link, before the first arrives."""
    wires = hall.network.wires
    if not wires:
        return ""
    seconds = hall.world.chance.choice([2.0, 9.0, 30.0]) * hall.world.chance.random()
    hall.world.chance.choice(wires).stand_still(seconds)
    hall.stood_still.append((hall.world.now, hall.world.now + seconds))
    hall.hinders(seconds)
    return f"a link stands still for {seconds:.1f} s"


def _smsc_stands_still(hall: Hall) -> str:
    """For the ten seconds after which it delivers again, or a little less or more. When it goes on
    it does so first, and then reads what had been answered in time."""
    seconds = hall.world.chance.choice([3.0, 9.0, 10.5, 14.0]) + hall.world.chance.random()
    hall.smsc_process.freeze(seconds)
    hall.stood_still.append((hall.world.now, hall.world.now + seconds))
    hall.hinders(seconds)
    return f"the SMSC stands still for {seconds:.1f} s"


def _smsc_drops_all(hall: Hall) -> str:
    hall.smsc.drop()
    return "the SMSC drops all links"


def _exchange_cut(hall: Hall) -> str:
    hall.exchange.pbx.cut()
    return "the lines to the exchange are lost; calls stay"


def _store_away(hall: Hall) -> str:
    hall.trouble.away = True
    return "the store is away"


def _store_cut_off(hall: Hall) -> str:
    """From one gateway only: others may take over from it."""
    place = hall.world.chance.choice(hall.places)
    seconds = hall.world.chance.choice([3.0, 30.0, 60.0]) * hall.world.chance.random()
    place.cut_off_from_the_store(seconds)
    hall.hinders(seconds)
    return ""


def _store_full(hall: Hall) -> str:
    hall.trouble.full = hall.world.chance.choice([0.3, 1.0])
    return "the store is full"


def _store_doubtful(hall: Hall) -> str:
    hall.trouble.doubtful = hall.world.chance.choice([0.2, 0.6])
    return "the store keeps, and says it did not"


def _store_back(hall: Hall) -> None:
    hall.trouble.away, hall.trouble.full, hall.trouble.doubtful = False, 0.0, 0.0
    hall.world.tell("store", "is well again")


def _slow(hall: Hall) -> str:
    hall.world.slow = hall.world.chance.uniform(0.05, 1.5)
    return f"threads take {hall.world.slow:.2f} s more"


def _fast(hall: Hall) -> None:
    hall.world.slow = 0.0


def _smsc_fault(name: str, timing: Callable[[], FaultTiming]) -> Trouble:
    def begin(hall: Hall) -> str:
        setattr(hall.faults, name, timing())
        return f"the SMSC begins {name}"

    def end(hall: Hall) -> None:
        setattr(hall.faults, name, times(0))

    return Trouble(f"smsc {name}", begin, end, (1.0, 20.0))


AWAY: Final = Trouble("store away", _store_away, _store_back, (0.5, 25.0), hinders=True)
FULL: Final = Trouble("store full", _store_full, _store_back, (0.5, 15.0), hinders=True)
DOUBTFUL: Final = Trouble("store doubtful", _store_doubtful, _store_back, (0.5, 10.0), hinders=True)
TROUBLES: Final = (
    Trouble("killed", _kill, aims=True),
    Trouble("dies before a commit", _dies_at_a_commit(kept=False), aims=True),
    Trouble("dies after a commit", _dies_at_a_commit(kept=True), aims=True),
    Trouble("killed while nothing leaves", _killed_while_nothing_leaves, _taken_again, (5.0, 20.0)),
    Trouble(
        "stands still while nothing leaves", _still_while_nothing_leaves, _taken_again, (5.0, 14.0)
    ),
    Trouble("ends in order", _ends_in_order, aims=True),
    Trouble("newcomer loses a link", _newcomer_loses_a_link),
    Trouble("everybody complains", _everybody_complains),
    Trouble("stands still", _stands_still, aims=True),
    Trouble("stands still for long", _stands_still_for_long, aims=True),
    Trouble("stands still for too long", _stands_still_for_too_long, aims=True),
    Trouble("busy", _busy, _not_busy, (0.1, 15.0), hinders=True, aims=True),
    Trouble("doubts a commit", _doubts_a_commit, hinders=True, aims=True),
    Trouble("link lost", _link_lost, aims=True),
    Trouble("link lost", _link_lost, aims=True),
    Trouble("link stands still", _link_stands_still, aims=True),
    Trouble("cut off from the store", _store_cut_off, aims=True),
    Trouble("exchange cut", _exchange_cut),
    Trouble("links dropped", _smsc_drops_all),
    AWAY,
    FULL,
    DOUBTFUL,
    Trouble("slow threads", _slow, _fast, (1.0, 15.0), hinders=True),
    _smsc_fault("slow", lambda: sometimes(0.5)),
    _smsc_fault("shuffle", lambda: sometimes(0.5)),
    _smsc_fault("early_receipt", lambda: sometimes(0.7)),
    _smsc_fault("throttle", lambda: sometimes(0.4)),
    _smsc_fault("throttle", lambda: sometimes(0.95)),
    _smsc_fault("mute", lambda: sometimes(0.3, "submit_sm")),
    _smsc_fault("drop_before", lambda: times(1, "submit_sm_resp")),
    _smsc_fault("drop_before", lambda: times(1, "submit_sm")),
    _smsc_fault("drop_before", lambda: times(1, "deliver_sm_resp")),
    _smsc_fault("drop_after", lambda: times(1, "submit_sm_resp")),
    _smsc_fault("drop_midway", lambda: times(1, "submit_sm_resp", "deliver_sm")),
    _smsc_fault("twice", lambda: sometimes(0.3)),
)


SOUGHT: Final = (
    Trouble("killed behind two turns", _killed_behind_two_turns, _taken_again, (5.0, 20.0)),
    Trouble("the SMSC stands still", _smsc_stands_still, aims=True),
)
"""Only in stories that are told for their sake: so rare, or thought of when the others had been
told a thousand times."""


def make_trouble(hall: Hall, within: float, often: int, only: str = "") -> int:
    """About so many of them in the first seconds of a story; how many. `only` those of that name,
    or none if CALM."""
    chance = hall.world.chance
    nobody = Process(hall.world, "trouble")
    kinds = [each for each in (*TROUBLES, *SOUGHT) if each.name == only] or TROUBLES
    drawn = [] if only == CALM else chance.choices(kinds, k=often)
    for trouble in drawn:
        begins = chance.uniform(0.0, within)
        lasts = chance.uniform(*trouble.lasts)
        nobody.callLater(begins, _begin, hall, trouble, lasts)
        nobody.callLater(begins + lasts, trouble.end, hall)
    return len(drawn)


def _begin(hall: Hall, trouble: Trouble, lasts: float, *, aimed: bool = False) -> None:
    chance = hall.world.chance
    if trouble.aims and not aimed and chance.random() < AIMED:
        hall.when_somebody_writes.append(partial(_begin, hall, trouble, lasts, aimed=True))
        return
    if trouble.hinders:
        hall.hinders(lasts)
    if told := trouble.begin(hall):
        hall.world.tell("trouble", told)


def make_peace(hall: Hall) -> None:
    hall.world.tell("trouble", "is over")
    hall.trouble.clear()
    hall.faults.clear()
    if hall.takes_its_time:
        hall.faults.slow, hall.faults.slowness = always("submit_sm_resp"), (0.1, 0.6)
    hall.when_somebody_writes.clear()
    hall.when_one_opens.clear()
    hall.world.slow = 0.0
    _not_busy(hall)
