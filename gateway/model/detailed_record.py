"""One line of 详单: a call, a message or a session, as it was billed; and the port to them."""

from __future__ import annotations

from typing import Final, NamedTuple, Protocol

KINDS: Final = ("call_out", "call_in", "missed", "sms", "data")


class DetailedRecord(NamedTuple):
    """`length`: seconds of a call, KB of data, pieces of SMS. `fen` is the fee."""

    kind: str
    other: str  # the other number; empty for data
    began_at: int  # seconds since 1970
    length: int
    fen: int


class RecordsAway(Exception):
    """Who has them does not answer now."""


class DetailedRecords(Protocol):
    def of(self, msisdn: str, begins: int, ends: int) -> list[DetailedRecord]:
        """Those that began within these seconds, the oldest first. Raises RecordsAway."""
        ...
