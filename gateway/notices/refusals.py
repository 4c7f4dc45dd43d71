"""Why something cannot be done with a notice; the text says why."""

from __future__ import annotations

from gateway.model.operators.refusals import ActRefusal, NothingSuch


class NoticeRefusal(ActRefusal):
    """It cannot be done so."""


class UnknownNotice(NoticeRefusal, NothingSuch):
    def __init__(self, number: int) -> None:
        super().__init__(f"there is no notice {number}")


class NoSuchList(NoticeRefusal):
    """It is for a customer list that there is not."""
