"""Why this answer: one message or call from its arrival to its receipt, and walked again today."""

from __future__ import annotations

from typing import Any, Final

from gateway.api.act import REVEAL
from gateway.api.guard import Runs
from gateway.api.routes import trace, walking_again
from gateway.api.routes.subscribers import READ
from gateway.console import why_words
from gateway.console.frame import language_of
from gateway.console.pages import Outcome, Pages, ShownPage, Visit, Words

pages: Final = Pages()
_TITLE: Final = Words("为什么这样答", "Why this answer")


@pages.get("/subscribers/{id:lookup}/why/{message:message}", READ, Runs.LOOKING)
def why_page(visit: Visit) -> Outcome:
    """As the journal has it; walking it again takes longer, and is asked for by the page."""
    told = trace.of_message(visit.act, visit.path("message"), visit.path("id"))
    values: dict[str, Any] = {
        "one": told.messages[0],
        "masked": told.masked,
        "lookup": visit.path("id"),
        "may_reveal": visit.may(REVEAL),
        **_texts(visit),
    }
    return ShownPage("why.html", _TITLE, values)


@pages.get("/subscribers/{id:lookup}/why/{message:message}/again", READ, Runs.ITSELF)
def why_again(visit: Visit) -> Outcome:
    """A piece of that page."""
    message, lookup = visit.path("message"), visit.path("id")
    again = walking_again.walk_message_again(visit.act, message, lookup)
    values = {"again": again, "lookup": lookup, "message": message, **_texts(visit)}
    return ShownPage("why_again.html", _TITLE, values)


def _texts(visit: Visit) -> dict[str, Any]:
    """What the API tells in English, in the reader's language."""
    language = language_of(visit.request)
    return {
        "told_as": lambda text: why_words.told(text, language),
        "what": lambda name: why_words.named(name, language),
    }
