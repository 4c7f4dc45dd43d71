"""Many stories, by several processes."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Iterable, Iterator
from functools import partial
from signal import SIG_DFL, SIGTERM, signal

from tests.simulation import template
from tests.simulation.plants import SHOWN_BY, planted
from tests.simulation.story import Story, tell


def stories(seeds: Iterable[int], processes: int = 1, plant: str = "") -> Iterator[Story]:
    """In the order of the seeds; with a mistake in them, if one is named."""
    template.template()
    template.needed_sounds(template.snapshot(template.settings_of(template.template())))
    gc.freeze()  # nothing of that will go away: nobody needs to look at it again and again
    gc.set_threshold(20_000, 20, 20)
    one = partial(_told, plant)
    if processes == 1:
        yield from map(one, seeds)
        return
    # forked: what was read of conf/ is theirs as well
    with multiprocessing.get_context("fork").Pool(processes, _can_be_ended) as pool:
        yield from pool.imap(one, seeds, chunksize=4)


def _told(plant: str, seed: int) -> Story:
    with planted(plant):
        return tell(seed, SHOWN_BY.get(plant, ""))


def _can_be_ended() -> None:
    """Also if whoever it was forked from has a reactor, whose handler of the signal came along."""
    signal(SIGTERM, SIG_DFL)
