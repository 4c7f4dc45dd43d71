"""Kinds of rows that files of conf/ are made of: names, amounts of yuan, counts, codes."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from periods.period import ALWAYS, NEVER, TimeSpan, begin_of, end_of
from tariffs.bilingual_name import BilingualName

MOST_YUAN: Final = 1_000_000


def fen(yuan: object) -> int:
    """Yuan as a person writes them, 58 or 0.29, as fen. Never through binary fractions."""
    if isinstance(yuan, bool) or not isinstance(yuan, int | float):
        raise ValueError("an amount in yuan is a number like 58 or 0.29")
    if not 0 <= yuan <= MOST_YUAN:
        raise ValueError(f"an amount in yuan is not negative and at most {MOST_YUAN:,}")
    amount = Decimal(repr(yuan)) * 100
    if amount % 1:
        raise ValueError("an amount in yuan has at most two decimals and is not negative")
    return int(amount)


Yuan = Annotated[int, BeforeValidator(fen)]


Count = Annotated[int, Field(ge=0)]


Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*$")]


From = Annotated[int, BeforeValidator(begin_of)]
Until = Annotated[int, BeforeValidator(end_of)]


class StrictRow(BaseModel):
    """What every file of conf/ and each part of one is like: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class NameRow(StrictRow):
    zh: str
    en: str

    def label(self) -> BilingualName:
        return BilingualName(self.zh, self.en)


class PeriodRow(StrictRow):
    """From when until when: a day, or a moment."""

    begins: From | None = Field(default=None, alias="from")
    until: Until | None = None

    @property
    def period(self) -> TimeSpan:
        if self.begins is None and self.until is None:
            return ALWAYS
        return TimeSpan(self.begins or 0, NEVER if self.until is None else self.until)
