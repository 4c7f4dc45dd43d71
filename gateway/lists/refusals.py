"""Why something cannot be done with a list; the text says what to do."""

from __future__ import annotations

from gateway.model.operators.refusals import ActRefusal, NothingSuch


class ListRefusal(ActRefusal):
    """It cannot be done so."""


class UnknownInList(ListRefusal, NothingSuch):
    """There is no such type, entry or file."""
