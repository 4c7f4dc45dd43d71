"""A gateway that runs for months, and is opened anew where it was lost."""

from __future__ import annotations

import gc
from weakref import ref

from gateway.cli.foreground import spare_the_collector


class Lost:
    """What refers to itself, as a gateway's parts do to each other."""

    def __init__(self) -> None:
        self.itself = self


def test_a_gateway_that_was_lost_is_let_go() -> None:
    """The collector was told to spare it while it served: it is not to be spared for ever."""
    usual, lost = gc.get_threshold(), Lost()
    gone = ref(lost)
    try:
        spare_the_collector()
        del lost
        spare_the_collector()
    finally:
        gc.set_threshold(*usual)
    assert gone() is None
