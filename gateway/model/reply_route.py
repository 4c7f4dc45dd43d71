"""How what is said reaches whoever it is said to."""

from __future__ import annotations

from typing import NamedTuple

from gateway.model.address import Address


class ReplyRoute(NamedTuple):
    """By which link, from which number of ours, to whom; None for who withholds their number."""

    link: str
    source: Address
    destination: Address | None
