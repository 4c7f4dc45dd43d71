"""Several threads at the same work, and what any of them stumbled over."""

from __future__ import annotations

import threading
from collections.abc import Callable


def together(threads: int, work: Callable[[], object]) -> None:
    """Run it in that many threads; raises what one of them raised."""
    stumbled: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            stumbled.append(error)

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    if stumbled:
        raise stumbled[0]
