"""Random runs of the model, as lists of steps that can be kept and said to the real code.

`python -m tests.model.traces FROM TO [NAME=VALUE …]` writes one run a line, as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

from tests.model.spin import Sizes, Step, simulate

AT_RANDOM: Sizes = {"AT_RANDOM": 1}


def trace(sizes: Sizes, seed: int) -> tuple[Step, ...]:
    """The run of a seed; the same on every machine with the same Spin and the same model."""
    return simulate({**sizes, **AT_RANDOM}, seed)


def as_json(steps: Iterable[Step]) -> str:
    return json.dumps([{"step": step.name, **step.about} for step in steps])


def from_json(line: str) -> tuple[Step, ...]:
    return tuple(Step(kept.pop("step"), kept) for kept in (dict(each) for each in json.loads(line)))


if __name__ == "__main__":
    first, last, *given = sys.argv[1:]
    wanted = {name: int(value) for name, _, value in (word.partition("=") for word in given)}
    for seed in range(int(first), int(last)):
        print(as_json(trace(wanted, seed)))
