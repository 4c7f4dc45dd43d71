"""python -m tests.simulation --seeds 1000 --from 0: so many stories, and those that went wrong."""

from __future__ import annotations

import argparse
import sys
import time

from tests.simulation.plants import PLANTS
from tests.simulation.runner import stories


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--but", type=int, nargs="*", default=[], help="not these seeds")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--tell", action="store_true", help="tell them all, right or wrong")
    parser.add_argument("--log", action="store_true", help="the gateways' log as well")
    parser.add_argument(
        "--plant", default="", choices=["", *PLANTS], help="with this mistake in it"
    )
    parser.add_argument("--most", type=int, default=3, help="stop after so many that went wrong")
    chosen = parser.parse_args(words)
    began, wrong, count, events, cpu = time.perf_counter(), list[int](), 0, 0, 0.0
    last = chosen.first + chosen.seeds
    seeds = [seed for seed in range(chosen.first, last) if seed not in chosen.but]
    for story in stories(seeds, chosen.processes, chosen.plant):
        count, events, cpu = count + 1, events + story.events, cpu + story.took
        if story.wrong or chosen.tell:
            print("\n".join(story.lines()))
            if chosen.log:
                print(story.log)
        if story.wrong:
            wrong.append(story.seed)
        if len(wrong) >= chosen.most:
            break
    took = time.perf_counter() - began
    each = f"of the processor {cpu / count:.3f} s each"
    print(f"{count} stories, {events} events, {took:.1f} s; {each}; wrong: {wrong or 'none'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
