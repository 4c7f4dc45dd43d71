"""What was read last of editions and drafts: whoever looks at one looks from several sides."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final

from gateway.dialogue.snapshot import HallSnapshot

MOST: Final = 4  # of 20 MB each


class LastRead:
    """By version. To read one takes seconds and much memory: one at a time, the others wait."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, HallSnapshot] = OrderedDict()
        self._reading = Lock()

    def __call__(self, version: str, read: Callable[[], HallSnapshot]) -> HallSnapshot:
        """Raises what `read` raises; that is not remembered."""
        with self._reading:
            if version not in self._found:
                self._found[version] = read()
                while len(self._found) > MOST:
                    self._found.popitem(last=False)
            self._found.move_to_end(version)
            return self._found[version]
