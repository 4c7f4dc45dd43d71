"""The figures of the bench of calls as a table, with what they must be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.bench.calls.rate_steps import STEADY, Step, ground, rates_held
from tests.bench.host.processes import Cores

BY: Final = 5.0  # calls a second from one load to the next


def measure(folder: Path, where: Cores, seconds: float) -> str:
    """Each driver at the common rate, as high as it goes, and at half of what the dialplan holds.
    Minutes."""
    with ground(folder, where) as here:
        steady = [here.step(driver, STEADY, seconds) for driver in here.drivers]
        rates = rates_held(here, steady, seconds, BY)
        half = rates[steady[0].driver] / 2 or BY
        calm = [here.step(driver, half, seconds) for driver in here.drivers]
    return told(steady, calm, rates)


def told(steady: Sequence[Step], calm: Sequence[Step], rates: Mapping[str, float]) -> str:
    """The last of each is ours, the first the dialplan's own. How long a caller waits on a machine
    that is full says what it lacks; at half load, what the driver is worth."""
    lines = ["Calls on a real Asterisk by SIP, everything on the same cores:", _HEAD]
    for step in (*steady, *calm):
        own = "–" if step.driver_ms is None else f"{step.driver_ms:.1f}"
        thinks = f"{step.thought_ms(0.5):.0f} · {step.thought_ms(0.99):.0f}"
        right = f"{step.right} of {step.calls}"
        lines.append(
            f"{step.driver:10}{f'{step.rate:g}/s':>8}{right:>14}{step.asterisk_ms:>13.1f}{own:>8}"
            f"{thinks:>21}{f'{rates[step.driver]:g}/s':>8}"
        )
    native, ours = rates[steady[0].driver], rates[steady[-1].driver]
    ratio = f"{ours / native:.2f} ×" if native else "no multiple of"
    ours_ms, thinks_ms = steady[-1].driver_ms or 0.0, steady[-1].thought_ms(0.99)
    theirs_ms, calm_ms, calm_theirs_ms = (
        step.thought_ms(0.99) for step in (steady[0], calm[-1], calm[0])
    )
    lines.append(
        f"Hallgate holds {ratio} the dialplan's rate (must: 0.9), takes {ours_ms:.1f} ms of CPU a"
        f" call at {STEADY:g}/s (must: 5), thinks {thinks_ms:.0f} ms at p99 at {STEADY:g}/s (the"
        f" dialplan {theirs_ms:.0f}) and {calm_ms:.0f} ms at {calm[-1].rate:g}/s (must: 3 × the"
        f" dialplan's {calm_theirs_ms:.0f})."
    )
    return "\n".join(lines)


_HEAD: Final = "{:10}{:>8}{:>14}{:>13}{:>8}{:>21}{:>8}".format(
    "", "load", "right", "Asterisk ms", "own ms", "thinks p50 · p99 ms", "holds"
)
