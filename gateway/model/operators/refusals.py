"""Why something that somebody who works here asked for is not done. What each subject refuses
derives from these, so that verbs and the API tell all of it in one place."""

from __future__ import annotations


class ActRefusal(Exception):
    """It cannot be done so; the text says why, and what to do. `about`: the subscriber that it
    concerned, for the audit."""

    def __init__(self, why: str, about: str = "") -> None:
        super().__init__(why)
        self.about = about


class NothingSuch(ActRefusal):
    """There is nothing of that number or name."""


class ActForbidden(ActRefusal):
    """Somebody else may do this."""
