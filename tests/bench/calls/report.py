"""The figures of the bench of calls as a table, with what they must be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.bench.calls.measure import STEADY, Step, climb, ground, highest
from tests.bench.processes import Cores

BY = 10.0  # calls a second from one load to the next


def measure(folder: Path, where: Cores, seconds: float) -> str:
    """Each driver at the common rate, and then as high as it goes. Minutes."""
    with ground(folder, where) as here:
        steady = [here.step(driver, STEADY, seconds) for driver in here.drivers]
        rates = [
            highest([step, *climb(here, driver, seconds, STEADY + BY if step.held else BY, BY)])
            for driver, step in zip(here.drivers, steady, strict=True)
        ]
    return told(steady, rates)


def told(steady: Sequence[Step], rates: Sequence[float]) -> str:
    """The last of each is ours, the first the dialplan's own."""
    columns = "right", "Asterisk ms", "own ms", "thinks p50 · p99 ms", "holds"
    lines = [
        f"Calls on a real Asterisk by SIP, {STEADY:g}/s, everything on the same cores:",
        "{:10}{:>14}{:>13}{:>8}{:>21}{:>8}".format("", *columns),
    ]
    for step, rate in zip(steady, rates, strict=True):
        own = "–" if step.driver_ms is None else f"{step.driver_ms:.1f}"
        thinks = f"{step.thought_ms(0.5):.0f} · {step.thought_ms(0.99):.0f}"
        right = f"{step.right} of {step.calls}"
        lines.append(
            f"{step.driver:10}{right:>14}{step.asterisk_ms:>13.1f}{own:>8}{thinks:>21}{rate:>6g}/s"
        )
    native, ours = rates[0], rates[-1]
    lines.append(
        f"Hallgate holds {ours / native:.2f} × the dialplan's rate (at least 0.8 wanted), takes"
        f" {steady[-1].driver_ms or 0:.1f} ms of CPU a call (at most 8), thinks"
        f" {steady[-1].thought_ms(0.99):.0f} ms at p99 (at most 100)."
    )
    return "\n".join(lines)
