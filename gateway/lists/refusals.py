"""Why something cannot be done with a list; the text says what to do."""

from __future__ import annotations


class ListRefusal(Exception):
    """It cannot be done so."""


class UnknownInList(ListRefusal):
    """There is no such type, entry or file."""
