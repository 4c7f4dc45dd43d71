"""A message of its own that a turn of a subscriber says, in words."""

from __future__ import annotations

from typing import NamedTuple


class ReplyText(NamedTuple):
    """A message of its own."""

    words: str
    secret: bool  # they carry one
    to: str = ""  # empty: whoever asked
    at: int = 0  # seconds since 1970: not before
    port: str = ""  # the sub-port it leaves from; empty: the number that was written to
