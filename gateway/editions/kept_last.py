"""What was asked for last, a few of them: any thread has them without waiting for who reads."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class KeptLast(Generic[Value]):
    def __init__(self, most: int) -> None:
        """`most`: whoever was asked for longest ago goes when there are more."""
        self._most = most
        self._values: OrderedDict[str, Value] = OrderedDict()
        self._turn = Lock()

    def get(self, version: str) -> Value | None:
        with self._turn:
            if version in self._values:
                self._values.move_to_end(version)
            return self._values.get(version)

    def keep(self, version: str, value: Value) -> Value:
        """Which is returned."""
        with self._turn:
            self._values[version] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return value
