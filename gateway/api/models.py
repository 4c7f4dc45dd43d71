"""Values that several routes take or give."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from commands.mobile_number import ELEVEN_DIGITS
from gateway.model.operators.operators import NUMBER

_DATE: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]")
_UNFIT: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Asked(BaseModel):
    """A body that is sent to us: what it has no place for is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Told(BaseModel):
    """A body that we answer."""

    model_config = ConfigDict(frozen=True)


def printable(text: str) -> str:
    """Text of one line. Raises ValueError."""
    if _UNFIT.search(text):
        raise ValueError("control characters have no place here")
    return text


Reason = Annotated[
    str,
    Field(max_length=300, description="why, with the ticket's number if there is one"),
    AfterValidator(printable),
]
AskedReason = Annotated[
    str,
    Field(
        min_length=1, max_length=300, description="why, with the ticket's number if there is one"
    ),
    AfterValidator(printable),
]
OperatorNumber = Annotated[str, Field(pattern=NUMBER, description="工号")]
Msisdn = Annotated[str, Field(pattern=f"^{ELEVEN_DIGITS}$", description="eleven digits")]
SeenMark = Annotated[str, Field(pattern="^([0-9a-f]{16})?$")]
"""Of what somebody has read; empty: of whatever stands there now."""
Moment = AwareDatetime
Switch = Annotated[bool, Field(strict=True)]


def _written(value: object) -> object:
    """A number is no moment, nor is a text of digits."""
    if not isinstance(value, str) or not _DATE.match(value):
        raise ValueError("write a moment like 2026-11-29T22:00:00+08:00")
    return value


AskedMoment = Annotated[AwareDatetime, BeforeValidator(_written)]


def _told_of(moment: datetime) -> datetime:
    """What is no year of ours is a slip, milliseconds for one: nothing could be said of it."""
    if not 2000 <= moment.year < 2100:
        raise ValueError("a moment lies between the years 2000 and 2100")
    return moment


EventMoment = Annotated[AskedMoment, AfterValidator(_told_of)]


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def moment_or_none(seconds: int) -> datetime | None:
    """0: it has not come, or never will."""
    return moment(seconds) if seconds else None
