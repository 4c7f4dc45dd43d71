"""The facts of an answer as JSON has them: fen and moments as whole numbers, no secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum

from commands.model.request import Secret
from tariffs.bilingual_name import BilingualName

Data = None | bool | int | str | list["Data"] | dict[str, "Data"]


def as_data(value: object) -> Data:
    """A secret is null: it is never told here."""
    if value is None or isinstance(value, Secret):
        return None
    if isinstance(value, BilingualName):
        return str(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {str(name): as_data(each) for name, each in value.items()}
    if isinstance(value, Sequence | AbstractSet):
        return [as_data(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: as_data(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
