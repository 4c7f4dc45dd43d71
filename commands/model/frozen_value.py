"""Values: what is read and handed on, and never changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

_Class = TypeVar("_Class")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen_value(cls: type[_Class]) -> type[_Class]:
    """A frozen dataclass, for what is made for every message: mypy sees to it that nobody changes
    one. Python's own watch over it would make each five times as dear to make."""
    return dataclass(slots=True, unsafe_hash=True)(cls)
