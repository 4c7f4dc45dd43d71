"""A call that is over, as it is kept for the figures."""

from __future__ import annotations

from typing import NamedTuple


class CallRecord(NamedTuple):
    """`queue` says what came of wanting a person: answered, hung_up, nobody_there, left_by_key;
    empty, if none was wanted. Times in seconds."""

    lasted: float  # since this gateway served it
    ended: str  # by whom
    answers: int  # commands that answered it
    queue: str = ""
    waited: float = 0.0
    keys: str = ""  # without secrets
    screens: str = ""  # in their order
    agent: str = ""  # who talked to him last, as the exchange's queue calls them
    talked: float = 0.0
    outcome: str = ""  # person, call back, answered; else how he waited in vain, or nothing
